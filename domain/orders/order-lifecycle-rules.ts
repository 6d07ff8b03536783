import { momentText } from '../calendar/local-text-rules';
import type { OrderStatus } from './order-types';

/** What the workflow knows of its order. Instants are milliseconds; the rows in PostgreSQL hold the rest. */
export interface OrderLifecycle {
  status: 'placing' | 'refused' | OrderStatus;
  paymentStatus: 'none' | 'pending' | 'paid' | 'failed' | 'cancelled';
  /** When the window to pay ends (D11); null where nothing is waited for. */
  payBy: number | null;
}

export type OrderEvent =
  | { type: 'placed'; status: OrderStatus; payBy: number | null }
  | { type: 'refused' }
  | { type: 'payment_started' }
  | { type: 'payment_completed' }
  | { type: 'payment_failed' }
  | { type: 'cancelled' }
  | { type: 'shipped' }
  | { type: 'delivered' };

export const initialLifecycle: OrderLifecycle = { status: 'placing', paymentStatus: 'none', payBy: null };

/** The life of an order as data: what has happened to it moves it here, nothing else does. */
export function evolve(state: OrderLifecycle, event: OrderEvent): OrderLifecycle {
  switch (event.type) {
    case 'placed':
      return { status: event.status, paymentStatus: 'pending', payBy: event.payBy };
    case 'refused':
      return { ...state, status: 'refused' };
    case 'payment_started':
      return { ...state, paymentStatus: 'pending' };
    case 'payment_completed':
      return {
        ...state,
        status: state.status === 'pending' ? 'confirmed' : state.status,
        paymentStatus: 'paid',
        payBy: null,
      };
    case 'payment_failed':
      return { ...state, paymentStatus: 'failed' };
    case 'cancelled':
      return { status: 'cancelled', paymentStatus: state.paymentStatus === 'paid' ? 'paid' : 'cancelled', payBy: null };
    case 'shipped':
      return { ...state, status: 'shipped' };
    case 'delivered':
      return { status: 'delivered', paymentStatus: 'paid', payBy: null };
  }
}

export function isOver(state: OrderLifecycle): boolean {
  return state.status === 'refused' || state.status === 'cancelled' || state.status === 'delivered';
}

/** Milliseconds until the window to pay ends, at least 0; null where no window runs. */
export function timeLeftToPay(state: OrderLifecycle, now: number): number | null {
  return state.payBy === null || state.status !== 'pending' ? null : Math.max(0, state.payBy - now);
}

/**
 * One line for people in the Temporal Web UI.
 * @param payBy when the window ends, ISO 8601 with the offset of the account
 */
export function describe(
  state: OrderLifecycle,
  payBy: string | null = state.payBy === null ? null : new Date(state.payBy).toISOString(),
): string {
  switch (state.status) {
    case 'placing':
      return 'being placed';
    case 'pending':
      return `waiting for payment${payBy === null ? '' : ` until ${momentText(payBy)}`}${state.paymentStatus === 'failed' ? '; the last payment failed' : ''}`;
    case 'confirmed':
      return state.paymentStatus === 'paid'
        ? 'paid, waiting to be shipped'
        : 'confirmed, paid on delivery, waiting to be shipped';
    case 'shipped':
      return 'shipped, waiting for delivery';
    default:
      return state.status;
  }
}
