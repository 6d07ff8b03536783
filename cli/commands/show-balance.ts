import { printResult } from '../print-result';
import { withRunningSystem } from '../with-running-system';
import { findSubscription } from './find-subscription';

/** What is left of the top-ups of a subscription's customer; also of those that are over, where they are asked for. */
export async function showBalance(
  id: number,
  { meter, all = false, ...options }: { company?: string; json?: boolean; meter?: string; all?: boolean },
): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { readBalances } = await import('../../domain/usage/prepaid/read-balances.js');
    const { customerId } = (await findSubscription(system, id)).view;
    const { balances } = await system.database.withTenantSnapshot(system.companyId, (tx) =>
      readBalances(tx, { customerId, meter, isAll: all, now: system.clock.now() }),
    );
    printResult(
      options.json === true
        ? balances
        : balances.flatMap(({ meter: code, topUps }) =>
            topUps.map(({ addonId, name, bought, used, left, lost, returned, expiresAt }) => ({
              meter: code,
              addonId,
              name,
              bought,
              used,
              left,
              lost,
              returned,
              expiresAt,
            })),
          ),
      options,
    );
  });
}
