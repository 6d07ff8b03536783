import fc from 'fast-check';

import { ONE, ratio } from '../../money/ratio-rules';
import { creditShare } from './credit-line-rules';
import { type CreditedInvoice, draftCreditNote } from './credit-note-rules';

const invoice = (fields: Partial<CreditedInvoice>): CreditedInvoice => ({
  status: 'paid',
  totalAmount: 110_000,
  dueAmount: 0,
  kept: 110_000,
  takenBack: 0,
  ...fields,
});
const all = [
  {
    lineId: 1,
    description: 'Plan',
    credit: creditShare(
      {
        lineId: '1',
        amount: 100_000n,
        discount: 0n,
        tax: 10_000n,
        taxRatePpm: 100_000,
        discountTiming: 'after_tax',
        credited: { amount: 0n, discount: 0n, tax: 0n },
      },
      ONE,
    ),
    taxesLeft: null,
    discountTiming: 'after_tax' as const,
    startsAt: null,
    endsAt: null,
  },
];

describe('a credit note', () => {
  it('is written for days of a line that a discount took all of, though no money comes back', () => {
    const line = {
      lineId: '1',
      amount: 40_000n,
      discount: 44_000n,
      tax: 4_000n,
      taxRatePpm: 100_000,
      discountTiming: 'after_tax' as const,
      credited: { amount: 0n, discount: 0n, tax: 0n },
    };

    for (let days = 1; days <= 28; days += 1) {
      const wanted = all.map((one) => ({ ...one, credit: creditShare(line, ratio(days, 28)) }));
      const draft = draftCreditNote(invoice({ totalAmount: 0, kept: 0 }), wanted, 'balance');

      expect(draft).toMatchObject({ totalAmount: 0, reducedDue: 0, toBalance: 0, status: 'paid' });
      expect(draft?.subtotal).toBe(-Math.round((40_000 * days) / 28));
    }
  });

  it.each([
    ['paid: its money stays here', invoice({}), 'balance', { reducedDue: 0, toBalance: 110_000, status: 'paid' }],
    [
      'open: nothing is due, and no money came',
      invoice({ status: 'open', dueAmount: 110_000, kept: 0 }),
      'balance',
      { reducedDue: 110_000, toBalance: 0, status: 'void' },
    ],
    [
      'paid in part: what is due first',
      invoice({ status: 'open', dueAmount: 60_000, kept: 50_000 }),
      'balance',
      { reducedDue: 60_000, toBalance: 50_000, status: 'void' },
    ],
    [
      'given up',
      invoice({ status: 'uncollectible', dueAmount: 110_000, kept: 0 }),
      'balance',
      { reducedDue: 110_000, status: 'void' },
    ],
    [
      'paid, and refunded: no more than was kept',
      invoice({ kept: 44_000, takenBack: 66_000 }),
      { payment: 110_000, refundId: 1 },
      { totalAmount: -44_000, toPayment: 44_000, toBalance: 0, status: 'void' },
    ],
    [
      'of a refund that has reserved it',
      invoice({ kept: 0 }),
      { payment: 110_000, refundId: 1, reserved: 110_000 },
      { toPayment: 110_000, status: 'void' },
    ],
  ] as const)('over all of an invoice that is %s', (_name, of, to, expected) => {
    expect(draftCreditNote(of, all, to)).toMatchObject(expected);
  });

  it('is none where nothing was kept and nothing is due', () => {
    expect(draftCreditNote(invoice({ kept: 0 }), all, 'balance')).toBeNull();
  });

  it('takes back no more than is due and kept together', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('paid', 'open', 'uncollectible'),
        fc.integer({ min: 0, max: 110_000 }),
        fc.integer({ min: 0, max: 110_000 }),
        (status, due, kept) => {
          const dueAmount = status === 'paid' ? 0 : due;
          const note = draftCreditNote(invoice({ status, dueAmount, kept }), all, 'balance');
          const { totalAmount, reducedDue, toBalance } = note ?? { totalAmount: 0, reducedDue: 0, toBalance: 0 };

          const back = 0 - totalAmount;

          expect(back).toBe(Math.min(110_000, dueAmount + kept));
          expect(reducedDue + toBalance).toBe(back);
          expect(reducedDue).toBe(Math.min(dueAmount, back));
        },
      ),
    );
  });
});
