import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';

import { intent as intentSchema, type Intent, MAX_SENTENCE_LENGTH } from './intent-types';
import { phrases } from './meaning/lexicon/lexicon';
import { readSentence } from './read-sentence-rules';

const context = { currency: 'VND', businessModel: 'multi' } as const;
const folder = path.resolve(__dirname, '../../test/sentences');
const sentences = ['clear', 'unclear'].flatMap((kind) =>
  readdirSync(path.join(folder, kind)).flatMap((file) =>
    readFileSync(path.join(folder, kind, file), 'utf8')
      .split('\n')
      .filter((line) => line.includes(' => '))
      .map((line) => line.split(' => ')[0] as string),
  ),
);

/** Sentences that nobody has written, of words that mean something. */
const said = fc
  .array(
    fc.oneof(
      fc.constantFrom(...phrases.map(({ text }) => text)),
      fc.constantFrom(
        '199k',
        '/tháng',
        '1tr2',
        '$9.99',
        'năm',
        '14 ngày',
        '10%',
        ',',
        '.',
        '?',
        'Pro',
        '"A b"',
        '-',
        '(',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 40 },
  )
  .map((words) => words.join(' '));
const anything = fc.oneof(
  said,
  fc.string({ unit: 'binary', maxLength: MAX_SENTENCE_LENGTH }),
  fc.string({ unit: 'grapheme', maxLength: MAX_SENTENCE_LENGTH }),
);

it('answers any text with an intent or questions, never with an error', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { intent, evidence } = readSentence(text, context);

      expect(intentSchema.parse(intent)).toEqual(intent);
      expect(intent.questions.length > 0 && evidence.length > 0).toBe(false);
    }),
    { numRuns: 100 },
  );
});

it('takes every price from the words that it names', () => {
  const check = (text: string) => {
    const { intent, evidence } = readSentence(text, context);
    evidence.forEach(({ start, end, text: words }) => expect(text.slice(start, end)).toBe(words));
    const spoken = new Set(evidence.map(({ field }) => field));
    const priced = [
      ...intent.plans.map((_, index) => `/plans/${index}/price`),
      ...intent.addons.map((_, index) => `/addons/${index}/price`),
      ...(intent.taxRate === null ? [] : ['/taxRate']),
      ...(intent.businessModel === null ? [] : ['/businessModel']),
    ];

    expect(priced.filter((field) => !spoken.has(field))).toEqual([]);
  };

  sentences.forEach(check);
  fc.assert(fc.property(said, check), { numRuns: 60 });
});

it.each([
  ['a', 'à'],
  ['1.', '199k/tháng, '],
  ['không bán lẻ ', 'gói Pro 199k '],
  ['-', '((((('],
  ['một trăm ', 'hai triệu '],
  ['1tr2', '1.000'],
  ['subscriptiom', 'xxxxxxxxxxxxxxxxxxxx '],
  ['every 2 ', 'chuyển sang '],
])('reads the longest text of %s and %s, each value from the words that it names', (left, right) => {
  for (const text of [left.repeat(1_000), right.repeat(1_000), `${left}${right}`.repeat(500)]) {
    const longest = text.slice(0, MAX_SENTENCE_LENGTH);
    const { intent, evidence } = readSentence(longest, context);

    expect(intent.businessModel !== null || intent.questions.length > 0).toBe(true);
    evidence.forEach(({ start, end, text: words }) => expect(longest.slice(start, end)).toBe(words));
  }
});

/** All that a sentence says but for names, which hold words that are others without their marks. */
const nameless = ({ confidence: _, plans, addons, questions, ...intent }: Intent): unknown => ({
  ...intent,
  plans: plans.map(({ name: _name, ...plan }) => plan),
  addons: addons.map(({ name: _name, key: _key, ...addon }) => addon),
  isAsked: questions.length > 0,
});
const withoutMarks = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').normalize('NFC');

it('reads Vietnamese without its marks as with them, or asks', () => {
  const differing = sentences.filter((text) => {
    const { intent } = readSentence(withoutMarks(text), context);

    return (
      intent.questions.length === 0 &&
      JSON.stringify(nameless(intent)) !== JSON.stringify(nameless(readSentence(text, context).intent))
    );
  });

  expect(differing).toEqual([]);
});

it('asks hardly more of Vietnamese without its marks', () => {
  const asked = sentences.filter(
    (text) =>
      readSentence(text, context).intent.questions.length === 0 &&
      readSentence(withoutMarks(text), context).intent.questions.length > 0,
  );

  expect(asked.length / sentences.length).toBeLessThan(0.01);
});

it.each([', ở Phú Thọ', ', zorbel only', '. Quarn the blix', ', tối đa 7 quarn', ', until Quarnday'])(
  'asks about “%s” behind any price, and drops nothing in silence',
  (words) => {
    const dropped = sentences.filter((text) => {
      const { plans, addons, questions } = readSentence(text, context).intent;

      return (
        questions.length === 0 &&
        plans.length + addons.length > 0 &&
        readSentence(`${text.replace(/[.!\s]+$/, '')}${words}`, context).intent.questions.length === 0
      );
    });

    expect(dropped).toEqual([]);
  },
);

it('says how sure it is', () => {
  const confidence = (text: string) => readSentence(text, context).intent.confidence;

  expect(confidence('Chuyển sang subscription 199k/tháng')).toBe(0.98);
  expect(confidence('Chuyển sang subcription 199k/tháng')).toBeLessThan(0.98);
  expect(confidence('Subscription là gì?')).toBe(0);
});

it('gives prices without a currency that of the company', () => {
  const price = (text: string, currency: string) =>
    readSentence(text, { currency, businessModel: 'retail' }).intent.plans;

  expect(price('Switch to subscription at 9.99 a month', 'VND')).toEqual([]);
  expect(price('Switch to subscription at 9.99 a month', 'USD')).toMatchObject([{ price: 999, currency: 'USD' }]);
  expect(price('Switch to subscription at 10 a month', 'USD')).toMatchObject([{ price: 1_000, currency: 'USD' }]);
  expect(price('Switch to subscription at 2,000 a month', 'JPY')).toMatchObject([{ price: 2_000, currency: 'JPY' }]);
});

it.each([
  ['retail', 'multi'],
  ['subscription', null],
  ['freemium', null],
  ['multi', null],
])('adds subscriptions to %s: %s', (businessModel, expected) => {
  const { intent } = readSentence('Thêm thuê bao 199k/tháng', {
    currency: 'VND',
    businessModel: businessModel as 'retail',
  });

  expect(intent).toMatchObject({ businessModel: expected, plans: [{ price: 199_000 }], questions: [] });
});

it.each([
  ['Giảm 20% cho thuê bao', 'subscription', null, []],
  ['VAT 10% on subscriptions only', 'freemium', null, []],
  ['Giảm 20% cho thuê bao', 'multi', null, ['other_order']],
  ['Giảm 20% cho thuê bao', 'retail', null, ['other_order']],
  ['Thêm add-on lưu trữ 50k/tháng cho thuê bao', 'subscription', null, []],
  ['Thêm add-on lưu trữ 50k/tháng cho thuê bao', 'retail', 'multi', []],
  ['Add a membership, 10 USD a month, and stop selling products', 'retail', 'subscription', []],
])('reads “%s” in a business of %s as %s, asking %j', (text, businessModel, expected, questions) => {
  const { intent } = readSentence(text, { currency: 'VND', businessModel: businessModel as 'retail' });

  expect(intent).toMatchObject({ businessModel: expected, questions: questions.map((code) => ({ code })) });
});
