import { formatInstant } from '../../../platform/instant';
import { datedSpan } from '../../billing/pricing/line-basis';
import { serviceAmount } from '../../billing/pricing/proration-rules';
import { toSafeNumber } from '../../money/money-rules';
import { guardedItemOf, lineNameOf, taxBehaviorOf } from '../lifecycle/item-rules';
import type { PendingCharge, PendingItem } from '../lifecycle/subscription-types';

/** What waits for the next invoice, as the API shows it: minor units as the price has it, negative where it is given back. */
export function viewPending(items: readonly PendingItem[], timeZone: string) {
  return items.map((one) => {
    const { kind, since } = one;
    const {
      item,
      name,
      quantity,
      unitPrice,
      service,
      taxBehavior = 'exclusive',
    } = one.kind === 'charge'
      ? { ...one.line, item: guardedItemOf(one.line), name: lineNameOf(one.line), taxBehavior: taxBehaviorOf(one.line) }
      : one;

    return {
      kind,
      item,
      description: name,
      quantity,
      unitAmount: unitPrice,
      taxBehavior,
      amount: one.kind === 'charge' ? amountOf(one, timeZone) : (one.amount ?? 0),
      periodStart: formatInstant(new Date(service.startsAt), timeZone),
      periodEnd: formatInstant(new Date(service.endsAt), timeZone),
      createdAt: formatInstant(new Date(since), timeZone),
    };
  });
}

/** As the invoice will have it. */
function amountOf({ line }: PendingCharge, timeZone: string): number {
  const { unitPrice, quantity, service, denominator, proration } = line;

  return toSafeNumber(
    serviceAmount({
      price: BigInt(unitPrice),
      quantity: BigInt(quantity),
      service: datedSpan(service, timeZone),
      denominator: datedSpan(denominator, timeZone),
      proration,
    }),
  );
}
