import fc from 'fast-check';
import { AppError } from '../../errors';
import { type Adjustment, lineTotal, type PricedLine, priceLine, priceLines, sumLines, type Tax } from './pricer-rules';
import { serviceAmount } from './proration-rules';

interface Thing {
  id: string;
  /** bears the taxes of this kind */
  kind: number;
}

const tenPercent = 100_000;
const charge = (amount: bigint, kind = 0, id = `${amount}`) => ({ source: { id, kind }, amount });
const tax = (ratePpm: number, kind?: number): Tax<Thing> =>
  kind === undefined ? { ratePpm } : { ratePpm, appliesTo: (thing) => thing.kind === kind };
const percentOff = (ratePpm: number, timing: 'after_tax' | 'before_tax'): Adjustment<Thing> => ({
  kind: 'percent',
  basis: 'on_total',
  ratePpm,
  timing,
});
const amountOff = (amount: bigint, timing: 'after_tax' | 'before_tax' = 'after_tax'): Adjustment<Thing> => ({
  kind: 'amount',
  amount,
  timing,
});
const discountsOf = (lines: readonly PricedLine<Thing>[]) => lines.map(({ discount }) => discount);

const held = (amount: bigint, kind = 0) => ({ ...charge(amount, kind), taxBehavior: 'inclusive' as const });

const charges = fc
  .array(fc.record({ amount: fc.bigInt({ min: 0n, max: 10n ** 15n }), kind: fc.integer({ min: 0, max: 2 }) }), {
    minLength: 1,
    maxLength: 10,
  })
  .map((lines) => lines.map(({ amount, kind }, index) => charge(amount, kind, `line ${index}`)));
/** Some of them hold their tax. */
const mixedCharges = charges.chain((lines) =>
  fc
    .array(fc.constantFrom('inclusive' as const, 'exclusive' as const), {
      minLength: lines.length,
      maxLength: lines.length,
    })
    .map((behaviors) => lines.map((line, index) => ({ ...line, taxBehavior: behaviors[index] }))),
);
const scope = fc
  .option(fc.integer({ min: 0, max: 2 }), { nil: undefined })
  .map((kind) => (kind === undefined ? {} : { appliesTo: (thing: Thing) => thing.kind === kind }));
const shared = { timing: fc.constantFrom('after_tax' as const, 'before_tax' as const) };
const adjustments: fc.Arbitrary<Adjustment<Thing>[]> = fc.array(
  fc
    .tuple(
      fc.oneof(
        fc.record({
          ...shared,
          kind: fc.constant('percent' as const),
          basis: fc.constantFrom('on_total' as const, 'by_line' as const),
          ratePpm: fc.integer({ min: 0, max: 2_000_000 }),
        }),
        fc.record({
          ...shared,
          kind: fc.constant('amount' as const),
          amount: fc.bigInt({ min: 0n, max: 10n ** 15n }),
        }),
      ),
      scope,
      fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }), { nil: undefined }),
    )
    .map(([adjustment, of, most]) => ({ ...adjustment, ...of, ...(most === undefined ? {} : { most }) })),
  { maxLength: 3 },
);
const taxes: fc.Arbitrary<Tax<Thing>[]> = fc.array(
  fc.tuple(fc.constantFrom(0, 50_000, 80_000, 100_000, 233_300), scope).map(([ratePpm, of]) => ({ ratePpm, ...of })),
  { maxLength: 3 },
);

describe('tax', () => {
  it('is rounded once for each rate and spread to the lines', () => {
    const lines = [charge(5n), charge(5n), charge(5n), charge(100n, 1)];
    const priced = priceLines(lines, [], [tax(tenPercent, 0), tax(50_000, 1)]);

    // 15 × 10 % = 1.5 → 2 over three lines; three lines rounded on their own would have made 3.
    expect(priced.map((line) => line.tax)).toEqual([1n, 1n, 0n, 5n]);
  });

  it('lies on a line as often as taxes say so, each kept apart', () => {
    const [state, city] = [tax(tenPercent), tax(20_000, 1)];
    const [plain, both] = priceLines([charge(1000n), charge(1000n, 1)], [], [state, city]);

    expect(plain?.taxes).toEqual([{ tax: state, base: 1000n, amount: 100n }]);
    expect(both?.taxes).toEqual([
      { tax: state, base: 1000n, amount: 100n },
      { tax: city, base: 1000n, amount: 20n },
    ]);
    expect(both?.tax).toBe(120n);
  });
});

describe('an adjustment', () => {
  it('by line and on the total may differ, and each is what its name says', () => {
    const lines = [charge(106n), charge(206n), charge(306n), charge(406n)];
    const percent = percentOff(tenPercent, 'after_tax');

    expect(discountsOf(priceLines(lines, [{ ...percent, basis: 'by_line' } as typeof percent], []))).toEqual([
      11n,
      21n,
      31n,
      41n,
    ]);
    expect(sumLines(priceLines(lines, [percent], [])).discount).toBe(102n);
  });

  it('is taken after the tax or before it', () => {
    const lines = [charge(50_000n, 0, 'a'), charge(50_000n, 0, 'b')];

    expect(sumLines(priceLines(lines, [percentOff(tenPercent, 'after_tax')], [tax(tenPercent)]))).toEqual({
      subtotal: 100_000n,
      tax: 10_000n,
      discount: 10_000n,
      total: 100_000n,
    });
    expect(sumLines(priceLines(lines, [percentOff(tenPercent, 'before_tax')], [tax(tenPercent)]))).toEqual({
      subtotal: 100_000n,
      tax: 9000n,
      discount: 10_000n,
      total: 99_000n,
    });
  });

  it('ends where nothing is left to pay', () => {
    const after = priceLines([charge(100n), charge(200n, 1)], [amountOff(1000n)], [tax(tenPercent, 0)]);
    expect(sumLines(after)).toEqual({ subtotal: 300n, tax: 10n, discount: 310n, total: 0n });
    expect(discountsOf(after)).toEqual([110n, 200n]);

    const before = priceLine(charge(100n), [amountOff(1000n, 'before_tax')], [tax(tenPercent)]);
    expect(before).toMatchObject({ tax: 0n, discount: 100n, total: 0n });
  });

  it('holds for the lines of its scope alone, up to its cap, and stands on each with its source', () => {
    const half = { ...percentOff(500_000, 'before_tax'), appliesTo: ({ kind }: Thing) => kind === 1, most: 300n };
    const off = amountOff(90n, 'before_tax');
    const [other, first, second] = priceLines(
      [charge(1000n, 0), charge(1000n, 1), charge(200n, 1)],
      [half, off],
      [tax(tenPercent)],
    );

    // 600 capped at 300: 250 and 50. What is left, 1,000, 750 and 150, carries the 90.
    expect(other?.adjustments).toMatchObject([{ adjustment: off, amount: 47n }]);
    expect(first?.adjustments).toMatchObject([
      { adjustment: half, amount: 250n },
      { adjustment: off, amount: 36n },
    ]);
    expect(second?.adjustments).toMatchObject([
      { adjustment: half, amount: 50n },
      { adjustment: off, amount: 7n },
    ]);
  });

  it('is split the same whichever line comes first, and so is the tax on what it leaves', () => {
    const lines = [charge(5n, 0), charge(5n, 1)];
    const taxed = [tax(tenPercent, 0)];
    const off = [amountOff(1n, 'before_tax')];

    expect(sumLines(priceLines(lines, off, taxed))).toEqual(sumLines(priceLines([...lines].reverse(), off, taxed)));
  });

  it('is refused when negative, as a charge is', () => {
    expect(() => priceLines([charge(-1n)], [], [])).toThrow(AppError);
    expect(() => priceLines([charge(1n)], [amountOff(-1n)], [])).toThrow(AppError);
    expect(() => priceLines([charge(1n)], [percentOff(-1, 'after_tax')], [])).toThrow(AppError);
  });
});

describe('a price that holds its tax', () => {
  it('is what is paid: 110,000 are 100,000 and 10 %', () => {
    expect(priceLine(held(110_000n), [], [tax(tenPercent)])).toMatchObject({
      amount: 100_000n,
      tax: 10_000n,
      discount: 0n,
      total: 110_000n,
      taxes: [{ base: 100_000n, amount: 10_000n }],
    });
  });

  it('stands beside one that does not, each with the tax of its kind', () => {
    const priced = priceLines(
      [held(110_000n), charge(100_000n), held(108_000n, 1)],
      [],
      [tax(tenPercent, 0), tax(80_000, 1)],
    );

    expect(priced.map(({ amount, tax: due, total }) => [amount, due, total])).toEqual([
      [100_000n, 10_000n, 110_000n],
      [100_000n, 10_000n, 110_000n],
      [100_000n, 8_000n, 108_000n],
    ]);
  });

  it.each([
    // 10 % of the price as it is shown, either way; only before tax does the tax shrink with it.
    ['before_tax', { amount: 100_000n, discount: 10_000n, tax: 9_000n, total: 99_000n }, 10_000n],
    ['after_tax', { amount: 100_000n, discount: 11_000n, tax: 10_000n, total: 99_000n }, 11_000n],
  ] as const)('less a tenth %s costs 99,000', (timing, expected, part) => {
    const line = priceLine(held(110_000n), [percentOff(tenPercent, timing)], [tax(tenPercent)]);

    expect(line).toMatchObject(expected);
    expect(line.adjustments).toMatchObject([{ amount: part, shown: 11_000n }]);
  });

  it('is lowered by an amount as a customer reads it, and used up by it to the last unit', () => {
    expect(priceLine(held(110_000n), [amountOff(11_000n, 'before_tax')], [tax(tenPercent)]).total).toBe(99_000n);

    for (const timing of ['before_tax', 'after_tax'] as const) {
      expect(priceLine(held(110_000n), [amountOff(200_000n, timing)], [tax(tenPercent)])).toMatchObject({
        total: 0n,
        adjustments: [{ shown: 110_000n }],
      });
    }
  });

  it('is paid to the unit whatever its taxes are, and less exactly what discounts take off it', () => {
    fc.assert(
      fc.property(charges, adjustments, taxes, (given, taken, taxed) => {
        const lines = given.map((line) => ({ ...line, taxBehavior: 'inclusive' as const }));

        priceLines(lines, taken, taxed).forEach((line, index) => {
          const shown = line.adjustments.reduce((sum, one) => sum + one.shown, 0n);
          expect(line.total).toBe((lines[index]?.amount as bigint) - shown);
          expect(line.amount + line.tax - line.discount).toBe(line.total);
        });
      }),
    );
  });

  it('that bears no tax is priced as one that has none to hold', () => {
    fc.assert(
      fc.property(charges, adjustments, (given, taken) => {
        const lines = given.map((line) => ({ ...line, taxBehavior: 'inclusive' as const }));

        expect(priceLines(lines, taken, [])).toEqual(priceLines(given, taken, []));
      }),
    );
  });
});

describe('priced lines', () => {
  it('are the lines given, in their order, each naming its source', () => {
    fc.assert(
      fc.property(charges, adjustments, taxes, (lines, taken, taxed) => {
        const priced = priceLines(lines, taken, taxed);

        expect(priced.map(({ source, amount }) => ({ source, amount }))).toEqual(lines);
        priced.forEach((line, index) => expect(line.source).toBe(lines[index]?.source));
      }),
    );
  });

  it('sum: taxes and adjustments to their line, and no line below nothing', () => {
    const sum = (parts: readonly { amount: bigint }[]) => parts.reduce((total, { amount }) => total + amount, 0n);

    fc.assert(
      fc.property(mixedCharges, adjustments, taxes, (lines, taken, taxed) => {
        for (const line of priceLines(lines, taken, taxed)) {
          expect(sum(line.taxes)).toBe(line.tax);
          expect(sum(line.adjustments)).toBe(line.discount);
          expect(line.total).toBe(lineTotal(line));
          expect(line.amount >= 0n && line.discount >= 0n).toBe(true);
          expect(line.total >= 0n && line.taxes.every(({ amount }) => amount >= 0n)).toBe(true);
          expect(line.adjustments.every(({ amount }) => amount >= 0n)).toBe(true);
        }
      }),
    );
  });

  it('come to the same totals in every order of the lines', () => {
    const inSomeOrder = mixedCharges.chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length })),
    );

    fc.assert(
      fc.property(inSomeOrder, adjustments, taxes, ([lines, shuffled], taken, taxed) => {
        expect(sumLines(priceLines(shuffled, taken, taxed))).toEqual(sumLines(priceLines(lines, taken, taxed)));
      }),
      { numRuns: 300 },
    );
  });

  it('come to max(0, subtotal + tax − discount) for every amount taken after tax', () => {
    fc.assert(
      fc.property(charges, fc.bigInt({ min: 0n, max: 10n ** 16n }), (lines, amount) => {
        const { subtotal, tax: due, total } = sumLines(priceLines(lines, [amountOff(amount)], [tax(tenPercent)]));
        const asDocumented = subtotal + due - amount;

        expect(total).toBe(asDocumented > 0n ? asDocumented : 0n);
      }),
    );
  });

  it('bear, rate by rate, the exact tax rounded half up once', () => {
    fc.assert(
      fc.property(charges, fc.integer({ min: 0, max: 1_000_000 }), (lines, ratePpm) => {
        const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0n);
        const exact = (2n * subtotal * BigInt(ratePpm) + 1_000_000n) / 2_000_000n;

        expect(sumLines(priceLines(lines, [], [tax(ratePpm)])).tax).toBe(exact);
      }),
    );
  });
});

describe('the amount of a service', () => {
  const may = { start: '2026-05-01', end: '2026-06-01' };
  const proration = { convention: 'by_day_exclusive_end' } as const;
  const partOf = (price: bigint, days: number) => {
    const end = `2026-05-${String(days + 1).padStart(2, '0')}`;

    return serviceAmount({ price, service: { start: may.start, end }, denominator: may, proration });
  };

  it.each([
    // 10^9 and more: nine places of the share would have been 1 to 2 off.
    [10_000_000_000n, 10, 3_225_806_452n],
    [25_000_000_000n, 7, 5_645_161_290n],
    [900_719_925_474_099n, 29, 842_608_962_540_286n],
  ])('of %d for %d days of 31 is %d', (price, days, amount) => {
    expect(partOf(price, days)).toBe(amount);
  });

  it('is price × days / days of the period, rounded half up once, at any price', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.integer({ min: 1, max: 29 }), (price, days) => {
        expect(partOf(price, days)).toBe((2n * price * BigInt(days) + 31n) / 62n);
      }),
    );
  });
});
