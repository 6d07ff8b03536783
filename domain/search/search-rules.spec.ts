import fc from 'fast-check';

import { foldForSearch, searchTextOf, searchWords } from './search-rules';

const matches = (text: string, query: string): boolean =>
  searchWords(query).every((word) => searchTextOf([text]).includes(word));

describe('search', () => {
  it.each([
    ['Áo thun cổ tròn', 'ao thun'],
    ['Áo thun cổ tròn', 'ÁO TRÒN'],
    ['Đèn bàn học', 'den ban'],
    ['Nước mắm Phú Quốc', 'nuoc phu quoc'],
    ['Café crème', 'CAFE'],
    ['Straße', 'straße'],
    ['ผ้าไหมไทย', 'ไหม'],
    ['한국어 책', '한국'],
  ])('finds %p by %p', (text, query) => {
    expect(matches(text, query)).toBe(true);
  });

  it('keeps letters apart that differ by more than a mark', () => {
    expect(matches('Bàn gỗ', 'bap')).toBe(false);
    expect(matches('ที่', 'ท')).toBe(true);
    expect(foldForSearch('ที่')).toBe('ที่');
  });

  it('needs every word, in any order', () => {
    expect(matches('Bàn phím cơ', 'cơ bàn')).toBe(true);
    expect(matches('Bàn phím cơ', 'bàn gỗ')).toBe(false);
  });

  it('finds any text by any of its own words', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 5 }), (words) => {
        const text = words.join(' ');

        expect(matches(text, text)).toBe(true);
      }),
    );
  });

  it('folds once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = foldForSearch(text);

        expect(foldForSearch(folded)).toBe(folded);
      }),
    );
  });

  it('keeps whole characters when a text is too long', () => {
    const text = searchTextOf(['😀'.repeat(400)]);

    expect(text.length).toBeLessThanOrEqual(450);
    expect(text.isWellFormed()).toBe(true);
  });

  it('skips parts that are absent and counts ten words at most', () => {
    expect(searchTextOf(['Áo', null, 'A1'])).toBe('ao a1');
    expect(searchWords('a a b c d e f g h i j k l')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
  });
});
