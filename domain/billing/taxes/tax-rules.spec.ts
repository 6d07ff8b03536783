import fc from 'fast-check';

import { BillingStrategyService } from '../pricing/billing-strategy-service';
import type { SoldLine } from '../pricing/billing-strategy';
import { categoryOf, noTaxation, taxesOn } from './tax-rules';
import { splitCreditedTax, summariseTaxes, taxesLeftOf, taxesOfLine } from './tax-summary-rules';
import type { LineTax, TaxRate } from './tax-types';

const rate = (fields: Partial<TaxRate>): TaxRate => ({
  code: 'VAT',
  name: 'GTGT',
  ratePpm: 100_000,
  taxCategory: 'standard',
  validFrom: null,
  validUntil: null,
  ...fields,
});

/** Vietnam: 8 % to the end of 2026, 10 % after it. */
const vietnam = [
  rate({ ratePpm: 80_000, validFrom: '2025-07-01', validUntil: '2026-12-31' }),
  rate({ ratePpm: 100_000, validFrom: '2027-01-01' }),
];
const ratesOn = (date: string, category = 'standard', rates = vietnam) =>
  taxesOn(category, { rates, date, companyRatePpm: 50_000, taxStatus: 'taxable' }).map(({ code, ratePpm }) => [
    code,
    ratePpm,
  ]);

describe('the taxes of what is sold', () => {
  it.each([
    ['2025-06-30', [[null, 50_000]]],
    ['2025-07-01', [['VAT', 80_000]]],
    ['2026-12-31', [['VAT', 80_000]]],
    ['2027-01-01', [['VAT', 100_000]]],
  ])('on %s are those that hold on the day, else the rate of the company', (date, expected) => {
    expect(ratesOn(date)).toEqual(expected);
  });

  it('are all rates of its category, side by side', () => {
    const rates = [...vietnam, rate({ code: 'SCT', ratePpm: 300_000, taxCategory: 'luxury' })].concat(
      rate({ taxCategory: 'luxury' }),
    );

    expect(ratesOn('2026-05-01', 'luxury', rates)).toEqual([
      ['SCT', 300_000],
      ['VAT', 100_000],
    ]);
    expect(ratesOn('2026-05-01', 'unknown', rates)).toEqual([[null, 50_000]]);
  });

  it.each(['exempt', 'reverse_charge'] as const)(
    'are none for a buyer who is %s, by rates or by the company’s',
    (taxStatus) => {
      fc.assert(
        fc.property(fc.constantFrom('standard', 'luxury', 'unknown'), fc.nat(1_000_000), (category, companyRatePpm) => {
          const rates = [...vietnam, rate({ code: 'SCT', ratePpm: 300_000, taxCategory: 'luxury' })];

          expect(taxesOn(category, { rates, date: '2026-05-01', companyRatePpm, taxStatus })).toEqual([]);
        }),
      );
    },
  );

  it('follow the plan or the add-on', () => {
    const taxation = { ...noTaxation, planCategories: { 7: 'books' }, addonCategories: { 7: 'luxury' } };

    expect(categoryOf(taxation, { planId: 7 })).toBe('books');
    expect(categoryOf(taxation, { addonId: 7 })).toBe('luxury');
    expect(categoryOf(taxation, { planId: 8 })).toBe('standard');
    expect(categoryOf(noTaxation, {})).toBe('standard');
  });
});

const taxes = [
  { code: 'VAT', name: 'GTGT 8 %', ratePpm: 80_000 },
  { code: 'VAT', name: 'GTGT 10 %', ratePpm: 100_000 },
  { code: 'SCT', name: 'TTĐB', ratePpm: 333_333 },
];
const someItems = fc.array(
  fc.record({ unitPrice: fc.bigInt({ min: 0n, max: 10_000_000n }), taxes: fc.subarray(taxes) }),
  { minLength: 1, maxLength: 10 },
);
const discounts = fc.array(
  fc.record({
    kind: fc.constant('percent' as const),
    timing: fc.constantFrom('before_tax' as const, 'after_tax' as const),
    ratePpm: fc.integer({ min: 0, max: 1_000_000 }),
    basis: fc.constantFrom('on_total' as const, 'by_line' as const),
  }),
  { maxLength: 2 },
);
const bill = (items: readonly SoldLine[], adjustments: any) =>
  new BillingStrategyService().calculate({
    currency: 'VND',
    taxRatePpm: 100_000,
    billingDate: '2026-05-01',
    items,
    adjustments,
  });
const stored = (lines: Awaited<ReturnType<typeof bill>>['lines']) =>
  lines.map((line) => ({
    subtotal: Number(line.amount),
    discount: Number(line.discount),
    tax: Number(line.tax),
    taxRatePpm: line.taxRatePpm,
    discountTiming: 'after_tax' as const,
    taxes: line.taxes.map((tax) => ({ ...tax, base: Number(tax.base), amount: Number(tax.amount) })),
  }));

describe('a document without taxes', () => {
  it('says of its lines and totals that nothing was charged, and credits give nothing back', async () => {
    const { lines, tax } = await bill([{ unitPrice: 33_335n, taxes: [] }], []);

    expect([tax, summariseTaxes(stored(lines)), lines[0]?.taxRatePpm]).toEqual([0n, [], 0]);
    expect(splitCreditedTax(taxesLeftOf([], []), { tax: 0, base: 33_335 })).toEqual([]);
  });
});

describe('several taxes on one document', () => {
  it('are each rounded once over the lines that bear them: 8 % and 10 % of 3 × 33,335', async () => {
    const [eight, ten] = taxes as [(typeof taxes)[number], (typeof taxes)[number]];
    const of = (tax: typeof eight) => ({ unitPrice: 33_335n, taxes: [tax] });
    const { lines, tax } = await bill([of(eight), of(ten), of(ten)], []);

    expect(summariseTaxes(stored(lines))).toEqual([
      { ...eight, base: 33_335, amount: 2_667 },
      { ...ten, base: 66_670, amount: 6_667 },
    ]);
    expect(tax).toBe(9_334n);
  });

  it('sum: of every line to its tax, of every document to its tax, whatever is discounted', async () => {
    await fc.assert(
      fc.asyncProperty(someItems, discounts, async (items, adjustments) => {
        const { lines, tax } = await bill(items, adjustments);

        for (const line of stored(lines)) {
          expect(line.taxes.reduce((sum, { amount }) => sum + amount, 0)).toBe(line.tax);
        }
        expect(summariseTaxes(stored(lines)).reduce((sum, { amount }) => sum + amount, 0)).toBe(Number(tax));
      }),
    );
  });

  it('are the same in whatever order the lines stand', async () => {
    const shuffled = someItems.chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([items, other]) => {
        const [one, two] = [await bill(items, []), await bill(other, [])];

        expect(summariseTaxes(stored(one.lines))).toEqual(summariseTaxes(stored(two.lines)));
      }),
    );
  });

  it('are shown for a line of the company’s rate as for every other', () => {
    const line = { subtotal: 100, discount: 10, tax: 9, taxRatePpm: 100_000, taxes: null };

    expect(taxesOfLine({ ...line, discountTiming: 'before_tax' })).toEqual([
      { code: null, name: null, ratePpm: 100_000, base: 90, amount: 9 },
    ]);
  });
});

describe('credits of a line with several taxes', () => {
  it('give back of each tax no more than is left, sum to the tax given back, and the last takes the last', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 4 });
    const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });

    fc.assert(
      fc.property(amounts, parts, (of, shares) => {
        const line = of.map((amount, nth): LineTax => ({
          code: `T${nth}`,
          name: null,
          ratePpm: nth,
          base: 0,
          amount,
        }));
        const credited: LineTax[] = [];
        const left = () => taxesLeftOf(line, credited);
        const total = () => left().reduce((sum, { amount }) => sum + amount, 0);

        for (const share of [...shares, 1]) {
          const tax = Math.round(total() * share);
          const given = splitCreditedTax(left(), { tax, base: 0 });
          expect(given.reduce((sum, { amount }) => sum - amount, 0)).toBe(tax);
          credited.push(...given);
          expect(left().every(({ amount }) => amount >= 0)).toBe(true);
        }
        expect(left().map(({ amount }) => amount)).toEqual(line.map(() => 0));
      }),
    );
  });
});
