import { randomUUID } from 'node:crypto';

import fc from 'fast-check';

import { priceUsage } from '../../../domain/billing/pricing/price-model-rules';
import { ratio } from '../../../domain/money/ratio-rules';
import { ingestEvents } from '../../../domain/usage/events/ingest-events';
import type { Subscribed } from './subscription-world';
import { graduated, openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: UsageWorld;

beforeAll(async () => {
  shop = await openUsageWorld(start);
  await shop.priceWithin({ addonId: shop.addons.storage }, { model: 'per_unit', unitPrice: '3' });
});
afterAll(() => shop?.world.close());

async function subscribed(plan: keyof UsageWorld['plans']): Promise<Subscribed> {
  return shop.world.subscribe(await shop.world.addCustomer(), { planId: shop.plans[plan] });
}

const changeToOther = () => ({
  type: 'change_plan' as const,
  newPlanId: shop.plans.other,
  quantity: null,
  immediate: true,
  prorationDate: null,
});
const purposes = async (who: Subscribed) =>
  (await shop.invoices(who)).map(({ purpose, total, status }) => `${purpose} ${total} ${status}`);

/** What each event is refused with; null where it is taken. */
async function codes({ customerId }: Subscribed, ...sent: { value: number; at: string }[]) {
  const { world } = shop;
  const events = sent.map(({ value, at }) => ({
    id: randomUUID(),
    event: 'calls',
    customerId,
    timestamp: at,
    value,
  }));
  const results = await world.test.database.withTenantSql(world.company.id, (tx) =>
    ingestEvents(tx, { events, now: start }),
  );

  return results.map((result) => (result.status === 'rejected' ? result.code : null));
}

it('of a plan that costs nothing else is not told to be free of charge', async () => {
  const lan = await subscribed('other');
  const change = { ...changeToOther(), newPlanId: shop.plans.payg };
  expect(await shop.ask(lan, change)).toBeNull();
  const told = await shop.world.rows<{ data: { isMetered?: boolean } }>(
    `SELECT data FROM platform.notices WHERE customer_id = $1 AND kind = 'plan_changed'`,
    [lan.customerId],
  );

  expect(told).toMatchObject([{ data: { amount: 0, isMetered: true } }]);
});

describe('usage on invoices', () => {
  it('bills the usage of a period with the renewal, a line for each meter, taxed as every line', async () => {
    const lan = await subscribed('metered');
    await shop.send(lan, { value: 2_500, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 20);
    await shop.send(lan, { value: 1_500, at: '2025-03-30T02:00:00Z' });
    // The period is 10 March to 10 April: 4,000 calls cost 2,000 × 10 + 1,000 × 5.
    const upcoming = await shop.upcoming(lan);
    expect(await shop.usage(lan)).toMatchObject({
      dueAmount: 25_000,
      usage: [{ meter: 'calls', quantity: '4000', amount: 25_000, dueAmount: 25_000, isLate: false, item: 'plan' }],
    });
    expect((await shop.forecast(lan, '2025-04-10T03:00:00Z')).totalAmount).toBe(137_500);
    await shop.advance(lan, 12);

    expect(await purposes(lan)).toEqual(['first 110000 paid', 'renewal 137500 paid']);
    expect(upcoming.invoices[0]).toMatchObject({ totalAmount: 137_500 });
    expect(await shop.usageLines(lan)).toEqual([
      {
        purpose: 'renewal',
        status: 'paid',
        description: 'API calls: 4000',
        subtotal: 25_000,
        tax: 2_500,
        from: '2025-03-10 10:00',
        to: '2025-04-10 10:00',
        usage: { quantity: '4000', events: 2, amount: 25_000, billedBefore: 0, isLate: false },
      },
    ]);
  });

  it('holds its tax where the plan’s prices do: what is used costs what it is said to, and no tax on top', async () => {
    const planId = await shop.addPlan({ name: 'Tax included', price: 110_000, taxBehavior: 'inclusive' });
    await shop.priceWithin({ planId }, { model: 'per_unit', unitPrice: '11' });
    const lan = await shop.world.subscribe(await shop.world.addCustomer(), { planId });
    await shop.send(lan, { value: 1_000, at: '2025-03-10T03:00:00Z' });
    const upcoming = await shop.upcoming(lan);
    const foreseen = await shop.forecast(lan, '2025-04-10T03:00:00Z');
    await shop.advance(lan, 32);
    await shop.send(lan, { value: 100, at: '2025-04-01T00:00:00Z' });
    await shop.advance(lan, 30);

    expect((await purposes(lan)).slice(0, 3)).toEqual([
      'first 110000 paid',
      'renewal 121000 paid',
      // What came late, 1,100.
      'renewal 111100 paid',
    ]);
    expect([upcoming.invoices[0]?.totalAmount, foreseen.totalAmount]).toEqual([121_000, 121_000]);
    expect((await shop.usageLines(lan)).filter(({ usage }) => usage?.amount !== 0)).toMatchObject([
      { subtotal: 10_000, tax: 1_000, usage: { amount: 11_000 } },
      { subtotal: 1_000, tax: 100, usage: { amount: 12_100, billedBefore: 11_000, isLate: true } },
    ]);
  });

  it('bills what came late on the next invoice, as a line of its own with the period that it belongs to', async () => {
    const lan = await subscribed('metered');
    await shop.send(lan, { value: 900, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 32);
    await shop.send(lan, { value: 300, at: '2025-04-01T00:00:00Z' }, { value: 1_100, at: '2025-04-10T23:00:00Z' });
    const upcoming = await shop.upcoming(lan);
    const foreseen = await shop.forecast(lan, '2025-07-10T03:00:00Z');
    await shop.advance(lan, 30);
    // On the first invoice that comes, and on none after it.
    expect((await purposes(lan)).slice(-1)).toEqual(['renewal 113300 paid']);
    expect(upcoming.invoices.map(({ totalAmount }) => totalAmount)).toEqual([113_300]);
    expect(
      foreseen.invoices.map((line) => `${line.planName} ${line.totalAmount} of ${line.periodStart?.slice(0, 10)}`),
    ).toEqual([
      'Metered 110000 of 2025-05-10',
      'API calls 1100 of 2025-04-10',
      'API calls 2200 of 2025-03-10',
      'Metered 110000 of 2025-06-10',
      'API calls 0 of 2025-05-10',
      'Metered 110000 of 2025-07-10',
      'API calls 0 of 2025-06-10',
    ]);
    // Months later, something of the first period again.
    await shop.send(lan, { value: 100, at: '2025-03-11T00:00:00Z' });
    await shop.advance(lan, 31);

    expect((await shop.usageLines(lan)).map(({ usage, ...line }) => ({ ...line, ...usage }))).toMatchObject([
      { description: 'API calls: 900', subtotal: 0, from: '2025-03-10 10:00', isLate: false },
      { description: 'API calls: 1100', subtotal: 1_000, from: '2025-04-10 10:00', isLate: false },
      { description: 'API calls: 1200', subtotal: 2_000, from: '2025-03-10 10:00', isLate: true, billedBefore: 0 },
      { description: 'API calls: 0', subtotal: 0, from: '2025-05-10 10:00', isLate: false },
      { description: 'API calls: 1300', subtotal: 1_000, from: '2025-03-10 10:00', isLate: true, billedBefore: 2_000 },
    ]);
  });

  it('bills what is used so far when the subscription is cancelled, as its preview says', async () => {
    const lan = await subscribed('metered');
    await shop.advance(lan, 10);
    await shop.send(lan, { value: 2_000, at: '2025-03-15T00:00:00Z' });
    const cancel = { type: 'cancel' as const, reason: null, cancelAtPeriodEnd: false };

    expect(await shop.preview(lan, cancel)).toMatchObject({ totals: [11_000] });
    expect(await shop.ask(lan, cancel)).toBeNull();
    expect(await shop.usageLines(lan)).toMatchObject([
      { purpose: 'final', subtotal: 10_000, from: '2025-03-10 10:00', to: '2025-03-20 10:00' },
    ]);
  });

  it('bills once, three days after its end, what a subscription had used and was told late, and takes nothing else', async () => {
    const lan = await subscribed('metered');
    await shop.advance(lan, 10);
    await shop.send(lan, { value: 2_000, at: '2025-03-15T00:00:00Z' });
    const cancel = { type: 'cancel' as const, reason: null, cancelAtPeriodEnd: false };
    expect(await shop.ask(lan, cancel)).toBeNull();
    const before = { value: 400, at: '2025-03-19T00:00:00Z' };
    // The end is on 20 March at 10:00.
    const told = await codes(
      lan,
      before,
      { value: 7, at: '2025-03-20T03:00:00Z' },
      { value: 100, at: '2025-03-20T02:59:59.999Z' },
    );
    expect(told).toEqual([null, 'usage_after_end', null]);
    await shop.advance(lan, 2);
    expect(await codes(lan, before)).toEqual([null]);
    expect((await shop.forecast(lan, '2025-04-30T00:00:00Z')).totalAmount).toBe(9_900);
    await shop.advance(lan, 3);
    expect(await codes(lan, before, { value: 7, at: '2025-03-24T00:00:00Z' })).toEqual([
      'usage_too_late',
      'usage_after_end',
    ]);
    await shop.advance(lan, 60);

    expect((await shop.usageLines(lan)).map(({ usage, ...line }) => ({ ...line, ...usage }))).toMatchObject([
      { purpose: 'final', subtotal: 10_000, isLate: false },
      { purpose: 'final', subtotal: 9_000, isLate: true, quantity: '2900', billedBefore: 10_000, status: 'paid' },
    ]);
    const standing = await shop.world.rows('SELECT next_deadline FROM ordering.subscriptions WHERE id = $1', [
      lan.subscriptionId,
    ]);
    expect(standing).toEqual([{ next_deadline: null }]);

    // One who comes back is told of what a new subscription may count.
    const again = await shop.world.subscribe(lan, { planId: shop.plans.metered });
    expect(await codes(again, { value: 1, at: '2025-05-20T00:00:00Z' }, before)).toEqual([null, 'usage_too_late']);
  });

  it('bills usage at the old price when the plan changes, and at the new one from there', async () => {
    const lan = await subscribed('metered');
    await shop.send(lan, { value: 2_000, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 15);
    const change = changeToOther();
    const { totals } = await shop.preview(lan, change);
    expect(await shop.ask(lan, change)).toBeNull();
    await shop.send(lan, { value: 100, at: '2025-03-25T02:59:59.999Z' }, { value: 500, at: '2025-03-25T03:00:00Z' });
    await shop.advance(lan, 17);
    const lines = await shop.usageLines(lan);

    expect(lines.map(({ usage, ...line }) => ({ ...line, ...usage }))).toMatchObject([
      { purpose: 'change', subtotal: 10_000, from: '2025-03-10 10:00', to: '2025-03-25 10:00', quantity: '2000' },
      { purpose: 'renewal', subtotal: 1_000, from: '2025-03-25 10:00', to: '2025-04-10 10:00', quantity: '500' },
      { purpose: 'renewal', subtotal: 1_000, from: '2025-03-10 10:00', quantity: '2100', isLate: true },
    ]);
    const [, changed] = await shop.invoices(lan);
    expect([changed?.total]).toEqual(totals);
  });

  it('bills at once the usage that a change ends, and with the renewal what the change costs and puts off', async () => {
    const lan = await subscribed('metered');
    await shop.send(lan, { value: 2_000, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 15);
    const change = { ...changeToOther(), prorationBehavior: 'next_invoice' as const };
    expect(await shop.preview(lan, change)).toMatchObject({ totals: [11_000] });
    expect(await shop.ask(lan, change)).toBeNull();
    expect((await purposes(lan))[1]).toBe('change 11000 paid');

    await shop.send(lan, { value: 500, at: '2025-03-25T03:00:00Z' });
    const upcoming = await shop.upcoming(lan);
    const foreseen = await shop.forecast(lan, '2025-04-10T03:00:00Z');
    await shop.advance(lan, 17);
    const [, , renewal, ...others] = await shop.invoices(lan);

    // 25 March to 10 April are 16 of 31 days of the new price; those of the old one are given back.
    expect(others).toEqual([]);
    expect(renewal?.lines.map(({ description, subtotal }) => `${description} ${subtotal}`)).toEqual([
      'Other 300000',
      'Other 154839',
      'API calls: 500 1000',
    ]);
    expect(upcoming.invoices).toMatchObject([{ purpose: 'renewal', totalAmount: renewal?.total }]);
    expect(upcoming.creditNotes).toMatchObject([{ subtotal: -51_613 }]);
    expect(foreseen.totalAmount).toBe(renewal?.total);
    expect(foreseen.credits.map(({ subtotal }) => subtotal)).toEqual([-51_613]);
    expect((await shop.usageLines(lan)).map(({ purpose, subtotal }) => `${purpose} ${subtotal}`)).toEqual([
      'change 10000',
      'renewal 1000',
    ]);
  });

  it('sells a plan of 0 that is paid as it is used: active at once, billed at the end of each period', async () => {
    const lan = await subscribed('payg');
    expect(await shop.status(lan)).toBe('active');
    expect(await purposes(lan)).toEqual([]);
    await shop.send(lan, { value: 1_001, at: '2025-03-10T03:00:00Z', id: 'payg-1' });
    await shop.advance(lan, 32);
    await shop.advance(lan, 31);

    // 1,001 × 7.5 rounds half up once; the second period used nothing, and there is no invoice of 0.
    expect(await shop.usageLines(lan)).toMatchObject([{ purpose: 'renewal', subtotal: 7_508, tax: 751 }]);
    expect(await purposes(lan)).toEqual(['renewal 8259 paid']);
  });

  it('bills the plan alone, period after period, once it is one that is not metered', async () => {
    const lan = await subscribed('metered');
    await shop.advance(lan, 10);
    const change = {
      type: 'change_plan' as const,
      newPlanId: shop.paid,
      quantity: null,
      immediate: true,
      prorationDate: null,
    };
    expect(await shop.ask(lan, change)).toBeNull();
    await shop.advance(lan, 19);
    const upcoming = await shop.upcoming(lan);
    await shop.advance(lan, 43);

    expect(upcoming.invoices).toEqual([]);
    expect((await purposes(lan)).slice(2)).toEqual(['renewal 220000 paid', 'renewal 220000 paid']);
    expect(await shop.status(lan)).toBe('active');
  });

  it('bills nothing of a pause, and goes on where service does', async () => {
    const lan = await subscribed('payg');
    await shop.send(lan, { value: 100, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 5);
    expect(await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false })).toBeNull();
    await shop.send(lan, { value: 1_000, at: '2025-03-15T03:00:00Z' });
    await shop.advance(lan, 5);
    expect(await shop.ask(lan, { type: 'resume' })).toBeNull();
    await shop.send(lan, { value: 10, at: '2025-03-20T03:00:00Z' });
    await shop.advance(lan, 25);

    expect((await shop.usageLines(lan)).map(({ description, subtotal }) => `${description} ${subtotal}`)).toEqual([
      'API calls: 100 750',
      'API calls: 10 75',
    ]);
  });

  it('bills an add-on that is metered, with its period and when it is removed', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    await shop.send(lan, { value: 100, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 32);
    await shop.send(lan, { value: 7, at: '2025-04-11T00:00:00Z' });
    expect(await shop.ask(lan, { type: 'remove_addon', addonId: shop.addons.storage, atPeriodEnd: false })).toBeNull();

    expect(await shop.usageLines(lan)).toMatchObject([
      { purpose: 'renewal', subtotal: 300, from: '2025-03-10 10:00' },
      { purpose: 'change', subtotal: 21, from: '2025-04-10 10:00', to: '2025-04-11 10:00' },
    ]);
  });

  it('refuses to bill a meter twice for one customer', async () => {
    const lan = await subscribed('metered');
    const created = await shop.world.steps.createSubscription({
      companyId: shop.world.company.id,
      subscriptionId: lan.subscriptionId + 1_000_000,
      customerId: lan.customerId,
      planId: shop.plans.payg,
      useTrial: false,
      quantity: 1,
      paymentMethod: null,
      paymentMethodId: null,
    });

    expect(created).toMatchObject({ kind: 'refused', error: { code: 'meter_billed_elsewhere', field: '/planId' } });
    expect(await shop.buy(lan, 'storage')).toBe('meter_billed_elsewhere');
  });

  it('refuses two add-ons of one purchase that bill the same meter', async () => {
    await shop.priceWithin({ addonId: shop.addons.ai }, { model: 'per_unit', unitPrice: '4' });
    const lan = await shop.subscribe();

    expect(await shop.buy(lan, 'storage', 'ai')).toBe('meter_billed_elsewhere');
    expect(await shop.buy(lan, 'ai')).toBeNull();
  });

  it('lets a metered add-on that is to be removed go on, and knows that the subscription has it', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    expect(await shop.buy(lan, 'storage')).toBe('addon_owned');
    expect(await shop.ask(lan, { type: 'remove_addon', addonId: shop.addons.storage, atPeriodEnd: true })).toBeNull();
    expect(await shop.buy(lan, 'storage')).toBeNull();
    await shop.send(lan, { value: 100, at: '2025-03-10T03:00:00Z' });
    await shop.advance(lan, 32);

    expect(await shop.usageLines(lan)).toMatchObject([{ purpose: 'renewal', subtotal: 300 }]);
    expect(await shop.bought(lan)).toMatchObject([{ key: 'storage', status: 'active', expires: null }]);
  });

  it('bills the same whatever the order and the batches that events come in, and however late', async () => {
    const anyEvent = fc.record({
      value: fc.integer({ min: 0, max: 2_000 }),
      /** day of use, and how many days later it is sent */
      day: fc.integer({ min: 0, max: 59 }),
      late: fc.integer({ min: 0, max: 50 }),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 12 }), async (events) => {
        const lan = await subscribed('metered');
        const periods = [0, 31, 61];

        for (let day = 0; day < 140; day += 10) {
          const due = events.filter((event) => Math.ceil((event.day + event.late + 1) / 10) * 10 === day);
          await shop.send(
            lan,
            ...due.map((event) => ({
              value: event.value,
              at: new Date(start.getTime() + event.day * 86_400_000).toISOString(),
            })),
          );
          await shop.advance(lan, 10);
        }
        const lines = await shop.usageLines(lan);
        const billed = lines.reduce((sum, { subtotal }) => sum + subtotal, 0);
        const expected = periods.slice(0, -1).map((from, nth) => {
          const used = events.filter(({ day }) => day >= from && day < (periods[nth + 1] as number));

          return Number(
            priceUsage(graduated, { units: ratio(used.reduce((sum, { value }) => sum + value, 0)) }).amount,
          );
        });

        expect(billed).toBe(expected.reduce((sum, amount) => sum + amount, 0));
      }),
      { numRuns: 6 },
    );
  });
});
