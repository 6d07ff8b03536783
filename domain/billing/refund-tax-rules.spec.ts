import fc from 'fast-check';
import { taxInRefund, taxInRefundByLine } from './refund-tax-rules';

describe('tax in a refund', () => {
  it('is the refund’s share of the payment’s tax', () => {
    expect(taxInRefund(2500n, 10_000n, 2500n)).toBe(500n);
    expect(taxInRefundByLine([1500n, 1000n], 10_000n, 2500n)).toEqual([300n, 200n]);
    expect(taxInRefund(0n, 0n, 0n)).toBe(0n);
  });

  it('is never more than the tax paid, and sums over the lines', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 9n });
    fc.assert(
      fc.property(amounts, amounts, fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }), (net, tax, parts) => {
        const refunds = parts.map((part) => ((net + tax) * BigInt(part)) / 6000n);
        const refund = refunds.reduce((sum, part) => sum + part, 0n);
        const byLine = taxInRefundByLine(refunds, net, tax);
        expect(byLine.reduce((sum, part) => sum + part, 0n)).toBe(taxInRefund(refund, net, tax));
        expect(taxInRefund(refund, net, tax) <= tax).toBe(true);
      }),
    );
  });
});
