import fc from 'fast-check';

import {
  decideCancel,
  decideDelivery,
  decidePayment,
  decideSettlement,
  decideShipment,
  type OrderPayment,
  type OrderState,
  orderTransitions,
  wasPaid,
} from './order-decider-rules';
import type { OrderStatus } from './order-types';

const total = 55_000;
const taken = '2026-05-04T03:00:00Z';
const payment = (fields: Partial<OrderPayment> = {}): OrderPayment => ({
  id: 1,
  method: 'vnpay',
  status: 'initiated',
  paid_amount: 0,
  refunded_amount: 0,
  settled_at: null,
  ...fields,
});
const received = (fields: Partial<OrderPayment> = {}) =>
  payment({ status: 'success', paid_amount: total, settled_at: taken, ...fields });
const order = (fields: Partial<OrderState> = {}): OrderState => ({
  status: 'pending',
  payment_status: 'pending',
  payment_due_at: new Date('2026-05-04T03:15:00Z'),
  invoice: { status: 'draft', finalised_at: null, total_amount: total, paid_amount: 0, returned_amount: 0 },
  payments: [payment()],
  ...fields,
});
const paidInvoice = {
  status: 'paid',
  finalised_at: taken,
  total_amount: total,
  paid_amount: total,
  returned_amount: 0,
};
const paid = (fields: Partial<OrderState> = {}) =>
  order({
    status: 'confirmed',
    payment_status: 'paid',
    invoice: paidInvoice,
    payments: [received()],
    ...fields,
  });
/** The words of a refusal, or what was decided. */
const outcome = (decide: () => unknown): unknown => {
  try {
    return decide();
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a payment of an order', () => {
  const soon = new Date('2026-05-04T03:10:00Z');

  it.each<[string, OrderState, unknown]>([
    ['starts while the order waits', order(), undefined],
    ['is refused once it is paid', paid(), 'The order is paid.'],
    ['is refused while one has come', order({ payments: [received({ settled_at: null })] }), 'The order is paid.'],
    [
      'is refused once it is cancelled',
      order({ status: 'cancelled' }),
      'The order is cancelled; there is nothing to pay now.',
    ],
    [
      'is refused after its time',
      order({ payment_due_at: soon }),
      'The time to pay is over; the order is being cancelled.',
    ],
  ])('%s', (_name, state, expected) => {
    expect(outcome(() => decidePayment(state, soon))).toBe(expected);
  });
});

describe('money that comes', () => {
  const settled = (state: OrderState, one: Partial<OrderPayment>) => {
    const latest = payment({ ...state.payments.at(-1), ...one });

    return decideSettlement({ ...state, payments: [...state.payments.slice(0, -1), latest] }, latest);
  };
  const came = { status: 'success', paid_amount: total };

  it.each<[string, OrderState, Partial<OrderPayment>, unknown]>([
    ['completes the order that waits', order(), came, { kind: 'complete', status: 'confirmed' }],
    [
      'completes cash on delivery where it is',
      order({ status: 'shipped', invoice: { ...paidInvoice, status: 'open', paid_amount: 0 } }),
      came,
      { kind: 'complete', status: 'shipped' },
    ],
    [
      'goes back when it is not what was asked for',
      order(),
      { ...came, paid_amount: 54_999 },
      { kind: 'return', reason: 'amount_mismatch' },
    ],
    [
      'goes back when the order is over',
      order({ status: 'cancelled' }),
      came,
      { kind: 'return', reason: 'not_wanted' },
    ],
    [
      'goes back when it comes a second time',
      paid(),
      { ...came, settled_at: null },
      { kind: 'return', reason: 'not_wanted' },
    ],
    ['is noted as failed once', order(), { status: 'failed' }, { kind: 'note_failure' }],
    [
      'and not again',
      order({ payment_status: 'failed' }),
      { status: 'failed' },
      { kind: 'repeat', isCompleted: false },
    ],
    ['goes on going back', order({ status: 'cancelled' }), { status: 'refund_due' }, { kind: 'go_on_returning' }],
    ['told again has completed it', paid(), {}, { kind: 'repeat', isCompleted: true }],
    [
      'told again after a cancel has not',
      paid({ status: 'cancelled' }),
      { status: 'refunded' },
      { kind: 'repeat', isCompleted: false },
    ],
    ['that was set aside says nothing', order(), { status: 'superseded' }, { kind: 'repeat', isCompleted: false }],
  ])('%s', (_name, state, fields, expected) => {
    expect(settled(state, fields)).toEqual(expected);
  });
});

describe('a cancel', () => {
  it.each<[string, OrderState, 'request' | 'window', unknown]>([
    ['of an order that waits gives nothing back', order(), 'request', { kind: 'cancel', refunds: [], newlyDue: [] }],
    ['of a paid one gives its money back', paid(), 'request', { kind: 'cancel', refunds: [1], newlyDue: [1] }],
    [
      'goes on with what was due already',
      paid({ payments: [received({ status: 'refund_due' }), received({ id: 2 })] }),
      'request',
      { kind: 'cancel', refunds: [1, 2], newlyDue: [2] },
    ],
    [
      'gives the rest of a part refund back',
      paid({ payments: [received({ status: 'partially_refunded', refunded_amount: total - 1 })] }),
      'request',
      { kind: 'cancel', refunds: [1], newlyDue: [1] },
    ],
    [
      'has nothing to give back of a full refund, or of nothing to pay',
      paid({
        payments: [received({ status: 'refunded', refunded_amount: total }), received({ id: 2, paid_amount: 0 })],
      }),
      'request',
      { kind: 'cancel', refunds: [], newlyDue: [] },
    ],
    [
      'repeated names what is still due',
      order({ status: 'cancelled', payments: [received({ status: 'refund_due' })] }),
      'request',
      { kind: 'repeat', refunds: [1] },
    ],
    ['comes too late when it is shipped', paid({ status: 'shipped' }), 'request', expect.stringMatching(/be returned/)],
    [
      'of the window loses against money that came first',
      order({ payments: [received({ settled_at: null })] }),
      'window',
      { kind: 'paid_first', paymentId: 1 },
    ],
    [
      'of the window wins against money of another amount',
      order({ payments: [received({ settled_at: null, paid_amount: 1 })] }),
      'window',
      { kind: 'cancel', refunds: [1], newlyDue: [1] },
    ],
    ['of the window finds it paid', paid(), 'window', { kind: 'paid_first', paymentId: 1 }],
  ])('%s', (_name, state, cause, expected) => {
    expect(outcome(() => decideCancel(state, cause))).toEqual(expected);
  });
});

describe('goods', () => {
  it.each<[string, OrderState, unknown]>([
    ['are sent once confirmed', paid(), true],
    ['are sent once', paid({ status: 'shipped' }), false],
    ['wait for money', order(), 'The order is pending; only a confirmed order can be shipped.'],
    ['stay when all went back', paid({ payment_status: 'refunded' }), expect.stringMatching(/whole payment/)],
    [
      'stay while all that is left goes back',
      paid({
        payment_status: 'partially_refunded',
        invoice: { ...paidInvoice, paid_amount: 5_000, returned_amount: 5_000 },
      }),
      expect.stringMatching(/on its way back/),
    ],
    ['are sent while a part goes back', paid({ invoice: { ...paidInvoice, returned_amount: total - 1 } }), true],
    [
      'are sent for cash that is still to come',
      paid({ invoice: { ...paidInvoice, status: 'open', paid_amount: 0 } }),
      true,
    ],
    ['are sent of what costs nothing', paid({ invoice: { ...paidInvoice, total_amount: 0, paid_amount: 0 } }), true],
  ])('%s', (_name, state, expected) => {
    expect(outcome(() => decideShipment(state))).toEqual(expected);
  });

  it('arrive once, and bring the cash, whatever was said of it before', () => {
    const cash = payment({ method: 'cod', status: 'failed' });
    expect(decideDelivery(order({ status: 'shipped', payments: [cash] }))).toEqual({ cash });
    expect(decideDelivery(paid({ status: 'shipped' }))).toEqual({ cash: null });
    expect(decideDelivery(paid({ status: 'delivered' }))).toBeNull();
    expect(outcome(() => decideDelivery(paid()))).toMatch(/only a shipped order/);
  });
});

/** What the rows become by each decision, in memory. */
class Shop {
  state = order();

  pay(): void {
    decidePayment(this.state, new Date(0));
    const open = this.state.payments.map((one) =>
      one.status === 'initiated' ? { ...one, status: 'superseded' } : one,
    );
    this.state = { ...this.state, payments: [...open, payment({ id: open.length + 1 })] };
  }

  /** The provider says yes to any payment, however old, and the order takes it in. */
  receive(nth: number, amount: number): void {
    const one = this.state.payments[nth % this.state.payments.length]!;

    if (['initiated', 'superseded', 'cancelled'].includes(one.status)) {
      const status = one.status === 'cancelled' ? 'refund_due' : 'success';
      this.change(one.id, { status, paid_amount: amount });
    }
    this.settle(one.id);
  }

  settle(id: number): void {
    const decision = decideSettlement(
      this.state,
      this.state.payments.find((one) => one.id === id)!,
    );

    if (decision.kind === 'return') {
      this.change(id, { status: 'refund_due', settled_at: taken });
    }
    if (decision.kind === 'complete') {
      this.change(id, { settled_at: taken });
      this.state = { ...this.state, status: decision.status, payment_status: 'paid', invoice: paidInvoice };
    }
  }

  cancel(cause: 'request' | 'window'): void {
    const decision = decideCancel(this.state, cause);

    if (decision.kind === 'paid_first' && decision.paymentId !== null) {
      this.settle(decision.paymentId);
    }
    if (decision.kind === 'cancel') {
      for (const one of this.state.payments) {
        if (decision.newlyDue.includes(one.id)) {
          this.change(one.id, { status: 'refund_due' });
        } else if (one.status === 'initiated') {
          this.change(one.id, { status: 'cancelled' });
        }
      }
      this.state = { ...this.state, status: 'cancelled', invoice: { ...this.state.invoice, status: 'void' } };
    }
  }

  ship(): void {
    this.state = { ...this.state, status: decideShipment(this.state) ? 'shipped' : this.state.status };
  }

  deliver(): void {
    this.state = { ...this.state, status: decideDelivery(this.state) === null ? this.state.status : 'delivered' };
  }

  private change(id: number, fields: Partial<OrderPayment>): void {
    const payments = this.state.payments.map((one) => (one.id === id ? { ...one, ...fields } : one));
    this.state = { ...this.state, payments };
  }
}

it('whatever comes in whatever order: one payment at most is kept, and all of a cancelled order goes back', () => {
  const deed = fc.oneof(
    fc.constant((shop: Shop) => shop.pay()),
    fc.tuple(fc.nat(5), fc.constantFrom(total, total, total - 1)).map(
      ([nth, amount]) =>
        (shop: Shop) =>
          shop.receive(nth, amount),
    ),
    fc.constantFrom('request' as const, 'window' as const).map((cause) => (shop: Shop) => shop.cancel(cause)),
    fc.constant((shop: Shop) => shop.ship()),
    fc.constant((shop: Shop) => shop.deliver()),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 25 }), (deeds) => {
      const shop = new Shop();

      for (const act of deeds) {
        const before = shop.state.status;
        outcome(() => act(shop));
        const { status, payments, invoice } = shop.state;
        const kept = payments.filter((one) => one.status === 'success' && one.settled_at !== null);
        const targets: OrderStatus[] = Object.values(orderTransitions[before]);

        expect(status === before || targets.includes(status)).toBe(true);
        expect(kept.length).toBe(status !== 'cancelled' && wasPaid({ invoice }) ? 1 : 0);
        expect(kept.every((one) => one.paid_amount === total)).toBe(true);
        expect(status === 'cancelled' && payments.some((one) => one.status === 'success')).toBe(false);
        expect(['shipped', 'delivered'].includes(status) && kept.length === 0).toBe(false);
      }
    }),
  );
});
