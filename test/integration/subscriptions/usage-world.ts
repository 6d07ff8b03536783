import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { createPlan, type NewPlan } from '../../../domain/catalogue/plans/create-plan';
import type { PriceModel } from '../../../domain/billing/pricing/price-model-types';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { readSubscriptionUsage } from '../../../domain/subscriptions/paper/current-usage';
import { previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { ingestEvents } from '../../../domain/usage/events/ingest-events';
import { createMeter } from '../../../domain/usage/meters/create-meter';
import { createMeterPrice } from '../../../domain/usage/prices/meter-prices';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { type AddonWorld, openAddonWorld } from './addon-world';
import type { Subscribed } from './subscription-world';

export interface SentUsage {
  id?: string;
  value: number;
  at: string;
}

export interface UsageLine {
  /** of its invoice */
  purpose: string;
  status: string;
  description: string;
  subtotal: number;
  tax: number;
  /** local times */
  from: string;
  to: string;
  usage: {
    quantity: string;
    prepaidQuantity?: string;
    events: number;
    amount: number;
    billedBefore: number;
    isLate: boolean;
  } | null;
}

/** The world of add-ons with meters: two plans and an add-on that bill usage. */
export interface UsageWorld extends AddonWorld {
  plans: Record<'metered' | 'other' | 'payg', number>;
  meterId: number;
  /** By the month. */
  addPlan(plan: Pick<NewPlan, 'name' | 'price' | 'taxBehavior'>): Promise<number>;
  /** @param owner with the currency of the price, where it is another than the plan's own */
  priceWithin(
    owner: { planId?: number; addonId?: number; currency?: string },
    price: PriceModel,
    meterId?: number,
  ): Promise<number>;
  /** @returns the key of an add-on that holds units of the meter */
  addTopUp(units: number, more?: { expiresAfterDays?: number | null; price?: number }): Promise<string>;
  /** @returns the code that it was refused with, or null */
  topUp(who: Subscribed, key: string, quantity?: number): Promise<string | null>;
  send(who: { customerId: number }, ...events: readonly SentUsage[]): Promise<void>;
  /** Lines of its invoices: those of usage. */
  usageLines(who: Subscribed): Promise<UsageLine[]>;
  upcoming(who: Subscribed): ReturnType<typeof previewUpcomingInvoice>;
  usage(who: Subscribed): ReturnType<typeof readSubscriptionUsage>;
  forecast(who: Subscribed, until: string): ReturnType<typeof forecastSubscription>;
}

/** 1,000 free, then 10 each up to 3,000, then 5 each. */
export const graduated: PriceModel = {
  model: 'graduated',
  tiers: [
    { upTo: '1000', unitPrice: '0' },
    { upTo: '3000', unitPrice: '10' },
    { upTo: null, unitPrice: '5' },
  ],
};

export async function openUsageWorld(start: Date): Promise<UsageWorld> {
  const shop = await openAddonWorld(start);
  const { company, gateways, rows } = shop.world;
  const { database } = shop.world.test;
  let events = 0;
  let topUps = 0;
  const made = await database.withTenant(company.id, async (tx) => {
    const plan = async (name: string, price: number) =>
      Number((await createPlan(tx, { plan: { name, price, billingCycle: 'monthly' }, now: start })).id);
    const meter = {
      code: 'calls',
      name: 'API calls',
      aggregation: 'sum' as const,
      eventName: 'calls',
      property: 'value',
    };

    return {
      meterId: (await createMeter(tx, { meter: { ...meter, filters: {} }, now: start })).id,
      plans: {
        metered: await plan('Metered', 100_000),
        other: await plan('Other', 300_000),
        payg: await plan('Pay as you go', 0),
      },
    };
  });
  const { meterId } = made;
  const opened: UsageWorld = {
    ...shop,
    ...made,
    addPlan: (plan) =>
      database.withTenant(
        company.id,
        async (tx) => (await createPlan(tx, { plan: { ...plan, billingCycle: 'monthly' }, now: start })).id,
      ),
    async priceWithin(owner, price, ofMeter = meterId) {
      const id = await reserveId(database, 'meterPrice');
      await database.withTenant(company.id, (tx) =>
        createMeterPrice(tx, { id, meterId: ofMeter, ...owner, price, now: start }),
      );

      return id;
    },
    async addTopUp(units, { expiresAfterDays = null, price = 5_000 } = {}) {
      topUps += 1;
      const key = `units_${topUps}`;
      const prepaid = { meter: 'calls', units, expiresAfterDays };
      await database.withTenant(company.id, (tx) =>
        createAddon(tx, {
          addon: { key, name: `${units} calls`, price, billingPeriod: 'one_time', prepaid },
          now: start,
        }),
      );

      return key;
    },
    topUp: (who, key, quantity = 1) => shop.ask(who, { type: 'add_addons', addonIds: [], addonKeys: [key], quantity }),
    async send({ customerId }, ...sent) {
      const batch = sent.map(({ id, value, at }) => {
        events += 1;

        return { id: id ?? `event-${events}`, event: 'calls', customerId, timestamp: at, value };
      });
      const results = await database.withTenantSql(company.id, (tx) => ingestEvents(tx, { events: batch, now: start }));
      expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    },
    usageLines: ({ subscriptionId }) =>
      rows(
        `SELECT i.purpose, i.status, l.description, l.subtotal::int, l.tax::int,
                to_char(l.period_start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') AS from,
                to_char(l.period_end AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') AS to,
                l.usage - 'charges' - 'meter' - 'meterId' - 'priceId' - 'model' AS usage
           FROM finance.invoices i JOIN finance.invoice_lines l ON l.invoice_id = i.id
          WHERE i.subscription_id = $1 AND l.usage IS NOT NULL ORDER BY l.id`,
        [subscriptionId],
      ),
    upcoming: ({ subscriptionId }) =>
      previewUpcomingInvoice(database, { companyId: company.id, subscriptionId, gateways, now: start }),
    usage: ({ subscriptionId }) =>
      database.withTenantSnapshot(company.id, (tx) => readSubscriptionUsage(tx, { subscriptionId, now: start })),
    forecast: ({ subscriptionId }, until) =>
      database.withTenantSnapshot(company.id, (tx) =>
        forecastSubscription(tx, { subscriptionId, until: new Date(until), now: start }),
      ),
  };
  await opened.priceWithin({ planId: made.plans.metered }, graduated);
  await opened.priceWithin({ planId: made.plans.other }, { model: 'per_unit', unitPrice: '2' });
  await opened.priceWithin({ planId: made.plans.payg }, { model: 'per_unit', unitPrice: '7.5' });

  return opened;
}
