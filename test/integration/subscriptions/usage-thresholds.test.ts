import fc from 'fast-check';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { priceUsage } from '../../../domain/billing/pricing/price-model-rules';
import { ratio } from '../../../domain/money/ratio-rules';
import { lookAtUsage } from '../../../domain/subscriptions/steps/look-at-usage';
import { changeSettings } from '../../../domain/usage/thresholds/change-settings';
import { listLooks } from '../../../domain/usage/thresholds/threshold-looks';
import { createMeter } from '../../../domain/usage/meters/create-meter';
import type { Subscribed } from './subscription-world';
import { graduated, openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const dayMs = 86_400_000;
const after = (days: number) => new Date(start.getTime() + days * dayMs).toISOString();

let shop: UsageWorld;

beforeAll(async () => {
  shop = await openUsageWorld(start);
});
afterAll(() => shop?.world.close());

async function subscribed(
  plan: keyof UsageWorld['plans'],
  { threshold, token }: { threshold?: number; token?: string | null } = {},
): Promise<Subscribed> {
  const lan = await shop.world.subscribe(await shop.world.addCustomer(), {
    planId: shop.plans[plan],
    token: token === undefined ? 'tok_ok' : token,
  });

  if (threshold !== undefined) {
    expect(await shop.ask(lan, { type: 'set_usage_threshold', usageThreshold: threshold })).toBeNull();
    await look(lan);
  }

  return lan;
}

const bill = ({ subscriptionId }: Subscribed) =>
  shop.world.steps.runSubscription({ companyId: shop.world.company.id, subscriptionId, work: { kind: 'usage' } });

/** As the loop beside the workers does it: the step of the workflow is asked for where there is something to bill. */
async function look(who: Subscribed): Promise<boolean> {
  const { database } = shop.world.test;
  const isReached = await database.withTenantSql(shop.world.company.id, (tx) =>
    lookAtUsage(tx, { subscriptionId: who.subscriptionId, now: start }),
  );

  if (isReached) {
    expect((await bill(who)).kind).toBe('done');
  }

  return isReached;
}

const isNoted = async ({ subscriptionId }: Subscribed) =>
  (await listLooks(shop.world.test.database.system, { limit: 1_000 })).some(
    (one) => one.subscriptionId === subscriptionId,
  );
const shown = async (who: Subscribed) =>
  (await shop.usageLines(who)).map(({ purpose, subtotal, usage }) => `${purpose} ${subtotal} of ${usage?.amount}`);

it('what was used since a start in the past is held against its threshold at once', async () => {
  const customer = await shop.world.addCustomer();
  await shop.send(customer, { value: 100, at: after(-2) });
  const fields = { startsAt: after(-5), usageThreshold: 500 };
  const lan = await shop.world.subscribe(customer, { planId: shop.plans.payg, fields });

  expect([await isNoted(lan), await look(lan)]).toEqual([true, true]);
  expect((await shop.usageLines(lan)).map(({ subtotal }) => subtotal)).toEqual([750]);
});

it('a threshold that the company sets is held against what is used by then', async () => {
  const { world } = shop;
  const [lan, own] = [await subscribed('payg'), await subscribed('payg', { threshold: 1_000_000 })];
  await shop.send(lan, { value: 100, at: after(0) });
  await shop.send(own, { value: 100, at: after(0) });
  await world.test.database.withTenant(world.company.id, (tx) =>
    changeSettings(tx, { changes: { usageThresholds: { VND: 1 } }, now: start }),
  );

  expect([await isNoted(lan), await look(lan)]).toEqual([true, true]);
  expect(await look(own)).toBe(false);
  await shop.set({ usageThresholds: {} });
});

describe('usage that comes to its threshold', () => {
  it('is invoiced at once, and the end of the period bills the difference', async () => {
    const lan = await subscribed('metered', { threshold: 15_000 });
    await shop.send(lan, { value: 2_400, at: after(0) });
    expect(await isNoted(lan)).toBe(true);
    expect(await look(lan)).toBe(false);
    expect(await isNoted(lan)).toBe(false);

    await shop.advance(lan, 5);
    await shop.send(lan, { value: 200, at: after(1) });
    expect(await look(lan)).toBe(true);
    expect(await isNoted(lan)).toBe(false);
    expect(await shown(lan)).toEqual(['usage 16000 of 16000']);
    expect(await shop.usage(lan)).toMatchObject({ threshold: 15_000, dueAmount: 0, usage: [{ billedBefore: 16_000 }] });

    await shop.send(lan, { value: 900, at: after(2) });
    expect(await look(lan)).toBe(false);
    const upcoming = await shop.upcoming(lan);
    const foreseen = await shop.forecast(lan, after(31));
    await shop.advance(lan, 27);

    // 3,500 calls cost 2,000 × 10 + 500 × 5; 16,000 of that is paid.
    expect(await shown(lan)).toEqual(['usage 16000 of 16000', 'renewal 6500 of 22500']);
    expect(upcoming.invoices).toMatchObject([{ subtotal: 106_500 }]);
    expect(foreseen.totalAmount).toBe(117_150);
    expect((await shop.invoices(lan)).map(({ purpose, status, total }) => `${purpose} ${total} ${status}`)).toEqual([
      'first 110000 paid',
      'usage 17600 paid',
      'renewal 117150 paid',
    ]);
    expect(await shop.events(lan, 'subscription.usage_threshold.reached')).toHaveLength(1);
  });

  it('is looked at once a threshold is set, by that of the subscription before that of the company', async () => {
    const lan = await subscribed('payg');
    await shop.send(lan, { value: 1_000, at: after(0) });
    expect(await isNoted(lan)).toBe(false);
    await shop.set({ usageThresholds: { VND: 100_000 } });
    await shop.send(lan, { value: 1, at: after(0) });
    expect(await look(lan)).toBe(false);

    expect(await shop.ask(lan, { type: 'set_usage_threshold', usageThreshold: 7_000 })).toBeNull();
    expect(await shop.ask(lan, { type: 'set_usage_threshold', usageThreshold: 7_000 })).toBe('no_change');
    expect(await isNoted(lan)).toBe(true);
    expect(await look(lan)).toBe(true);
    expect(await shown(lan)).toEqual(['usage 7508 of 7508']);

    expect(await shop.ask(lan, { type: 'set_usage_threshold', usageThreshold: 0 })).toBeNull();
    await shop.send(lan, { value: 100_000, at: after(0) });
    expect(await look(lan)).toBe(false);
    await shop.set({ usageThresholds: {} });
  });

  it('is billed by a test clock before it goes on, at the instant that it stands at', async () => {
    const lan = await subscribed('payg', { threshold: 1_000 });
    await shop.advance(lan, 3);
    await shop.send(lan, { value: 200, at: after(2) });
    await shop.advance(lan, 10);
    const [invoice] = await shop.world.rows<{ day: string }>(
      `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM finance.invoices WHERE subscription_id = $1`,
      [lan.subscriptionId],
    );

    expect(await shown(lan)).toEqual(['usage 1500 of 1500']);
    expect(invoice).toEqual({ day: '2025-03-13' });
  });

  it('is billed once by steps and looks at the same time, and by repeats', async () => {
    const lan = await subscribed('payg', { threshold: 1_000 });
    await shop.send(lan, { value: 1_000, at: after(0) });
    await Promise.all([bill(lan), look(lan), bill(lan), look(lan), bill(lan)]);
    await bill(lan);
    await look(lan);

    expect(await shown(lan)).toEqual(['usage 7500 of 7500']);
    expect(await isNoted(lan)).toBe(false);
  });

  it('is asked for by mail where nothing is charged, and its invoice may be void, which forgives it', async () => {
    const lan = await subscribed('payg', { threshold: 1_000, token: null });
    await shop.send(lan, { value: 1_000, at: after(0) });
    expect(await look(lan)).toBe(true);
    const notices = await shop.world.rows<{ kind: string }>(
      `SELECT kind FROM platform.notices WHERE customer_id = $1 ORDER BY id`,
      [lan.customerId],
    );
    expect(notices.map(({ kind }) => kind)).toContain('usage_invoiced');
    const [invoice] = await shop.invoices(lan);
    expect(invoice).toMatchObject({ purpose: 'usage', status: 'open', total: 8_250 });
    expect(await shop.ask(lan, { type: 'void_invoice', invoiceId: Number(invoice?.id) })).toBeNull();
    await shop.advance(lan, 32);

    expect(await shown(lan)).toEqual(['usage 7500 of 7500']);
  });

  it('is looked at again once the first invoice is paid, before which nothing is billed early', async () => {
    const lan = await subscribed('metered', { threshold: 5_000, token: null });
    await shop.send(lan, { value: 1_600, at: after(0) });
    expect(await look(lan)).toBe(false);
    const [first] = await shop.invoices(lan);
    const paymentId = await reserveId(shop.world.test.database, 'payment');
    const payment = {
      paymentId,
      amount: 110_000,
      method: 'bank_transfer',
      reference: 'FT1',
      receivedAt: null,
    } as const;
    expect(await shop.ask(lan, { type: 'record_payment', invoiceId: Number(first?.id), ...payment })).toBeNull();

    expect(await isNoted(lan)).toBe(true);
    expect(await look(lan)).toBe(true);
    expect(await shown(lan)).toEqual(['usage 6000 of 6000']);
  });

  it('leaves alone what the period may still make cheaper, and the least that a period costs', async () => {
    const { database } = shop.world.test;
    const meter = { code: 'seats', name: 'Seats', aggregation: 'last' as const, eventName: 'calls', property: 'value' };
    const { id } = await database.withTenant(shop.world.company.id, (tx) =>
      createMeter(tx, { meter: { ...meter, filters: {} }, now: start }),
    );
    await shop.priceWithin({ addonId: shop.addons.storage }, { model: 'per_unit', unitPrice: '9' }, id);
    await shop.priceWithin({ addonId: shop.addons.ai }, { model: 'per_unit', unitPrice: '1', minimumAmount: 50_000 });
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage', 'ai');
    expect(await shop.ask(lan, { type: 'set_usage_threshold', usageThreshold: 1_000 })).toBeNull();
    await shop.send(lan, { value: 1_200, at: after(0) });
    expect(await look(lan)).toBe(true);
    await shop.advance(lan, 32);

    expect((await shown(lan)).sort()).toEqual([
      'renewal 10800 of 10800',
      'renewal 48800 of 50000',
      'usage 1200 of 1200',
    ]);
  });

  it('bills up to a change what was used before it, less what was billed early', async () => {
    const lan = await subscribed('metered', { threshold: 5_000 });
    await shop.send(lan, { value: 1_600, at: after(0) });
    expect(await look(lan)).toBe(true);
    await shop.advance(lan, 10);
    await shop.send(lan, { value: 400, at: after(5) });
    const change = {
      type: 'change_plan' as const,
      newPlanId: shop.plans.other,
      quantity: null,
      immediate: true,
      prorationDate: null,
    };
    expect(await shop.ask(lan, change)).toBeNull();
    await shop.advance(lan, 25);

    expect(await shown(lan)).toEqual(['usage 6000 of 6000', 'change 4000 of 10000', 'renewal 0 of 0']);
  });

  it('comes to the price of the period, whenever usage comes and is looked at, and never leaves a threshold unbilled', async () => {
    const anyEvent = fc.record({ value: fc.integer({ min: 0, max: 2_000 }), day: fc.integer({ min: 0, max: 59 }) });
    const anyThreshold = fc.constantFrom(1, 3_000, 12_000, 1_000_000);

    await fc.assert(
      fc.asyncProperty(
        anyThreshold,
        fc.array(anyEvent, { maxLength: 12 }),
        fc.boolean(),
        async (threshold, events, isLooking) => {
          const lan = await subscribed('metered', { threshold });

          for (let day = 0; day < 80; day += 10) {
            const due = events.filter((event) => event.day >= day - 10 && event.day < day);
            await shop.send(lan, ...due.map((event) => ({ value: event.value, at: after(event.day) })));

            if (isLooking) {
              await look(lan);
              const unbilled = (await shop.usage(lan)).usage.filter(({ isLate }) => !isLate);
              expect(unbilled.filter(({ dueAmount }) => dueAmount >= threshold)).toEqual([]);
            }
            await shop.advance(lan, 10);
          }
          const lines = await shop.usageLines(lan);
          const costOf = (from: number, to: number) => {
            const used = events.filter(({ day }) => day >= from && day < to).reduce((sum, { value }) => sum + value, 0);

            return Number(priceUsage(graduated, { units: ratio(used) }).amount);
          };

          expect(lines.reduce((sum, { subtotal }) => sum + subtotal, 0)).toBe(costOf(0, 31) + costOf(31, 61));
          expect(
            lines.filter(
              (line) => line.purpose === 'usage' && line.usage?.isLate === false && line.subtotal < threshold,
            ),
          ).toEqual([]);
        },
      ),
      { numRuns: 8 },
    );
  });
});
