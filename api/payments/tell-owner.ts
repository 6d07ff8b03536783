import { paymentOwner } from '../../domain/payments/payment-owner-rules';
import { markSignalled } from '../../domain/payments/record-outcome';
import type { ApiDependencies } from '../dependencies';
import type { TakenIn } from './callback-store';

/** A provider waits for its answer, and the relay of payment-svc tells the owner if this does not get through. */
const patienceMs = 2_000;

/**
 * Tells the owner of a payment that the inbox holds news, at once (D5). Never throws: what does not get through, the
 * relay sends again, also to `payment/<id>` when the owner is over.
 */
export async function tellOwner(
  deps: ApiDependencies,
  { companyId, paymentId, orderId, subscriptionId, inboxId }: TakenIn,
): Promise<void> {
  const owner = paymentOwner({ orderId, subscriptionId });

  if (owner === null) {
    return;
  }

  try {
    await deps.temporal.connection.withDeadline(deps.clock.now().getTime() + patienceMs, () =>
      deps.temporal.workflow.getHandle(owner).signal('paymentSettled', { paymentId }),
    );
    await deps.database.withTenantSql(companyId, (tx) =>
      markSignalled(tx, { paymentId, inboxId, now: deps.clock.now() }),
    );
  } catch (err) {
    deps.logger.info(
      { err, paymentId, workflowId: owner },
      'the owner could not be told of its payment; the relay will',
    );
  }
}
