import fc from 'fast-check';

import { foldText } from './fold-rules';
import { cycleOf, readTime } from './interval-rules';
import { tokenize } from './token-rules';
import { isMisspelt, slips } from './typo-rules';

const any = fc.string({ unit: 'binary', maxLength: 200 });

describe('folding', () => {
  it.each([
    ['Chuyển sang thuê bao', 'chuyen sang thue bao'],
    ['ĐỒNG đồng', 'dong dong'],
    ['１９９ｋ', '199k'],
    ['Chuyển'.normalize('NFD'), 'chuyen'],
  ])('%s is %s', (text, folded) => {
    expect(foldText(text).text).toBe(folded);
  });

  it('knows where each token stood', () => {
    fc.assert(
      fc.property(any, (text) => {
        let end = 0;

        for (const token of tokenize(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThanOrEqual(token.start);
          expect(text.slice(token.start, token.end)).toBe(token.written);
          end = token.start;
        }
      }),
    );
  });
});

describe('intervals', () => {
  it.each([
    ['/tháng', 'monthly'],
    ['mỗi năm', 'yearly'],
    ['hàng tháng', 'monthly'],
    ['per annum', 'yearly'],
    ['every 12 months', 'yearly'],
    ['3 tháng một lần', null],
    ['every 2 weeks', null],
    ['hàng quý', null],
    ['nửa năm một lần', null],
    ['một tháng rưỡi một lần', null],
  ])('%s is sold %s', (text, cycle) => {
    const time = readTime(tokenize(text), 0);

    expect(time).toMatchObject({ kind: 'interval', next: tokenize(text).length });
    expect(time === null ? 'none' : cycleOf(time.span)).toBe(cycle);
  });

  it.each([
    ['14 ngày', 'duration', 14],
    ['hai tuần', 'duration', 2],
    ['3 tháng đầu tiên', 'first', 3],
    ['first 2 months', 'first', 2],
    ['tháng', 'unit', 1],
  ])('%s is a %s of %d', (text, kind, count) => {
    expect(readTime(tokenize(text), 0)).toMatchObject({ kind, span: { count } });
  });
});

describe('slips of the fingers', () => {
  it.each([
    ['subcription', 'subscription', true],
    ['subscripton', 'subscription', true],
    ['fremium', 'freemium', true],
    ['swich', 'switch', true],
    ['thnag', 'thang', true],
    ['thanh', 'thang', false],
    ['retail', 'detail', false],
    ['gia', 'gio', false],
  ])('%s for %s: %s', (written, word, isOne) => {
    expect(isMisspelt(written, word)).toBe(isOne);
  });

  it('are as many there as back', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(slips(left, right)).toBe(slips(right, left));
        expect(slips(left, left)).toBe(0);
      }),
    );
  });
});
