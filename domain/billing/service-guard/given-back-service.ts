import { Prisma } from '../../../platform/db/database';
import { defaultSettings } from '../../companies/setting-catalogue';

/**
 * Whether all that was paid for the service of an item at an instant was refunded, and nothing else is billed for it: the guard
 * against double billing has let go of it (D22). Of what is bought once it is all the service there is. What a person takes
 * back in any other way is no refund, and neither is a part of the money.
 */
export function isGivenBack(
  companyId: number,
  { subscriptionId, item, isOnce, at }: Record<'subscriptionId' | 'item' | 'isOnce' | 'at', Prisma.Sql>,
): Prisma.Sql {
  const stretches = (isReleased: boolean) => Prisma.sql`
      FROM finance.billed_service b
     WHERE b.company_id = ${companyId}::bigint AND b.subscription_id = ${subscriptionId} AND b.item = ${item}
       AND b.released_at IS ${isReleased ? Prisma.sql`NOT NULL` : Prisma.sql`NULL`} AND (${isOnce} OR b.service @> ${at})`;

  return Prisma.sql`(EXISTS (SELECT ${stretches(true)} AND ${isOfRefunded}) AND NOT EXISTS (SELECT ${stretches(false)}))`;
}

/**
 * When all service of what is bought once was given back so, else null: units of a top-up are drawn on until then, where the
 * company does not leave what is refunded (setting refundKeepsAccess).
 */
export function givenBackAt(
  companyId: number,
  { subscriptionId, item }: Record<'subscriptionId' | 'item', Prisma.Sql>,
): Prisma.Sql {
  return Prisma.sql`(SELECT max(b.released_at) FROM finance.billed_service b
     WHERE b.company_id = ${companyId}::bigint AND b.subscription_id = ${subscriptionId} AND b.item = ${item}
       AND NOT coalesce((SELECT (g.values ->> 'refundKeepsAccess')::boolean FROM platform.company_settings g WHERE g.company_id = b.company_id),
                        ${defaultSettings.refundKeepsAccess}::boolean)
    HAVING bool_and(b.released_at IS NOT NULL) AND bool_or(${isOfRefunded}))`;
}

/**
 * Whether a payment for anything of a subscription was refunded as a whole, ever: what it gives may be another with each period,
 * and with whatever else is taken back of what is billed.
 */
export function hasGivenBack(companyId: number, subscriptionId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM finance.payments p
     WHERE p.company_id = ${companyId}::bigint AND p.subscription_id = ${subscriptionId} AND p.status = 'refunded')`;
}

const isOfRefunded = Prisma.sql`EXISTS (
       SELECT FROM finance.invoice_lines l JOIN finance.payments p ON p.company_id = l.company_id AND p.invoice_id = l.invoice_id
        WHERE l.company_id = b.company_id AND l.id = b.invoice_line_id AND p.status = 'refunded')`;
