import type { TenantSql } from '../../../platform/db/database';
import type { OverdueInvoice } from '../../billing/dunning/read-campaign';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import type { PaymentGateways } from '../../payments/payment-gateway';
import { collectInvoice } from './collect-invoice';
import { lockSubscription } from '../row/lock-subscription';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';

/**
 * Gives invoices that a customer pays by hand an address to pay at, where the last one has run out and the way to pay has
 * addresses (D16). Whatever a saved method is charged for is left alone. Locks the subscriptions, in the order of ids.
 */
export async function renewPayAddresses(
  tx: TenantSql,
  invoices: readonly OverdueInvoice[],
  { gateways, now }: { gateways: PaymentGateways; now: Date },
): Promise<void> {
  const without = invoices.filter(({ paymentUrl }) => paymentUrl === null);
  const owners = new Set(without.flatMap(({ subscriptionId }) => (subscriptionId === null ? [] : [subscriptionId])));

  for (const subscriptionId of [...owners].sort((left, right) => left - right)) {
    const locked = await lockSubscription(tx, subscriptionId, now);
    const { state } = locked;
    const isCharged = state.collection === 'charge_automatically' && state.hasMethod;
    const wanted = state.unpaid.filter(
      ({ invoiceId, chargeInFlight }) => chargeInFlight === null && without.some(({ id }) => id === invoiceId),
    );

    for (const { invoiceId } of isCharged ? [] : wanted) {
      const started = await collectUnlessRefused(() => collectInvoice(tx, { invoiceId, locked, state, gateways }));

      if (started !== null) {
        await appendEvents(tx, {
          subject: subscriptionSubject(subscriptionId),
          events: [started.event],
          now: locked.now,
        });
      }
    }
  }
}

/** A way to pay that is not offered any more: the request goes without an address. */
async function collectUnlessRefused<Result>(collect: () => Promise<Result>): Promise<Result | null> {
  try {
    return await collect();
  } catch (error) {
    if (error instanceof AppError) {
      return null;
    }
    throw error;
  }
}
