import { tellPaymentOwner } from '../../clients/payment-owner-client';
import { markSignalled } from '../../domain/payments/record-outcome';
import type { ApiDependencies } from '../dependencies';
import type { TakenIn } from './callback-store';

/** A provider waits for its answer, and the relay of payment-svc tells the owner if this does not get through. */
const patienceMs = 2_000;

/**
 * Tells the owner of a payment that the inbox holds news, at once (D5). Never throws: what does not get through, the
 * relay sends again.
 */
export async function tellOwner(
  deps: ApiDependencies,
  { companyId, paymentId, orderId, subscriptionId, inboxId }: TakenIn,
): Promise<void> {
  try {
    await deps.temporal.connection.withDeadline(deps.clock.now().getTime() + patienceMs, () =>
      tellPaymentOwner(deps, { companyId, paymentId, orderId, subscriptionId }),
    );
    await deps.database.withTenantSql(companyId, (tx) =>
      markSignalled(tx, { paymentId, inboxId, now: deps.clock.now() }),
    );
  } catch (err) {
    deps.logger.info({ err, paymentId }, 'the owner could not be told of its payment; the relay will');
  }
}
