import fc from 'fast-check';
import { applyCoupons, redeemCoupon } from './coupon-rules';
import { compareRatios, formatDecimal, ratio } from './ratio-rules';

describe('coupons on an invoice', () => {
  it('are spread over what the coupons before them left', () => {
    const invoice = applyCoupons(
      [
        { amount: 1000n, taxRatePpm: 100_000 },
        { amount: 2000n, taxRatePpm: 200_000 },
      ],
      [
        { amount: 600n, lines: [0, 1] },
        { amount: 100n, lines: [0] },
      ],
    );

    expect(invoice.couponByLine.map((share) => formatDecimal(share, 5))).toEqual(['300.00000', '400.00000']);
    expect(invoice).toMatchObject({ amount: 3000n, coupons: 700n, net: 2300n, tax: 390n, total: 2690n });
  });

  it('take no more than their lines are worth', () => {
    const lines = [
      { amount: 100n, taxRatePpm: 0 },
      { amount: 900n, taxRatePpm: 0 },
    ];

    expect(applyCoupons(lines, [{ amount: 500n, lines: [0] }])).toMatchObject({ coupons: 100n, total: 900n });
    expect(
      applyCoupons(lines, [
        { amount: 500n, lines: [0] },
        { amount: 500n, lines: [0] },
      ]),
    ).toMatchObject({ coupons: 100n });
    expect(applyCoupons(lines, [{ amount: 500n, lines: [] }])).toMatchObject({ coupons: 0n });
  });

  it('show the rounded sum of exact taxes', () => {
    const line = { amount: 5n, taxRatePpm: 100_000 };
    const invoice = applyCoupons([line, line, line], []);

    expect(invoice.shownTaxByLine).toEqual([1n, 1n, 1n]);
    expect(invoice.tax).toBe(2n);
  });

  it('never leave a line below nothing', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amounts, fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { maxLength: 4 }), (fees, coupons) => {
        const lines = fees.map((amount) => ({ amount, taxRatePpm: 100_000 }));
        const invoice = applyCoupons(
          lines,
          coupons.map((amount) => ({ amount, lines: [...lines.keys()] })),
        );
        invoice.couponByLine.forEach((share, index) => {
          // Shares are rounded to five places, so a line may be off by half of the last one for each coupon.
          const slack = ratio(coupons.length, 200_000);
          expect(compareRatios(share, ratio(lines[index]?.amount ?? 0n))).toBeLessThanOrEqual(
            compareRatios(slack, ratio(0)),
          );
        });
        expect(invoice.total).toBe(invoice.net + invoice.tax);
      }),
    );
  });
});

describe('what remains of a coupon', () => {
  const lines = [200n, 100n];
  const twelve = { kind: 'amount', amount: 12n } as const;

  it('is nothing once it is used, and the rest until then', () => {
    expect(redeemCoupon(twelve, { kind: 'once', used: 0n }, lines)).toEqual({
      credit: 12n,
      split: [8n, 4n],
      remainingAfter: 0,
      status: 'terminated',
    });
    expect(redeemCoupon(twelve, { kind: 'once', used: 6n }, lines)).toMatchObject({ credit: 6n });
    expect(redeemCoupon(twelve, { kind: 'once', used: 0n }, lines, 5n)).toMatchObject({ credit: 5n, status: 'active' });
  });

  it('is one period less each time', () => {
    expect(redeemCoupon(twelve, { kind: 'repeating', left: 3 }, lines)).toMatchObject({
      remainingAfter: 2,
      status: 'active',
    });
    expect(redeemCoupon(twelve, { kind: 'repeating', left: 1 }, lines)).toMatchObject({
      remainingAfter: 0,
      status: 'terminated',
    });
  });

  it('is everything, for ever', () => {
    expect(redeemCoupon(twelve, { kind: 'forever' }, lines)).toMatchObject({ remainingAfter: 0, status: 'active' });
  });

  it('takes a percentage of the invoice, at most what is left of it', () => {
    const half = { kind: 'percent', ratePpm: 500_000 } as const;

    expect(redeemCoupon(half, { kind: 'once', used: 0n }, lines)).toMatchObject({ credit: 150n, status: 'terminated' });
    expect(redeemCoupon(half, { kind: 'forever' }, lines, 100n)).toMatchObject({ credit: 100n });
  });
});
