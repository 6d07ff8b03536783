import fc from 'fast-check';

import { refundable, type RefundablePayment, sharesOf, totalOf } from './refundable-rules';

const payment = (fields: Partial<RefundablePayment> = {}): RefundablePayment => ({
  status: 'success',
  paid: 330_000,
  refunded: 0,
  applied: 330_000,
  pending: [],
  invoiceKeeps: 330_000,
  balance: 0,
  ...fields,
});

describe('what may go back of a payment', () => {
  it.each([
    ['all that pays an invoice', payment(), 330_000],
    ['nothing that became account credit by a credit note', payment({ invoiceKeeps: 0 }), 0],
    ['what a part refunded leaves', payment({ refunded: 100_000, applied: 230_000, invoiceKeeps: 230_000 }), 230_000],
    [
      'not what a refund under way has reserved',
      payment({ pending: [{ invoice: 200_000, balance: 0, unowned: 0 }], invoiceKeeps: 130_000 }),
      130_000,
    ],
    ['more than was due, as long as the credit is there', payment({ paid: 430_000, balance: 100_000 }), 430_000],
    ['more than was due, but not once the credit is used', payment({ paid: 430_000, balance: 40_000 }), 370_000],
    [
      'all that pays for nothing',
      payment({ status: 'refund_due', applied: 0, invoiceKeeps: 0, balance: 500_000 }),
      330_000,
    ],
  ])('is %s', (_name, of, expected) => {
    expect(totalOf(refundable(of))).toBe(expected);
  });

  it('takes money of nobody first, then credit, and what pays for service last', () => {
    expect(sharesOf(130_000, { unowned: 50_000, balance: 60_000, invoice: 330_000 })).toEqual({
      unowned: 50_000,
      balance: 60_000,
      invoice: 20_000,
    });
  });

  const amount = fc.integer({ min: 0, max: 1_000_000 });
  const anyPayment = fc
    .record({
      status: fc.constantFrom('success', 'partially_refunded', 'refund_due'),
      paid: amount,
      refunded: amount,
      applied: amount,
      reserved: amount,
      invoiceKeeps: amount,
      balance: amount,
    })
    .map(({ reserved, ...of }): RefundablePayment => {
      const refunded = Math.min(of.refunded, of.paid);
      const applied = Math.min(of.applied, of.paid - refunded);
      const invoice = Math.min(reserved, applied);

      return { ...of, refunded, applied, pending: [{ invoice, balance: 0, unowned: 0 }] };
    });

  it('is never more than was paid, refunds under way included, and no share is below zero', () => {
    fc.assert(
      fc.property(anyPayment, (of) => {
        const left = refundable(of);
        const underWay = of.pending.reduce((sum, shares) => sum + totalOf(shares), 0);

        expect(Math.min(...Object.values(left))).toBeGreaterThanOrEqual(0);
        expect(totalOf(left) + of.refunded + underWay).toBeLessThanOrEqual(of.paid);
        expect(left.invoice).toBeLessThanOrEqual(of.invoiceKeeps);
        expect(left.balance).toBeLessThanOrEqual(of.balance);
      }),
    );
  });

  it('is shared out without a rest, within each share', () => {
    fc.assert(
      fc.property(anyPayment, fc.integer({ min: 0, max: 1_000 }), (of, part) => {
        const left = refundable(of);
        const wanted = Math.floor((totalOf(left) * part) / 1_000);
        const shares = sharesOf(wanted, left);

        expect(totalOf(shares)).toBe(wanted);
        expect(shares.invoice <= left.invoice && shares.balance <= left.balance && shares.unowned <= left.unowned).toBe(
          true,
        );
      }),
    );
  });
});
