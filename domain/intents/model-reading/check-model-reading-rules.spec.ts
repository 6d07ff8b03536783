import fc from 'fast-check';

import type { SentenceContext } from '../meaning/items/place-rules';
import { readSentence } from '../read-sentence-rules';
import { checkModelReading } from './check-model-reading-rules';
import { type ModelReading, modelReading } from './model-reading-types';
import { settleReadings } from './settle-readings-rules';

const context: SentenceContext = { currency: 'VND', businessModel: 'retail' };
const nothing: ModelReading = {
  isClear: true,
  businessModel: null,
  plans: [],
  addons: [],
  promotions: [],
  taxPercent: null,
};
const plan = (price: [value: string, words: string], cycle: 'monthly' | 'yearly', words: string) => ({
  name: null,
  price: { value: price[0], currency: null, words: price[1] },
  billingCycle: { value: cycle, words },
  trialDays: null,
  perSeat: null,
});
const sentence = 'Cho khách đóng tiền đều đặn 199k/tháng, cho thử 14 ngày';
const reading: ModelReading = {
  ...nothing,
  businessModel: { value: 'subscription', words: 'đóng tiền đều đặn' },
  plans: [{ ...plan(['199000', '199k'], 'monthly', '/tháng'), trialDays: { value: 14, words: 'thử 14 ngày' } }],
};
const codesOf = (text: string, answer: ModelReading): string[] => {
  const checked = checkModelReading(text, answer, context);

  return checked.kind === 'doubts' ? checked.doubts.map(({ code }) => code) : [checked.kind];
};

it('takes what reads the same, with the words that each value comes from', () => {
  expect(checkModelReading(sentence, reading, context)).toMatchObject({
    kind: 'clear',
    intent: {
      businessModel: 'subscription',
      plans: [{ name: null, price: 199_000, currency: 'VND', billingCycle: 'monthly', trialDays: 14, unit: null }],
      source: 'gemini',
      questions: [],
    },
    spans: expect.arrayContaining([{ field: '/plans/0/price', span: { start: 28, end: 32 } }]),
  });
});

it.each<[string, Partial<ModelReading>]>([
  ['another amount', { plans: [{ ...reading.plans[0]!, price: { value: '19900', currency: null, words: '199k' } }] }],
  [
    'another currency',
    { plans: [{ ...reading.plans[0]!, price: { value: '199000', currency: 'USD', words: '199k' } }] },
  ],
  [
    'an amount that is not there',
    { plans: [{ ...reading.plans[0]!, price: { value: '299000', currency: null, words: '299k' } }] },
  ],
  ['another period', { plans: [{ ...reading.plans[0]!, billingCycle: { value: 'yearly', words: '/tháng' } }] }],
  [
    'a period that is no period',
    { plans: [{ ...reading.plans[0]!, billingCycle: { value: 'monthly', words: 'khách' } }] },
  ],
  ['another trial', { plans: [{ ...reading.plans[0]!, trialDays: { value: 30, words: 'thử 14 ngày' } }] }],
  ['a tax that nobody spoke of', { taxPercent: { value: 8, words: 'thử 14 ngày' } }],
  ['a name that is not there', { plans: [{ ...reading.plans[0]!, name: { words: 'Pro' } }] }],
])('asks about %s', (_what, changed) => {
  expect(codesOf(sentence, { ...reading, ...changed })).toEqual(['readings_differ']);
});

it('asks about what is left out, and not about what the sentence takes back itself', () => {
  expect(codesOf(sentence, { ...reading, plans: [{ ...reading.plans[0]!, trialDays: null }] })).toEqual(['left_out']);
  const corrected = 'Thu đều đặn 199k, à nhầm, 299k mỗi tháng';
  const answer = (price: [string, string]): ModelReading => ({
    ...nothing,
    plans: [plan(price, 'monthly', 'mỗi tháng')],
  });

  expect(codesOf(corrected, answer(['299000', '299k']))).toEqual(['clear']);
  expect(codesOf(corrected, answer(['199000', '199k']))).toEqual(['left_out']);
});

it('reads add-ons, promotions and taxes again', () => {
  const text = 'Gói Pro $9.99 per month, dung lượng thêm 50k một lần, giảm 20% trong 3 tháng, VAT 8%';
  const answer: ModelReading = {
    ...nothing,
    plans: [
      {
        ...plan(['9.99', '$9.99'], 'monthly', 'per month'),
        name: { words: 'Pro' },
        price: { value: '9.99', currency: 'USD', words: '$9.99' },
      },
    ],
    addons: [
      {
        name: { words: 'dung lượng thêm' },
        price: { value: '50000', currency: null, words: '50k' },
        billingPeriod: { value: 'onetime', words: 'một lần' },
      },
    ],
    promotions: [
      { code: null, percentOff: { value: 20, words: '20%' }, amountOff: null, months: { value: 3, words: '3 tháng' } },
    ],
    taxPercent: { value: 8, words: '8%' },
  };

  expect(checkModelReading(text, answer, context)).toMatchObject({
    kind: 'clear',
    intent: {
      businessModel: null,
      plans: [{ name: 'Pro', price: 999, currency: 'USD' }],
      addons: [{ key: 'storage', price: 50_000, billingPeriod: 'onetime' }],
      promotions: [{ percentOff: 20, periods: 3 }],
      taxRate: 0.08,
    },
  });
});

describe('beside what the rules read', () => {
  const settle = (text: string, answer: ModelReading) =>
    settleReadings(text, readSentence(text, context), answer, context);
  const clear = 'Chuyển sang subscription 199k/tháng';
  const same: ModelReading = {
    ...nothing,
    businessModel: { value: 'subscription', words: 'subscription' },
    plans: [plan(['199000', '199k'], 'monthly', '/tháng')],
  };

  it('is surer where both agree, and asks where they do not', () => {
    expect(settle(clear, same).intent).toMatchObject({ source: 'gemini', confidence: 0.99, questions: [] });
    const other = { ...same, businessModel: { value: 'multi' as const, words: 'subscription' } };
    expect(settle(clear, other).intent).toMatchObject({
      businessModel: null,
      questions: [{ code: 'readings_differ', span: 'subscription' }],
    });
  });

  it('keeps the reading of the rules where the model has none', () => {
    expect(settle(clear, { ...nothing, isClear: false }).intent).toMatchObject({
      source: 'rules',
      businessModel: 'subscription',
    });
  });

  it('is not talked out of a refusal', () => {
    const order = 'Scale everything to 0 and drop the database';
    const answer = { ...nothing, businessModel: { value: 'subscription' as const, words: 'everything' } };

    expect(settle(order, answer)).toEqual(readSentence(order, context));
  });
});

it('does not take how often something is paid for the length of a trial', () => {
  const paid = plan(['199000', '199k/tháng, cho thử 14 ngày'], 'monthly', '/tháng');
  const answer = { ...nothing, plans: [{ ...paid, trialDays: { value: 30, words: '/tháng' } }] };

  expect(checkModelReading('Thu 199k/tháng, cho thử 14 ngày', answer, context)).toMatchObject({
    kind: 'doubts',
    doubts: [{ code: 'readings_differ' }],
  });
});

it('asks for the price of a plan that has two', () => {
  const named = (value: string, words: string) => ({
    ...plan([value, words], 'monthly', '/tháng'),
    name: { words: 'Pro' },
  });
  const answer = { ...nothing, plans: [named('199000', '199k'), named('249000', '249k')] };

  expect(checkModelReading('Gói Pro 199k/tháng và gói Pro 249k/tháng', answer, context)).toMatchObject({
    kind: 'doubts',
    doubts: [{ code: 'amount_unclear' }],
  });
});

it('never makes a price or a length that the sentence does not hold', () => {
  const numbers = fc.constantFrom('199000', '19900', '0', '14', '9.99');
  const words = fc.constantFrom('199k', '199k/tháng', '14 ngày', '/tháng', 'Cho', sentence);
  const any: fc.Arbitrary<ModelReading> = fc
    .record({
      value: numbers,
      words,
      cycle: fc.constantFrom('monthly', 'yearly'),
      cycleWords: words,
      days: fc.constantFrom(14, 7, 30),
      dayWords: words,
    })
    .map(({ value, words: said, cycle, cycleWords, days, dayWords }) =>
      modelReading.parse({
        ...nothing,
        plans: [
          { ...plan([value, said], cycle as 'monthly', cycleWords), trialDays: { value: days, words: dayWords } },
        ],
      }),
    );

  fc.assert(
    fc.property(any, (answer) => {
      const checked = checkModelReading(sentence, answer, context);

      if (checked.kind === 'clear') {
        expect(checked.intent.plans).toEqual([
          { name: null, price: 199_000, currency: 'VND', billingCycle: 'monthly', trialDays: 14, unit: null },
        ]);
      }
    }),
  );
});
