import type { ReservableTarget } from './route';

/** Workflows by the resource whose paths lead to them; `test-clocks` and `testClock` are one. */
const resources: Readonly<Record<string, string>> = {
  orders: 'order',
  subscriptions: 'subscription',
  payments: 'payment',
  'test-clocks': 'test-clock',
  'price-moves': 'price-move',
};
const targets: Readonly<Partial<Record<ReservableTarget, string>>> = {
  order: 'order',
  subscription: 'subscription',
  testClock: 'test-clock',
  priceMove: 'price-move',
  deployment: 'model-switch',
};

/**
 * The workflow a request is about, such as `order/1042`, for log lines: that of the row its path names, or of the one it
 * makes; null for all else.
 */
export function workflowOfRequest(
  route: { path: string; reserves?: ReservableTarget | undefined },
  { id, reservedId }: { id: string | undefined; reservedId: number },
): string | null {
  const [, resource = '', parameter] = route.path.split('/');

  if (parameter === ':id') {
    const type = resources[resource];

    return type === undefined || id === undefined ? null : `${type}/${id}`;
  }
  const type = route.reserves === undefined ? undefined : targets[route.reserves];

  return type === undefined ? null : `${type}/${reservedId}`;
}
