import fc from 'fast-check';

import {
  describe as describeOrder,
  evolve,
  initialLifecycle,
  isOver,
  type OrderEvent,
  type OrderLifecycle,
  timeLeftToPay,
} from './order-lifecycle-rules';

const payBy = Date.parse('2026-05-04T03:15:00Z');
const placed: OrderEvent = { type: 'placed', status: 'pending', payBy };
const cashPlaced: OrderEvent = { type: 'placed', status: 'confirmed', payBy: null };
const after = (...events: OrderEvent[]): OrderLifecycle => events.reduce(evolve, initialLifecycle);

describe('the life of an order', () => {
  it.each<[string, OrderEvent[], OrderLifecycle]>([
    ['placed', [placed], { status: 'pending', paymentStatus: 'pending', payBy }],
    ['refused', [{ type: 'refused' }], { status: 'refused', paymentStatus: 'none', payBy: null }],
    ['paid', [placed, { type: 'payment_completed' }], { status: 'confirmed', paymentStatus: 'paid', payBy: null }],
    ['failed to be paid', [placed, { type: 'payment_failed' }], { status: 'pending', paymentStatus: 'failed', payBy }],
    [
      'failed, then paid again',
      [placed, { type: 'payment_failed' }, { type: 'payment_started' }],
      { status: 'pending', paymentStatus: 'pending', payBy },
    ],
    ['cancelled', [placed, { type: 'cancelled' }], { status: 'cancelled', paymentStatus: 'cancelled', payBy: null }],
    [
      'cancelled after payment',
      [placed, { type: 'payment_completed' }, { type: 'cancelled' }],
      { status: 'cancelled', paymentStatus: 'paid', payBy: null },
    ],
    [
      'paid in cash with the goods',
      [cashPlaced, { type: 'shipped' }, { type: 'delivered' }],
      { status: 'delivered', paymentStatus: 'paid', payBy: null },
    ],
    [
      'paid after it was shipped',
      [cashPlaced, { type: 'shipped' }, { type: 'payment_completed' }],
      { status: 'shipped', paymentStatus: 'paid', payBy: null },
    ],
  ])('%s', (_name, events, expected) => {
    expect(after(...events)).toEqual(expected);
  });

  it('ends with a refusal, a cancel or the delivery, and with nothing else', () => {
    expect([after({ type: 'refused' }), after(placed, { type: 'cancelled' })].map(isOver)).toEqual([true, true]);
    expect(isOver(after(cashPlaced, { type: 'shipped' }, { type: 'delivered' }))).toBe(true);
    expect([after(placed), after(cashPlaced), after(cashPlaced, { type: 'shipped' })].map(isOver)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('waits for money until the window ends, and no longer once it is paid', () => {
    expect(timeLeftToPay(after(placed), payBy - 1_000)).toBe(1_000);
    expect(timeLeftToPay(after(placed), payBy + 1_000)).toBe(0);
    expect(timeLeftToPay(after(placed, { type: 'payment_failed' }), payBy - 5)).toBe(5);
    expect(timeLeftToPay(after(placed, { type: 'payment_completed' }), payBy)).toBeNull();
    expect(timeLeftToPay(after(cashPlaced), payBy)).toBeNull();
    expect(timeLeftToPay(initialLifecycle, payBy)).toBeNull();
  });

  it.each<[OrderEvent[], string]>([
    [[], 'being placed'],
    [[placed], 'waiting for payment until 4 May 2026 03:15 UTC'],
    [[placed, { type: 'payment_failed' }], 'waiting for payment until 4 May 2026 03:15 UTC; the last payment failed'],
    [[{ type: 'placed', status: 'pending', payBy: null }], 'waiting for payment'],
    [[placed, { type: 'payment_completed' }], 'paid, waiting to be shipped'],
    [[cashPlaced], 'confirmed, paid on delivery, waiting to be shipped'],
    [[cashPlaced, { type: 'shipped' }], 'shipped, waiting for delivery'],
    [[placed, { type: 'cancelled' }], 'cancelled'],
  ])('reads well after %j', (events, text) => {
    expect(describeOrder(after(...events))).toBe(text);
  });

  it('tells the time of the account where it is known', () => {
    expect(describeOrder(after(placed), '2026-05-04T10:15:00+07:00')).toBe(
      'waiting for payment until 4 May 2026 10:15 +07:00',
    );
  });
});

/** What the database may say next of an order in this state; the workflow hears of it in this order. */
function possible(state: OrderLifecycle): OrderEvent[] {
  switch (state.status) {
    case 'placing':
      return [placed, cashPlaced, { type: 'placed', status: 'pending', payBy: null }, { type: 'refused' }];
    case 'pending':
      return [
        { type: 'payment_started' },
        { type: 'payment_failed' },
        { type: 'payment_completed' },
        { type: 'cancelled' },
      ];
    case 'confirmed':
      return [{ type: 'payment_completed' }, { type: 'shipped' }, { type: 'cancelled' }];
    case 'shipped':
      return [{ type: 'payment_completed' }, { type: 'delivered' }];
    default:
      return [];
  }
}

describe('any sequence of what can happen', () => {
  const rank = ['placing', 'pending', 'confirmed', 'shipped', 'delivered'];

  it('moves forward only, waits only while pending, and is over for good', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (choices) => {
        let state = initialLifecycle;

        for (const choice of choices) {
          const events = possible(state);
          const next = events.length === 0 ? state : evolve(state, events[choice % events.length]!);

          if (rank.includes(next.status)) {
            expect(rank.indexOf(next.status)).toBeGreaterThanOrEqual(rank.indexOf(state.status));
          }
          expect(next.payBy !== null && next.status !== 'pending').toBe(false);
          expect(timeLeftToPay(next, payBy - 1) === null).toBe(next.payBy === null);
          expect(state.paymentStatus === 'paid' && next.paymentStatus !== 'paid').toBe(false);
          expect(next.status === 'delivered' && next.paymentStatus !== 'paid').toBe(false);
          expect(describeOrder(next)).not.toBe('');
          expect(isOver(next)).toBe(['refused', 'cancelled', 'delivered'].includes(next.status));
          state = next;
        }
      }),
    );
  });

  it('is the same when it is told twice in a row, as after a restart', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (choices) => {
        let state = initialLifecycle;

        for (const choice of choices) {
          const events = possible(state);

          if (events.length === 0) {
            break;
          }
          const event = events[choice % events.length]!;
          state = evolve(state, event);
          expect(evolve(state, event)).toEqual(state);
        }
      }),
    );
  });
});
