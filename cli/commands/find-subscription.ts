import type { RunningSystem } from '../with-running-system';

/** A subscription of the system that runs: its row, and how it is shown. @throws AppError not_found */
export async function findSubscription(system: RunningSystem, subscriptionId: number) {
  const [api, { viewSubscription }] = await Promise.all([
    import('../../api/subscriptions/command-subscription.js'),
    import('../../domain/subscriptions/row/subscription-view.js'),
  ]);
  const row = await api.findSubscription(system, { companyId: system.companyId, subscriptionId });

  return { row, view: viewSubscription(row) };
}
