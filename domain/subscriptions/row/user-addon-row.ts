import { z } from 'zod';

import { epochMs } from '../../../platform/db/epoch-ms';
import { Prisma } from '../../../platform/db/database';
import { billingPeriods } from '../../catalogue/addons/addon-row';
import { localDateAt } from '../../calendar/zoned-calendar';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { PrepaidUnits } from '../../usage/prepaid/prepaid-units';
import { AgreedMeter } from '../../usage/prices/agreed-meter';
import { billingPeriodOf, cycleOfPeriod, userAddonIdOf } from '../lifecycle/addon-rules';
import { addonsOf, ifInclusive, isInPeriod, taxBehaviorOf } from '../lifecycle/item-rules';
import { expiryOf, isLastPeriod } from '../schedule/subscription-deadline-rules';
import type { AddonItem, Subscription } from '../lifecycle/subscription-types';

/** The one place that knows how an add-on that was bought stands in its row (`ordering.user_addons`). */

const at = z.number().nullable();

/** As it is read with its subscription: instants are epoch milliseconds. */
export const UserAddonRow = z.object({
  id: z.number(),
  addonId: z.number(),
  addonKey: z.string(),
  addonName: z.string(),
  price: z.number(),
  setupFee: z.number(),
  taxBehavior: z.enum(taxBehaviors),
  quantity: z.number(),
  billingPeriod: z.enum(billingPeriods),
  termPeriods: z.number().nullable(),
  termEndsAt: at,
  status: z.enum(['pending', 'active']),
  anchorAt: at,
  anchorDay: z.number().nullable(),
  periodIndex: z.number(),
  currentPeriodStart: at,
  currentPeriodEnd: at,
  purchasedAt: z.number(),
  activatedAt: at,
  meters: z.array(AgreedMeter),
  meteredSince: at,
  awaitsPlan: z.boolean(),
  prepaid: PrepaidUnits.nullable(),
});
type UserAddonRow = z.output<typeof UserAddonRow>;

/** JSON of those that subscription `s` has now, inside the statement that reads it; null where it has none. */
export const userAddonsJson = Prisma.sql`(
  SELECT jsonb_agg(to_jsonb(x) ORDER BY x.id) FROM (
    SELECT u.id, u.addon_id AS "addonId", u.addon_key AS "addonKey", u.addon_name AS "addonName", u.price, u.setup_fee AS "setupFee", u.tax_behavior AS "taxBehavior", u.quantity,
           u.billing_period AS "billingPeriod", u.term_periods AS "termPeriods", ${epochMs('u.term_ends_at')} AS "termEndsAt", u.status, ${epochMs('u.anchor_at')} AS "anchorAt", u.anchor_day AS "anchorDay",
           u.period_index AS "periodIndex", ${epochMs('u.current_period_start')} AS "currentPeriodStart",
           ${epochMs('u.current_period_end')} AS "currentPeriodEnd", ${epochMs('u.purchased_at')} AS "purchasedAt",
           ${epochMs('u.activated_at')} AS "activatedAt", u.meters, ${epochMs('u.metered_since')} AS "meteredSince",
           u.awaits_plan AS "awaitsPlan", CASE WHEN u.prepaid_meter_id IS NOT NULL THEN
             jsonb_build_object('meterId', u.prepaid_meter_id, 'units', u.prepaid_units, 'expiresAfterDays', u.prepaid_days) END AS prepaid
      FROM ordering.user_addons u
     WHERE u.company_id = s.company_id AND u.subscription_id = s.id AND u.status IN ('pending', 'active')) x)`;

export function addonItemOf(row: UserAddonRow): AddonItem {
  const { anchorAt, anchorDay, periodIndex, currentPeriodStart: start, currentPeriodEnd: end } = row;

  return {
    key: `addon/${row.id}`,
    terms: {
      addonId: row.addonId,
      addonKey: row.addonKey,
      addonName: row.addonName,
      amount: row.price,
      ...ifInclusive(row.taxBehavior),
      billingCycle: cycleOfPeriod(row.billingPeriod),
      ...(row.setupFee === 0 ? {} : { setupFee: row.setupFee }),
      ...(row.termPeriods === null ? {} : { termPeriods: row.termPeriods }),
      ...(row.meters.length === 0 ? {} : { meters: row.meters }),
      ...(row.prepaid === null ? {} : { prepaid: row.prepaid }),
    },
    quantity: row.quantity,
    schedule: anchorAt === null || anchorDay === null ? null : { anchorAt, anchorDay, periodIndex },
    wantedAnchorDay: null,
    period: start === null || end === null ? null : { startsAt: start, endsAt: end },
    endsAt: row.termEndsAt,
    status: row.status,
    purchasedAt: row.purchasedAt,
    activatedAt: row.activatedAt,
    meteredSince: row.meteredSince,
    ...(row.awaitsPlan ? { awaitsPlan: true } : {}),
  };
}

/** Rows of all that it has, as JSON for `jsonb_populate_recordset`. */
export function addonColumns(state: Subscription, now: Date) {
  const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

  return addonsOf(state).map((item) => {
    const isEnding = isLastPeriod(state, item);
    const end = isInPeriod(item) ? item.period.endsAt : null;

    return {
      id: userAddonIdOf(item.key),
      subscription_id: state.id,
      customer_id: state.customerId,
      addon_id: item.terms.addonId,
      addon_key: item.terms.addonKey,
      addon_name: item.terms.addonName,
      price: item.terms.amount,
      setup_fee: item.terms.setupFee ?? 0,
      tax_behavior: taxBehaviorOf(item),
      quantity: item.quantity,
      billing_period: billingPeriodOf(item.terms),
      term_periods: item.terms.termPeriods ?? null,
      term_ends_at: iso(item.endsAt),
      status: item.status,
      anchor_at: iso(item.schedule?.anchorAt ?? null),
      anchor_day: item.schedule?.anchorDay ?? null,
      period_index: item.schedule?.periodIndex ?? 0,
      current_period_start: iso(item.period?.startsAt ?? null),
      current_period_end: iso(item.period?.endsAt ?? null),
      next_billing_date: end === null || isEnding ? null : localDateAt(end, state.timeZone),
      purchased_at: iso(item.purchasedAt),
      activated_at: iso(item.activatedAt),
      expires_at: iso(isEnding ? end : (item.endsAt ?? expiryOf(item))),
      meters: item.terms.meters ?? [],
      metered_since: iso(item.meteredSince ?? null),
      awaits_plan: item.awaitsPlan === true,
      prepaid_meter_id: item.terms.prepaid?.meterId ?? null,
      prepaid_units: item.terms.prepaid?.units ?? null,
      prepaid_days: item.terms.prepaid?.expiresAfterDays ?? null,
      created_at: iso(item.purchasedAt),
      updated_at: now.toISOString(),
    };
  });
}
