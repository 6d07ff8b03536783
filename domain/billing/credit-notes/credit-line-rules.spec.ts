import fc from 'fast-check';
import { accountBalance, applyCredit, settleCredit } from '../account/account-credit-rules';
import {
  type BilledLine,
  creditAmount,
  creditableLeft,
  creditShare,
  creditUnusedService,
  fitCredits,
  totalCredit,
} from './credit-line-rules';
import { lineTotal, priceLine } from '../pricing/pricer-rules';
import { serviceAmount } from '../pricing/proration-rules';
import { ratio } from '../../money/ratio-rules';

const untaxed: BilledLine = {
  lineId: 'line/1',
  amount: 24_995n,
  discount: 0n,
  tax: 0n,
  taxRatePpm: 0,
  discountTiming: 'after_tax',
  credited: { amount: 0n, discount: 0n, tax: 0n },
};
const may = { start: '2012-05-01', end: '2012-06-01' };
const service = {
  price: 24_995n,
  service: may,
  denominator: may,
  proration: { convention: 'by_day_exclusive_end' },
} as const;

/** A line as an invoice would hold it. */
const lines = fc
  .record({
    amount: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    taxRatePpm: fc.constantFrom(0, 80_000, 100_000, 233_300),
    percent: fc.integer({ min: 0, max: 1_000_000 }),
    discountTiming: fc.constantFrom('after_tax' as const, 'before_tax' as const),
  })
  .map(({ amount, taxRatePpm, percent, discountTiming }): BilledLine => {
    const percentOff = { kind: 'percent', basis: 'on_total', ratePpm: percent, timing: discountTiming } as const;
    const { discount, tax } = priceLine({ source: null, amount }, [percentOff], [{ ratePpm: taxRatePpm }]);
    return { ...untaxed, amount, taxRatePpm, discountTiming, discount, tax };
  });
const shares = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 });

function credited(line: BilledLine, credit: { amount: bigint; discount: bigint; tax: bigint }): BilledLine {
  return {
    ...line,
    credited: {
      amount: line.credited.amount - credit.amount,
      discount: line.credited.discount - credit.discount,
      tax: line.credited.tax - credit.tax,
    },
  };
}

describe('a credit of a line whose price held its tax', () => {
  const held = (price: bigint, fields: Partial<BilledLine> = {}): BilledLine => {
    const { amount, tax } = priceLine(
      { source: null, amount: price, taxBehavior: 'inclusive' },
      [],
      [{ ratePpm: 100_000 }],
    );

    return { ...untaxed, amount, tax, taxRatePpm: 100_000, taxBehavior: 'inclusive', ...fields };
  };
  const made = (price: bigint) => ({ ...service, price });

  it('gives back what the price of the unused days was, tax included', () => {
    const credit = creditUnusedService(held(110_000n), made(110_000n), { start: '2012-05-12', end: '2012-06-01' });

    // 110,000 × 20 / 31
    expect(credit).toMatchObject({ total: -70_968n, tax: -6_452n, amount: -64_516n });
  });

  it('of which a discount was taken gives back that part of what was paid', () => {
    const line = held(110_000n, { discount: 11_000n });
    const credit = creditUnusedService(line, made(110_000n), { start: '2012-05-12', end: '2012-06-01' });

    // 99,000 × 20 / 31
    expect(credit).toMatchObject({ total: -63_871n, discount: -7_097n });
  });

  it('gives back an amount before tax to a person who names one', () => {
    expect(creditAmount(held(110_000n), 50_000n)).toMatchObject({ amount: -50_000n, tax: -5_000n, total: -55_000n });
  });

  it('is of one part after the other never more than is left, and all of them are the line', () => {
    const prices = fc.bigInt({ min: 1n, max: 10n ** 9n });
    const percents = fc.integer({ min: 0, max: 1_000_000 });
    const cuts = fc.uniqueArray(fc.integer({ min: 2, max: 31 }), { maxLength: 5 });

    fc.assert(
      fc.property(
        prices,
        percents,
        cuts,
        fc.constantFrom('after_tax', 'before_tax'),
        (price, percent, days, timing) => {
          const { amount, tax, discount, total } = priceLine(
            { source: null, amount: price, taxBehavior: 'inclusive' },
            [{ kind: 'percent', basis: 'on_total', ratePpm: percent, timing }],
            [{ ratePpm: 100_000 }],
          );
          let line = held(price, { amount, tax, discount, discountTiming: timing });
          let [end, givenBack] = ['2012-06-01', 0n];
          const dayOf = (day: number) => `2012-05-${String(day).padStart(2, '0')}`;

          for (const start of [...days.sort((a, b) => b - a), 1].map(dayOf)) {
            const credit = creditUnusedService(line, made(price), { start, end });
            givenBack -= credit.total;
            expect(credit.total).toBe(credit.amount + credit.tax - credit.discount);
            expect([credit.amount, credit.tax, credit.discount].every((part) => part <= 0n)).toBe(true);
            line = credited(line, credit);
            const left = creditableLeft(line);
            expect(lineTotal(left) >= 0n).toBe(true);
            end = start;
          }
          const rest = creditShare(line, ratio(1));
          expect(givenBack - rest.total).toBe(total);
          // No more than rounding is left once every day has gone back.
          expect(-rest.total <= BigInt(days.length)).toBe(true);
          expect(creditableLeft(credited(line, rest))).toEqual({ amount: 0n, discount: 0n, tax: 0n });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a credit line', () => {
  it('names the line it credits and gives back the unused days', () => {
    const credit = creditUnusedService(untaxed, service, { start: '2012-05-12', end: '2012-06-01' });

    expect(credit).toEqual({ creditsLineId: 'line/1', amount: -16_126n, discount: 0n, tax: 0n, total: -16_126n });
  });

  it('never gives back more than is left after an adjustment', () => {
    const adjusted = { ...untaxed, credited: { amount: 1000n, discount: 0n, tax: 0n } };
    const credit = creditUnusedService(adjusted, service, { start: '2012-05-02', end: '2012-06-01' });

    expect(credit.amount).toBe(-23_995n);
    expect(applyCredit(totalCredit([credit]), 963n)).toMatchObject({ toPay: 0n, creditLeft: 23_032n });
  });

  it('uses the line’s own tax rate on the exact unused amount', () => {
    const line = { ...untaxed, amount: 20_000n, tax: 5000n, taxRatePpm: 250_000 };

    expect(creditShare(line, ratio(29, 30))).toMatchObject({ amount: -19_333n, tax: -4833n, total: -24_166n });
  });

  it('uses the line’s own share of the discount', () => {
    const line = {
      ...untaxed,
      amount: 1000n,
      discount: 200n,
      tax: 80n,
      taxRatePpm: 100_000,
      discountTiming: 'before_tax' as const,
    };

    expect(creditShare(line, ratio(1, 2))).toMatchObject({ amount: -500n, discount: -100n, tax: -40n, total: -440n });
  });

  it('gives back a prorated line in full when nothing of it was used', () => {
    const half = { start: '2012-05-16', end: '2012-06-01' };
    const stub = { ...service, service: half };
    const amount = serviceAmount(stub);

    expect(creditUnusedService({ ...untaxed, amount }, stub, half).amount).toBe(-amount);
  });

  it('of a line that a discount took all of gives its days back, and no money', () => {
    const line = { ...untaxed, amount: 40_000n, discount: 44_000n, tax: 4_000n, taxRatePpm: 100_000 };

    // 40,000 × 22 / 28, its tax and its discount are 31,429 + 3,143 − 34,571, each rounded by itself: 1 that nobody paid.
    expect(creditShare(line, ratio(22, 28))).toMatchObject({
      amount: -31_429n,
      tax: -3_143n,
      discount: -34_572n,
      total: 0n,
    });
  });

  it('of a free line is nothing', () => {
    const free = { ...untaxed, amount: 0n };

    expect(creditUnusedService(free, { ...service, price: 0n }, may)).toMatchObject({ amount: 0n, total: 0n });
    expect(creditAmount(free, 100n)).toMatchObject({ amount: 0n, total: 0n });
  });

  it('is a credit, and all credits of a line together are at most the line', () => {
    fc.assert(
      fc.property(lines, shares, (line, parts) => {
        let current = line;
        for (const part of parts) {
          const credit = creditShare(current, ratio(part, 1000));
          expect(credit.total <= 0n).toBe(true);
          expect(credit.total).toBe(lineTotal(credit));
          expect(-credit.total <= lineTotal(creditableLeft(current))).toBe(true);
          current = credited(current, credit);
        }
        expect(current.credited.amount <= line.amount).toBe(true);
        expect(current.credited.tax <= line.tax).toBe(true);
        expect(current.credited.discount <= line.discount).toBe(true);
      }),
    );
  });

  it('that takes the last of a line takes the last of its tax', () => {
    fc.assert(
      fc.property(lines, shares, (line, parts) => {
        const afterParts = parts.reduce(
          (current, part) => credited(current, creditShare(current, ratio(part, 8000))),
          line,
        );
        const afterAll = credited(afterParts, creditAmount(afterParts, creditableLeft(afterParts).amount));
        expect(creditableLeft(afterAll)).toMatchObject({ amount: 0n, tax: 0n });
      }),
    );
  });
});

describe('account credit', () => {
  it('pays invoices in order, tax included, until it is used up', () => {
    expect(applyCredit(30_000n, 24_995n)).toEqual({ used: 24_995n, toPay: 0n, creditLeft: 5005n });
    expect(applyCredit(5005n, 24_995n)).toEqual({ used: 5005n, toPay: 19_990n, creditLeft: 0n });
    expect(applyCredit(5000n, 3095n)).toEqual({ used: 3095n, toPay: 0n, creditLeft: 1905n });
  });

  it('is not used on a document that asks for nothing', () => {
    expect(applyCredit(5000n, -200n)).toEqual({ used: 0n, toPay: 0n, creditLeft: 5000n });
  });

  it('makes the balance negative while the customer is ahead', () => {
    expect(accountBalance([], 5005n)).toBe(-5005n);
    expect(accountBalance([24_995n, 10_000n], 30_000n)).toBe(4995n);
  });

  it('receives only money that was paid: what is still due shrinks first', () => {
    expect(settleCredit(300n, 1000n, 0n)).toEqual({ reducesDue: 300n, toAccount: 0n });
    expect(settleCredit(300n, 100n, 900n)).toEqual({ reducesDue: 100n, toAccount: 200n });
    expect(settleCredit(300n, 0n, 1000n)).toEqual({ reducesDue: 0n, toAccount: 300n });
    expect(settleCredit(500n, 100n, 200n)).toEqual({ reducesDue: 100n, toAccount: 200n });
  });

  it('is never made or lost by using it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.bigInt({ min: 0n, max: 10n ** 9n }), (credit, invoice) => {
        const { used, toPay, creditLeft } = applyCredit(credit, invoice);
        expect(creditLeft + used).toBe(credit);
        expect(used + toPay).toBe(invoice);
      }),
    );
  });
});

describe('credits that are fitted to what was received', () => {
  const credits = fc
    .array(fc.tuple(lines, fc.integer({ min: 0, max: 1_000 })), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.map(([line, share]) => ({ credit: creditShare(line, ratio(share, 1_000)) })));
  const totalOf = (parts: readonly { credit: ReturnType<typeof creditShare> }[]) =>
    totalCredit(parts.map(({ credit }) => credit));

  it('are in proportion, tax and all', () => {
    const taxed = (amount: bigint) =>
      creditAmount({ ...untaxed, amount, tax: amount / 10n, taxRatePpm: 100_000 }, amount);
    const fitted = fitCredits([{ credit: taxed(300_000n) }, { credit: taxed(100_000n) }], 220_000n);

    expect(fitted.map(({ credit: { amount, tax, total } }) => [amount, tax, total])).toEqual([
      [-150_000n, -15_000n, -165_000n],
      [-50_000n, -5_000n, -55_000n],
    ]);
  });

  it('come to that amount to the unit where they would give more, and stay as they are otherwise', () => {
    fc.assert(
      fc.property(credits, fc.bigInt({ min: 0n, max: 3n * 10n ** 9n }), (parts, most) => {
        const whole = totalOf(parts);
        const fitted = fitCredits(parts, most);

        expect(totalOf(fitted)).toBe(most < whole ? most : whole);
        expect(most < whole ? null : fitted).toEqual(most < whole ? null : parts);
      }),
    );
  });

  it('give back no part that is larger than before, and add up line by line', () => {
    fc.assert(
      fc.property(credits, fc.bigInt({ min: 0n, max: 10n ** 9n }), (parts, most) => {
        fitCredits(parts, most).forEach(({ credit }, index) => {
          const before = parts[index]?.credit as typeof credit;

          expect(credit.total).toBe(lineTotal(credit));
          expect(credit.amount >= before.amount && credit.amount <= 0n).toBe(true);
          expect(credit.tax >= before.tax && credit.tax <= 0n).toBe(true);
          expect(credit.discount >= before.discount && credit.discount <= 0n).toBe(true);
          expect(credit.total >= before.total && credit.total <= 0n).toBe(true);
        });
      }),
    );
  });
});
