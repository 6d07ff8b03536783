import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { PlanPhase } from '../../catalogue/plans/plan-phase-rules';
import { resolveSettings, type Settings } from '../../companies/setting-catalogue';
import { tellEntitlements } from '../../entitlements/tell-entitlements';
import { holdTestClock } from '../../customers/hold-test-clock';
import { assertBilledIn } from '../../billing/account/billing-currency-rules';
import { AppError } from '../../errors';
import type { PaymentGateways, PaymentMethod } from '../../payments/payment-gateway';
import { requireOfferedMethod } from '../../payments/require-offered-method';
import { askedCodes } from '../../promotions/coupon-rules';
import { askForLook } from '../../usage/thresholds/threshold-looks';
import { stretchesToBillEarly } from '../charges/usage-threshold-rules';
import { applyDecision } from './apply-decision';
import { writtenBooks } from './subscription-books';
import { insertSubscription } from '../row/insert-subscription';
import { loadSubscription, type LockedSubscription, lockSubscription } from '../row/lock-subscription';
import { beginningAt, type OfferedPlan, readOfferedPlan } from '../row/read-offered-plan';
import type { Agreement } from '../row/subscription-row';
import { type NamedAddons, readAddonsToBegin, reserveUserAddonIds } from '../row/read-offered-addons';
import { readAskedCoupons } from '../row/use-coupons';
import { admitOnSubscription, lastingDiscounts, trialOf, usesOf } from '../lifecycle/admission-rules';
import { decideStart } from '../lifecycle/start-decider';
import { type SubscriptionStanding, standingOf } from '../lifecycle/subscription-standing';
import { isFree } from '../lifecycle/item-rules';
import { checkedTrialEnd } from '../schedule/trial-calendar';
import { planItem, type Subscription } from '../lifecycle/subscription-types';
import { requireMetersFree } from '../row/require-meters-free';

/** What a subscription is started with; plain JSON, the input of its workflow. */
export interface CreateSubscription {
  subscriptionId: number;
  customerId: number;
  planId: number;
  /** That of the billing account, where it is named at all. */
  currency?: string;
  useTrial: boolean;
  /** Of a trial in place of the plan's; 0: none. */
  trialDays?: number | null;
  /** The same by its end: a local day, or an instant in ISO 8601. */
  trialEnd?: string | null;
  quantity: number;
  /** Day of the month that periods begin on, 1 to 31; null: the day it begins, or the calendar's. */
  billingAnchorDay?: number | null;
  /** When it begins, ISO 8601; null or absent: at once. In the past: what is owed since is billed. */
  startsAt?: string | null;
  /** End of an agreed term, ISO 8601; null: until it is cancelled. */
  endsAt?: string | null;
  paymentMethod: PaymentMethod | null;
  /** Of a saved payment method: charged automatically (D16). */
  paymentMethodId: number | null;
  /** Payment terms of its own, in days; null or absent: its customer's, else the company's. */
  daysUntilDue?: number | null;
  /** Minor units before tax of unbilled usage that is invoiced at once; 0: none; null or absent: as the company has it. */
  usageThreshold?: number | null;
  /** Prices before the plan's, in place of its phases. */
  phases?: readonly PlanPhase[];
  /** Codes that it begins with, one or several. */
  promotionCode?: string | null;
  promotionCodes?: readonly string[];
  /** What is bought with the plan; none where it is absent. */
  addons?: NamedAddons & { quantity: number };
}

export interface CreatedSubscription {
  standing: SubscriptionStanding;
  /** Of the clock that it lives by, epoch milliseconds. */
  now: number;
}

const createdAs = (state: Subscription, locked: LockedSubscription): CreatedSubscription => ({
  standing: standingOf(state, locked),
  now: locked.now.getTime(),
});

const Context = z.object({
  status: z.string(),
  business_model: z.string(),
  accepts_subscriptions: z.boolean(),
  settings: z.unknown(),
  customer: z
    .object({
      billingAccountId: z.number(),
      currency: z.string(),
      timeZone: z.string(),
      isTrialUsed: z.boolean(),
      testClockId: z.number().nullable(),
    })
    .nullable(),
  saved_method: z.string().nullable(),
  exists: z.boolean(),
});
type Context = z.output<typeof Context>;

/**
 * Creates a subscription in one transaction: the row, its first invoice or its trial, and their events (S196–S204, D17).
 * Repeating it with the same id returns what stands.
 * @throws AppError customer_not_found, model_not_accepting, plan_not_found, plan_unavailable, trial_unavailable,
 *   currency_mismatch on /currency, price_not_in_currency, promotion_… (see `admitOnSubscription`), payment_method_unavailable, invalid_date_sequence,
 *   meter_billed_elsewhere, addon_not_found, addon_unavailable, validation_failed on /phases; nothing is written then
 */
export async function createSubscription(
  tx: TenantSql,
  input: CreateSubscription,
  { gateways, now }: { gateways: PaymentGateways; now: Date },
): Promise<CreatedSubscription> {
  const context = await readContext(tx, input);

  if (context.exists) {
    const locked = await lockSubscription(tx, input.subscriptionId, now);

    return createdAs(locked.state, locked);
  }
  const settings = resolveSettings(context.settings);
  const customer = checkedCustomer(context, settings, input);
  const at = customer.testClockId === null ? now : await holdTestClock(tx, customer.testClockId);
  const plan = await readOfferedPlan(tx, input.planId, { currency: customer.currency, field: '/planId' });
  requireSold(plan, context, settings);
  checkMethod(context, input, { currency: plan.currency, settings, gateways });
  const addons = await readAddonsToBegin(tx, input.addons, {
    isOffered: settings.addonEnabled,
    isHeld: true,
    currency: customer.currency,
    ids: (count) => reserveUserAddonIds(tx, count),
  });
  await requireMetersFree(tx, {
    customerId: input.customerId,
    by: { subscriptionId: input.subscriptionId, item: planItem },
    meters: plan.meters ?? [],
    field: '/planId',
    isHeld: true,
  });
  await requireMetersFree(tx, {
    customerId: input.customerId,
    by: { subscriptionId: input.subscriptionId, item: null },
    meters: [plan, ...addons.map(({ terms }) => terms)].flatMap(({ meters = [] }) => meters),
    field: '/addonIds',
    isHeld: true,
  });
  const agreement = agreementOf(input, plan, { settings, timeZone: customer.timeZone });
  const unbegun = beginningAt(plan, agreement, input.phases);
  const coupons = admitOnSubscription(await readAskedCoupons(tx, input.customerId, askedCodes(input)), {
    ...unbegun,
    items: [...unbegun.items, ...addons],
    now: at.getTime(),
  });
  const startsAt = unbegun.startsAt ?? at.getTime();
  const { trialEnd, field: trialField } = checkedTrialEnd(
    input,
    { plan, code: trialOf(coupons) },
    {
      isTrialUsed: customer.isTrialUsed,
      now: startsAt,
      timeZone: customer.timeZone,
      termEnd: input.endsAt == null ? null : Date.parse(input.endsAt),
    },
  );
  const collection = context.saved_method === null ? 'send_invoice' : 'charge_automatically';
  const discounts = lastingDiscounts(coupons, at.getTime());
  await insertSubscription(
    tx,
    {
      ...unbegun,
      id: input.subscriptionId,
      customerId: input.customerId,
      collection,
      discounts,
      daysUntilDue: input.daysUntilDue ?? null,
      usageThreshold: input.usageThreshold ?? null,
    },
    {
      billingAccountId: customer.billingAccountId,
      paymentMethod: context.saved_method ?? input.paymentMethod,
      paymentMethodId: input.paymentMethodId,
      testClockId: customer.testClockId,
      trialField: trialEnd === null ? null : trialField,
      uses: usesOf(coupons),
      now: at,
    },
  );
  // Nobody else sees the row before the transaction ends, so there is nothing to lock.
  const locked: LockedSubscription = await loadSubscription(tx, input.subscriptionId, now);
  const decision = decideStart(
    locked.state,
    { trialEnd, redeemed: coupons, addons },
    locked.policy,
    locked.now.getTime(),
  );
  const state = await applyDecision(writtenBooks(tx, locked, { gateways, isAsked: true }), locked, decision);

  // One that began in the past may have used enough by now.
  if (stretchesToBillEarly(state, locked.policy).length > 0) {
    await askForLook(tx, state.id);
  }
  await tellEntitlements(tx, { customerId: state.customerId, now: locked.now });

  return createdAs(state, locked);
}

/** The company's flags are read FOR SHARE, so that a switch of the model closes the door after what saw it open (D29). */
async function readContext(tx: TenantSql, input: CreateSubscription): Promise<Context> {
  const [context] = await tx.query(
    Context,
    Prisma.sql`
      WITH company AS (
        SELECT c.id, c.status, c.business_model, c.accepts_subscriptions FROM platform.companies c WHERE c.id = ${tx.companyId}::bigint FOR SHARE
      )
      SELECT c.status, c.business_model, c.accepts_subscriptions,
        (SELECT s.values FROM platform.company_settings s WHERE s.company_id = c.id) AS settings,
        (SELECT to_jsonb(x) FROM (
           SELECT a.id AS "billingAccountId", a.currency, a.time_zone AS "timeZone", u.is_trial_used AS "isTrialUsed", u.test_clock_id AS "testClockId"
             FROM customer.customers u JOIN finance.billing_accounts a ON a.company_id = u.company_id AND a.customer_id = u.id
            WHERE u.company_id = c.id AND u.id = ${input.customerId}::bigint) x) AS customer,
        (SELECT m.method FROM finance.payment_methods m WHERE m.company_id = c.id AND m.id = ${input.paymentMethodId}::bigint
            AND m.customer_id = ${input.customerId}::bigint AND m.status = 'active') AS saved_method,
        EXISTS (SELECT FROM ordering.subscriptions s WHERE s.company_id = c.id AND s.id = ${input.subscriptionId}::bigint) AS exists
      FROM company c`,
  );

  if (context === undefined) {
    throw new Error(`Company ${tx.companyId} is gone.`);
  }

  return context;
}

/** @throws AppError model_not_accepting, customer_not_found, currency_mismatch */
function checkedCustomer(
  context: Context,
  settings: Settings,
  input: CreateSubscription,
): NonNullable<Context['customer']> {
  const { customer } = context;

  if (context.status !== 'active' || !context.accepts_subscriptions || !settings.subscriptionEnabled) {
    throw new AppError('model_not_accepting', {
      detail: 'This company takes no new subscriptions now.',
      params: { businessModel: context.business_model },
    });
  }

  if (customer === null) {
    throw new AppError('customer_not_found', {
      detail: `There is no customer ${input.customerId}.`,
      field: '/customerId',
    });
  }

  assertBilledIn(customer.currency, input.currency);

  return customer;
}

/** @throws AppError model_not_accepting for what is free, where nothing is to be */
function requireSold(plan: OfferedPlan, context: Context, { freeTier }: Settings): void {
  if (isFree({ terms: plan }) && !freeTier) {
    throw new AppError('model_not_accepting', {
      detail: 'This company has no free tier.',
      params: { businessModel: context.business_model },
    });
  }
}

function checkMethod(
  context: Context,
  { paymentMethod, paymentMethodId }: CreateSubscription,
  { currency, settings, gateways }: { currency: string; settings: Settings; gateways: PaymentGateways },
): void {
  if (paymentMethodId !== null && context.saved_method === null) {
    throw new AppError('not_found', {
      field: '/paymentMethodId',
      detail: `The customer has no payment method ${paymentMethodId}.`,
    });
  }
  const method = (context.saved_method ?? paymentMethod) as PaymentMethod | null;
  const isOnClock = context.customer?.testClockId != null;
  requireOfferedMethod(method, { currency, isOnClock }, { gateways, settings });
}

function agreementOf(
  { quantity, billingAnchorDay, startsAt, endsAt }: CreateSubscription,
  { currency }: OfferedPlan,
  { settings, timeZone }: { settings: Settings; timeZone: string },
): Agreement {
  return {
    quantity,
    currency,
    timeZone,
    anchorDay: billingAnchorDay ?? null,
    startsAt: startsAt == null ? null : Date.parse(startsAt),
    endsAt: endsAt == null ? null : Date.parse(endsAt),
    billingTiming: settings.billingTiming,
    renewalLeadDays: settings.renewalLeadDays,
  };
}
