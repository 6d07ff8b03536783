import fc from 'fast-check';

import { isRefundable, type PaymentStatus, paymentTransitions, sourcesOf } from './payment-state-rules';

const states = Object.keys(paymentTransitions) as PaymentStatus[];
const after = (state: PaymentStatus) => Object.keys(paymentTransitions[state]) as PaymentStatus[];

describe('the states of a payment', () => {
  it.each([
    ['success', ['initiated', 'failed', 'superseded']],
    ['failed', ['initiated']],
    ['superseded', ['initiated']],
    ['cancelled', ['initiated', 'success']],
    ['refund_due', ['cancelled', 'success', 'partially_refunded', 'refund_due']],
    ['refunded', ['success', 'partially_refunded', 'refund_due']],
    ['initiated', []],
  ] as const)('%s is reached from %j', (target, sources) => {
    expect(sourcesOf(target).sort()).toEqual([...sources].sort());
  });

  it('end in refunded alone: money that came late is never turned away', () => {
    expect(states.filter((state) => after(state).length === 0)).toEqual(['refunded']);
  });

  it('hold money from success on, and never become unpaid again', () => {
    const hold = states.filter((state) => isRefundable(state) || state === 'refunded');
    const walks = fc.array(fc.nat(), { maxLength: 12 });

    fc.assert(
      fc.property(walks, (choices) => {
        let state: PaymentStatus = 'initiated';
        let hasMoney = false;

        for (const choice of choices) {
          const next = after(state);
          state = next[choice % Math.max(1, next.length)] ?? state;
          hasMoney ||= hold.includes(state);
          // A payment of nothing is cancelled with its order; there is no money in it.
          expect(hasMoney && state !== 'cancelled' ? hold : states).toContain(state);
          hasMoney &&= state !== 'cancelled';
        }
      }),
    );
  });
});
