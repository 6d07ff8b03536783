import { AppError } from '../errors';
import type { OrderStatus } from './order-types';

/** The life of an order as data (D11): from each state, the commands it takes, and where each leads. */
export const orderTransitions = {
  pending: { pay: 'pending', settle: 'confirmed', cancel: 'cancelled' },
  confirmed: { settle: 'confirmed', ship: 'shipped', cancel: 'cancelled' },
  shipped: { settle: 'shipped', deliver: 'delivered' },
  delivered: { settle: 'delivered' },
  cancelled: {},
} as const satisfies Record<OrderStatus, Partial<Record<OrderCommand, OrderStatus>>>;

export type OrderCommand = 'pay' | 'settle' | 'cancel' | 'ship' | 'deliver';

/** A payment as far as its order is concerned. Minor units; `settled_at` is null until its order took it in. */
export interface OrderPayment {
  id: number;
  method: string;
  status: string;
  paid_amount: number;
  refunded_amount: number;
  settled_at: string | null;
}

/** What is decided from: the rows of an order, as they are locked. Payments by attempt, at least one. */
export interface OrderState {
  status: OrderStatus;
  payment_status: string;
  payment_due_at: Date | null;
  /** `returned_amount`: of what was paid, what refunds under way have reserved. */
  invoice: {
    status: string;
    finalised_at: string | null;
    total_amount: number;
    paid_amount: number;
    returned_amount: number;
  };
  payments: readonly OrderPayment[];
}

const refusals: Readonly<Record<Exclude<OrderCommand, 'settle'>, string>> = {
  pay: 'there is nothing to pay now',
  cancel: 'it can be returned, not cancelled',
  ship: 'only a confirmed order can be shipped',
  deliver: 'only a shipped order can be delivered',
};

function targetOf(status: OrderStatus, command: OrderCommand): OrderStatus | undefined {
  const targets: Partial<Record<OrderCommand, OrderStatus>> = orderTransitions[status];

  return targets[command];
}

/** Where a command leads. @throws AppError order_state where it leads nowhere */
function moveOrder(order: OrderState, command: Exclude<OrderCommand, 'settle'>): OrderStatus {
  return targetOf(order.status, command) ?? refuse(order, `The order is ${order.status}; ${refusals[command]}.`);
}

function refuse(order: OrderState, detail: string, params: Record<string, string> = {}): never {
  throw new AppError('order_state', { detail, params: { state: order.status, ...params } });
}

/** Whether its invoice was paid at some time, whatever went back since: nothing is left of a final one that is void. */
export function wasPaid({ invoice }: Pick<OrderState, 'invoice'>): boolean {
  return invoice.finalised_at !== null && invoice.status !== 'open';
}

/** Whether its order took it in and it need not go back; whatever was given back of it since. */
function isSettled({ status, settled_at }: OrderPayment): boolean {
  return settled_at !== null && (status === 'success' || status === 'partially_refunded' || status === 'refunded');
}

/** Whether a cancel has to give something of this payment back, or goes on doing so. */
function hasMoneyToReturn({ status, paid_amount, refunded_amount }: OrderPayment): boolean {
  return (
    (status === 'success' || status === 'partially_refunded' || status === 'refund_due') &&
    paid_amount > refunded_amount
  );
}

const idsOf = (payments: readonly OrderPayment[]): number[] => payments.map(({ id }) => id);

/**
 * Whether another payment may start.
 * @throws AppError order_already_paid, order_state
 */
export function decidePayment(order: OrderState, now: Date): void {
  if (order.invoice.status === 'paid' || order.payments.some(({ status }) => status === 'success')) {
    throw new AppError('order_already_paid', { detail: 'The order is paid.' });
  }
  moveOrder(order, 'pay');

  if (order.payment_due_at !== null && order.payment_due_at <= now) {
    refuse(order, 'The time to pay is over; the order is being cancelled.');
  }
}

/** What becomes of a payment that has an answer. Money that pays nothing goes back, with its reason (D11). */
export type SettlementDecision =
  | { kind: 'complete'; status: OrderStatus }
  | { kind: 'note_failure' }
  | { kind: 'return'; reason: 'not_wanted' | 'amount_mismatch' }
  /** It was decided before, and is not done. */
  | { kind: 'go_on_returning' }
  | { kind: 'repeat'; isCompleted: boolean };

/** What a payment of the order means to it. */
export function decideSettlement(order: OrderState, payment: OrderPayment): SettlementDecision {
  const repeat: SettlementDecision = {
    kind: 'repeat',
    isCompleted: isSettled(payment) && wasPaid(order) && order.status !== 'cancelled',
  };
  const isLatest = order.payments.at(-1)?.id === payment.id;

  switch (payment.status) {
    case 'success':
      return payment.settled_at === null ? decideMoney(order, payment) : repeat;
    case 'failed':
      // Declined, the order waits on with its stock: it may be paid again (S408).
      return order.status === 'pending' && isLatest && order.payment_status !== 'failed'
        ? { kind: 'note_failure' }
        : { kind: 'repeat', isCompleted: false };
    case 'refund_due':
      return { kind: 'go_on_returning' };
    default:
      return repeat;
  }
}

function decideMoney(order: OrderState, payment: OrderPayment): SettlementDecision {
  const status = targetOf(order.status, 'settle');

  if (status === undefined || order.invoice.status === 'paid' || order.invoice.status === 'void') {
    return { kind: 'return', reason: 'not_wanted' };
  }

  return payment.paid_amount === order.invoice.total_amount
    ? { kind: 'complete', status }
    : { kind: 'return', reason: 'amount_mismatch' };
}

export type CancelDecision =
  | { kind: 'repeat'; refunds: number[] }
  /** The end of the window loses against a payment that was committed before it (D5). */
  | { kind: 'paid_first'; paymentId: number | null }
  /** `refunds`: payments with money to go back; of them `newlyDue` since now. */
  | { kind: 'cancel'; refunds: number[]; newlyDue: number[] };

/** @throws AppError order_state once it is shipped */
export function decideCancel(order: OrderState, cause: 'request' | 'window'): CancelDecision {
  if (order.status === 'cancelled') {
    return { kind: 'repeat', refunds: idsOf(order.payments.filter(({ status }) => status === 'refund_due')) };
  }
  moveOrder(order, 'cancel');
  const first = cause === 'window' ? findPaidFirst(order) : undefined;

  if (first !== undefined) {
    return { kind: 'paid_first', paymentId: first.id };
  }
  const refunds = order.payments.filter(hasMoneyToReturn);

  return {
    kind: 'cancel',
    refunds: idsOf(refunds),
    newlyDue: idsOf(refunds.filter(({ status }) => status !== 'refund_due')),
  };
}

/** One of another amount than was asked for pays nothing. */
function findPaidFirst(order: OrderState): OrderPayment | undefined {
  return order.status === 'pending'
    ? order.payments.find(
        (one) => one.status === 'success' && one.settled_at === null && one.paid_amount === order.invoice.total_amount,
      )
    : (order.payments.find(isSettled) ?? order.payments.at(-1));
}

/**
 * Whether to hand it to a carrier; false: it was.
 * @throws AppError order_state unless it is confirmed and not all its money went back, or is on its way
 */
export function decideShipment(order: OrderState): boolean {
  if (order.status === 'shipped') {
    return false;
  }
  moveOrder(order, 'ship');

  if (order.payment_status === 'refunded') {
    refuse(order, 'The whole payment was refunded; the order can be cancelled, not shipped.', {
      paymentStatus: order.payment_status,
    });
  }

  if (order.invoice.paid_amount > 0 && order.invoice.returned_amount >= order.invoice.paid_amount) {
    refuse(order, 'All that is left of the payment is on its way back; the order can be shipped if that fails.', {
      paymentStatus: order.payment_status,
    });
  }

  return true;
}

/**
 * Whether the goods arrive now, and which payment is the cash for them; null: they had arrived. Cash that was said to have
 * failed is paid all the same when it is handed over with the goods.
 * @throws AppError order_state unless it is shipped
 */
export function decideDelivery<Payment extends OrderPayment>(
  order: OrderState & { payments: readonly Payment[] },
): { cash: Payment | null } | null {
  if (order.status === 'delivered') {
    return null;
  }
  moveOrder(order, 'deliver');
  const isCash = ({ method, status }: Payment) => method === 'cod' && (status === 'initiated' || status === 'failed');

  return { cash: order.payments.find(isCash) ?? null };
}
