import { z } from 'zod';

import { BILLING_PERIODS, type BillingCycle } from '../calendar/billing-period-rules';
import type { InstantSpan } from '../calendar/zoned-calendar';
import { FeatureGrant } from '../catalogue/features/feature-grant';
import { featureKinds } from '../catalogue/features/feature-row';
import type { Ratio } from '../money/ratio-rules';

const cycles = Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]];

/** Where the periods of a metered feature begin and end; instants are epoch milliseconds. */
const Periods = z.object({
  timeZone: z.string(),
  billingCycle: z.enum(cycles),
  anchorAt: z.number(),
  anchorDay: z.number().nullable(),
  /** The one that stands in the row: of a trial, the trial. Null where the plan has none, as a free tier. */
  startsAt: z.number().nullable(),
  endsAt: z.number().nullable(),
});
export type GrantPeriods = z.output<typeof Periods>;

export const EntitlementGrant = z.object({
  source: z.enum(['plan', 'addon', 'override']),
  /** null of an override. */
  subscriptionId: z.number().nullable(),
  planId: z.number().nullable(),
  addonId: z.number().nullable(),
  overrideId: z.number().nullable(),
  /** Seats, or how many of the add-on. */
  quantity: z.number(),
  value: FeatureGrant.shape.value,
  perUnit: z.boolean(),
  /** ISO 8601; null: goes on until something ends it. */
  validUntil: z.string().nullable(),
  periods: Periods,
});
export type EntitlementGrant = z.output<typeof EntitlementGrant>;

/** What a person decided for one customer, which holds in place of what subscriptions give. */
const Override = z.object({
  id: z.number(),
  effect: z.enum(['grant', 'deny']),
  validUntil: z.string().nullable(),
});

/** A feature, and what gives it to a customer now; nothing: the customer does not have it. */
export const HeldFeature = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(featureKinds),
  unit: z.string().nullable(),
  meterId: z.number().nullable(),
  override: Override.nullable(),
  /** The customer has units of its meter that were bought ahead, and no override. */
  isToppedUp: z.boolean().default(false),
  grants: z
    .array(EntitlementGrant)
    .nullable()
    .transform((grants) => grants ?? []),
});
export type HeldFeature = z.output<typeof HeldFeature>;

/** Units of its meter that were bought ahead and can be drawn on now. */
export interface ToppedUp {
  bought: Ratio;
  left: Ratio;
}

/** A grant of a metered feature with the period that its balance is for, and what was used in it. */
export interface MeasuredGrant {
  grant: EntitlementGrant;
  period: InstantSpan;
  /** But for what was drawn on units bought ahead. */
  used: Ratio;
}
