import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import type { PlanPhase } from '../../catalogue/plans/plan-phase-rules';
import { assertBilledIn } from '../../billing/account/billing-currency-rules';
import { toSafeNumber } from '../../money/money-rules';
import { askedCodes } from '../../promotions/coupon-rules';
import { lineTotal } from '../../billing/pricing/pricer-rules';
import { CYCLE_PLACES } from '../../billing/pricing/proration-rules';
import { formatDecimal, type Ratio } from '../../money/ratio-rules';
import { noTaxation } from '../../billing/taxes/tax-rules';
import { TaxationJson, taxationJson } from '../../billing/taxes/taxation-json';
import { taxStatuses } from '../../customers/buyer-tax-data';
import { resolveSettings } from '../../companies/setting-catalogue';
import type { Charge, Forecast, ForecastLine } from './forecast-types';
import { forecastFrom, forecastStart, forecastUntil, periodsBilled } from './forecast-calendar';
import { readUsageForecast } from './read-usage-forecast';
import { loadSubscription } from '../row/lock-subscription';
import { type NamedAddons, readAddonsToBegin } from '../row/read-offered-addons';
import { beginningAt, readOfferedPlan } from '../row/read-offered-plan';
import { readShareReturned } from '../row/return-units';
import { readAskedCoupons } from '../row/use-coupons';
import { admitOnSubscription, lastingDiscounts, trialOf } from '../lifecycle/admission-rules';
import { lineNameOf, planOf } from '../lifecycle/item-rules';
import { type AskedTrial, checkedTrialEnd } from '../schedule/trial-calendar';
import { readGuardedLines } from '../../billing/credit-notes/read-creditable-lines';
import type { Subscription } from '../lifecycle/subscription-types';

/** What a subscription that does not exist yet would be started with. */
export interface PlannedSubscription extends AskedTrial {
  planId: number;
  /** That it would be paid in; the plan's own, where neither it nor a customer is named. */
  currency?: string | undefined;
  /** Who would have it: in their currency and zone, taxed as they are; the company's where it is nobody. */
  customerId?: number | undefined;
  quantity: number;
  billingAnchorDay: number | null;
  /** ISO 8601 */
  endsAt: string | null;
  /** Prices before the plan's, in place of its phases. */
  phases?: readonly PlanPhase[] | undefined;
  /** Codes that it would begin with; what one customer has used of them is not looked at. */
  promotionCode?: string | null | undefined;
  promotionCodes?: readonly string[] | undefined;
  /** What would be bought with it. */
  addons?: NamedAddons & { quantity: number };
  /** When it would begin. */
  from: Date;
  /** When it would be subscribed to, where that is another time; what is owed since then is billed there. */
  subscribedAt?: Date | null;
}

/**
 * What a subscription will bill up to an instant, by the rules that will bill it then. It locks and writes nothing.
 * @throws AppError not_found, invalid_date_sequence, validation_failed
 */
export async function forecastSubscription(
  tx: TenantSql,
  { subscriptionId, until, now }: { subscriptionId: number; until: Date; now: Date },
): Promise<ForecastView> {
  const loaded = await loadSubscription(tx, subscriptionId, now);
  const span = { from: loaded.now.getTime(), until: until.getTime() };

  const begun = forecastFrom(loaded.state, loaded.taxation, {
    usage: await readUsageForecast(tx, loaded),
    charges: await readBilled(tx, loaded.state, loaded.now.getTime()),
    unitsReturned: await readUnitsReturned(tx, loaded.state),
  });

  return viewForecast(forecastUntil(begun, loaded.settings, span), span.until);
}

/** What was given up of top-ups whose money waits for the next invoice, by item. */
async function readUnitsReturned(tx: TenantSql, { pendingItems }: Subscription): Promise<Map<string, Ratio>> {
  const returned = new Map<string, Ratio>();

  for (const one of pendingItems) {
    if (one.kind === 'credit' && one.isOfUnits === true) {
      returned.set(one.item, await readShareReturned(tx, one.item));
    }
  }

  return returned;
}

/** What is billed of its service from now on, and of that which credits wait for. */
async function readBilled(tx: TenantSql, { id, items, pendingItems }: Subscription, now: number): Promise<Charge[]> {
  const credits = pendingItems.filter((one) => one.kind === 'credit');
  const from = Math.min(now, ...credits.map(({ service }) => service.startsAt));
  const lines = await readGuardedLines(tx, { subscriptionId: id, item: null, from: new Date(from) });

  return lines.flatMap(({ guard, invoiceId, price, basis, billed, range, granted }): Charge[] => {
    const pending = credits.find(({ item, service }) => item === guard.item && range.endsAt > service.startsAt);
    const item = items.find(({ key }) => key === guard.item);

    if (basis === null || (pending === undefined && item === undefined)) {
      return [];
    }
    const { quantity, taxBehavior = 'exclusive' } = pending ?? { quantity: basis.quantity, ...billed };
    const terms =
      pending === undefined && item !== undefined
        ? item.terms
        : { addonId: 0, addonKey: guard.item, addonName: pending?.name ?? '', amount: 0, billingCycle: null };
    const source = {
      terms,
      quantity,
      unitPrice: pending?.unitPrice ?? basis.price,
      taxBehavior,
      denominator: pending?.service ?? basis.denominator,
    };

    return [{ item: guard.item, layer: guard.layer, price, invoiceId, source, basis, billed, granted, ...range }];
  });
}

/** What of a customer a forecast depends on. */
const Subscriber = z.object({
  currency: z.string(),
  timeZone: z.string(),
  isTrialUsed: z.boolean(),
  taxStatus: z.enum(taxStatuses),
});

/**
 * What a new subscription of the company would bill up to an instant.
 * @throws AppError plan_not_found, plan_unavailable, trial_unavailable, currency_mismatch on /currency, price_not_in_currency, addon_…, model_not_accepting, promotion_…, invalid_date_sequence, validation_failed
 */
export async function forecastPlan(tx: TenantSql, planned: PlannedSubscription, until: Date): Promise<ForecastView> {
  const [row] = await tx.query(
    z.object({ values: z.unknown(), taxation: TaxationJson, customer: Subscriber.nullable() }),
    Prisma.sql`SELECT values, ${taxationJson(tx.companyId)} AS taxation,
                      (SELECT jsonb_build_object('currency', a.currency, 'timeZone', a.time_zone, 'isTrialUsed', c.is_trial_used, 'taxStatus', c.tax_status)
                         FROM customer.customers c JOIN finance.billing_accounts a ON a.company_id = c.company_id AND a.customer_id = c.id
                        WHERE c.company_id = ${tx.companyId}::bigint AND c.id = ${planned.customerId ?? null}::bigint) AS customer
                 FROM platform.company_settings WHERE company_id = ${tx.companyId}::bigint`,
  );
  const customer = row?.customer ?? null;

  if (customer !== null) {
    assertBilledIn(customer.currency, planned.currency);
  }
  const currency = customer?.currency ?? planned.currency ?? null;
  const plan = await readOfferedPlan(tx, planned.planId, { currency, field: '/planId' });
  const settings = resolveSettings(row?.values);
  const from = (planned.subscribedAt ?? planned.from).getTime();
  const startsAt = planned.from.getTime();
  const agreement = {
    quantity: planned.quantity,
    currency: plan.currency,
    timeZone: customer?.timeZone ?? settings.timeZone,
    anchorDay: planned.billingAnchorDay,
    startsAt: startsAt === from ? null : startsAt,
    endsAt: planned.endsAt === null ? null : Date.parse(planned.endsAt),
    billingTiming: settings.billingTiming,
    renewalLeadDays: settings.renewalLeadDays,
  };
  const unbegun = beginningAt(plan, agreement, planned.phases);
  const addons = await readAddonsToBegin(tx, planned.addons, {
    isOffered: settings.addonEnabled,
    isHeld: false,
    currency: plan.currency,
    ids: async (count) => Array.from({ length: count }, (_, index) => index + 1),
  });
  const asked = await readAskedCoupons(tx, null, askedCodes(planned));
  const coupons = admitOnSubscription(asked, { ...unbegun, items: [...unbegun.items, ...addons], now: from });
  const fresh = { ...unbegun, discounts: lastingDiscounts(coupons, from) };
  const { timeZone } = fresh;
  const termEnd = planOf(fresh).endsAt;
  const { trialEnd } = checkedTrialEnd(
    planned,
    { plan, code: trialOf(coupons) },
    { isTrialUsed: customer?.isTrialUsed ?? false, now: startsAt, timeZone, termEnd },
  );
  const taxation = { ...(row?.taxation ?? noTaxation), taxStatus: customer?.taxStatus ?? noTaxation.taxStatus };
  const begun = forecastStart(fresh, { trialEnd, addons, taxation }, settings, from);

  return viewForecast(forecastUntil(begun, settings, { from, until: until.getTime() }), until.getTime());
}

export type ForecastView = ReturnType<typeof viewForecast>;

/** Amounts in minor units, times in the subscription's zone. */
function viewForecast(forecast: Forecast, until: number) {
  const { state, lines } = forecast;
  const isBilled = ({ kind, isIssued, uncollected }: ForecastLine) =>
    (kind === 'charge' || kind === 'usage') && isIssued && uncollected !== 'void';
  const charges = lines.filter(isBilled);
  const credits = lines.filter(({ kind }) => kind === 'credit');
  const zoned = (at: number | null) => (at === null ? null : formatInstant(new Date(at), state.timeZone));
  const asked = charges.filter(({ uncollected }) => uncollected !== 'mark_uncollectible');
  const total = asked.reduce((sum, line) => sum + lineTotal(line), 0n);

  return {
    currency: state.currency,
    until: formatInstant(new Date(until), state.timeZone),
    invoices: charges.map((line) => ({
      ...viewLine(line),
      issuedAt: zoned(line.at),
      dueDate: zoned(line.dueAt),
      uncollected: line.uncollected,
    })),
    credits: credits.map((line) => ({ ...viewLine(line), issuedAt: zoned(line.at) })),
    periods: formatDecimal(periodsBilled(forecast), CYCLE_PLACES),
    totalAmount: toSafeNumber(total),
    status: state.status,
    trialEnd: zoned(state.trialEnd),
    currentPeriodStart: zoned(planOf(state).period?.startsAt ?? null),
    currentPeriodEnd: zoned(planOf(state).period?.endsAt ?? null),
  };

  function viewLine(line: ForecastLine) {
    const { terms, isSetup, quantity, unitPrice, taxBehavior, service, share, amount, discount, tax } = line;

    return {
      planId: 'planId' in terms ? terms.planId : null,
      planName: 'meterName' in terms ? terms.meterName : lineNameOf({ terms, isSetup }),
      quantity,
      unitAmount: unitPrice,
      taxBehavior,
      periodStart: zoned(service.startsAt),
      periodEnd: zoned(service.endsAt),
      periods: formatDecimal(share, CYCLE_PLACES),
      subtotal: toSafeNumber(amount),
      discount: toSafeNumber(discount),
      tax: toSafeNumber(tax),
      totalAmount: toSafeNumber(lineTotal(line)),
    };
  }
}
