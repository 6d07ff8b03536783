import fc from 'fast-check';

import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { readEntitlements } from '../../../domain/entitlements/read-entitlements';
import { viewEntitlement } from '../../../domain/entitlements/view-entitlement';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { lookAtUsage } from '../../../domain/subscriptions/steps/look-at-usage';
import { createMeter } from '../../../domain/usage/meters/create-meter';
import { readBalances } from '../../../domain/usage/prepaid/read-balances';
import type { Subscribed } from './subscription-world';
import { openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const dayMs = 86_400_000;
const after = (days: number) => new Date(start.getTime() + days * dayMs).toISOString();

let shop: UsageWorld;

beforeAll(async () => {
  shop = await openUsageWorld(start);
});
afterAll(() => shop?.world.close());

/** Of 7.5 for each call, where nothing else is said. */
const subscribed = async (planId = shop.plans.payg, token: string | null = 'tok_ok') =>
  shop.world.subscribe(await shop.world.addCustomer(), { planId, token });

/** As they stand on invoices: what is billed, of how much, and what of it was prepaid. */
const shown = async (who: Subscribed) =>
  (await shop.usageLines(who)).map(
    ({ subtotal, usage }) =>
      `${subtotal} of ${usage?.quantity} with ${usage?.prepaidQuantity ?? 'none'} prepaid${usage?.isLate === true ? ', late' : ''}`,
  );

describe('usage of units that were bought ahead', () => {
  it('is billed beyond them alone, and the invoice shows what they cover', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(1_000);
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.send(lan, { value: 800, at: after(0) });
    await shop.advance(lan, 5);
    await shop.send(lan, { value: 500, at: after(4) });

    expect(await shop.usage(lan)).toMatchObject({
      dueAmount: 2_250,
      usage: [{ quantity: '1300', prepaidQuantity: '1000', amount: 2_250 }],
    });
    expect((await shop.upcoming(lan)).invoices).toMatchObject([{ subtotal: 2_250 }]);
    expect((await shop.forecast(lan, after(32))).totalAmount).toBe(2_475);
    await shop.advance(lan, 27);

    expect(await shown(lan)).toEqual(['2250 of 1300 with 1000 prepaid']);
    expect((await shop.usageLines(lan))[0]?.description).toBe('API calls: 1300, of which 1000 prepaid');
    expect((await shop.invoices(lan)).map(({ purpose, total }) => `${purpose} ${total}`)).toEqual([
      'addon 5500',
      'renewal 2475',
    ]);
  });

  it('may be bought again and again, and carries over into later periods', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(100);
    expect(await shop.topUp(lan, key)).toBeNull();
    expect(await shop.topUp(lan, key, 3)).toBeNull();
    await shop.send(lan, { value: 150, at: after(0) });
    await shop.advance(lan, 32);
    await shop.send(lan, { value: 260, at: after(31) });
    await shop.advance(lan, 31);

    expect(await shown(lan)).toEqual(['75 of 260 with 250 prepaid']);
    expect(await shop.bought(lan)).toMatchObject([
      { key, status: 'active', quantity: 1 },
      { key, status: 'active', quantity: 3 },
    ]);
    expect(await shop.events(lan, 'addon.activated')).toHaveLength(2);
  });

  it('hide no invoice to come, however many expire before it', async () => {
    const lan = await subscribed(shop.plans.metered);

    for (let nth = 1; nth <= 7; nth += 1) {
      expect(await shop.topUp(lan, await shop.addTopUp(10, { expiresAfterDays: nth }))).toBeNull();
    }
    const { invoices } = await shop.upcoming(lan);
    expect(invoices.map(({ purpose, subtotal }) => [purpose, subtotal])).toEqual([['renewal', 100_000]]);
  });

  it('is covered from their payment on, and until they expire', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(1_000, { expiresAfterDays: 5 });
    await shop.send(lan, { value: 10, at: after(0) });
    await shop.advance(lan, 2);
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.advance(lan, 10);
    await shop.send(lan, { value: 40, at: after(1.9) }, { value: 100, at: after(6.9) }, { value: 200, at: after(7) });
    await shop.advance(lan, 20);

    expect(await shown(lan)).toEqual(['1875 of 350 with 100 prepaid']);
    expect(await shop.bought(lan)).toMatchObject([{ expires: new Date(after(7)) }]);
  });

  it('is not covered by what is not paid for', async () => {
    const lan = await subscribed(shop.plans.payg, null);
    expect(await shop.topUp(lan, await shop.addTopUp(1_000))).toBeNull();
    await shop.send(lan, { value: 10, at: after(0) });

    expect(await shop.bought(lan)).toMatchObject([{ status: 'pending' }]);
    expect(await shop.usage(lan)).toMatchObject({ dueAmount: 75 });
  });

  it('draws on free units of the period first', async () => {
    const planId = await shop.addPlan({ name: 'With free calls', price: 0 });
    await shop.priceWithin({ planId }, { model: 'per_unit', unitPrice: '2', freeUnits: '100' });
    const lan = await subscribed(planId);
    expect(await shop.topUp(lan, await shop.addTopUp(50))).toBeNull();
    await shop.send(lan, { value: 90, at: after(0) });
    await shop.advance(lan, 32);
    await shop.send(lan, { value: 170, at: after(31) });
    await shop.advance(lan, 31);

    expect(await shown(lan)).toEqual(['40 of 170 with 50 prepaid']);
  });

  it('that comes late draws on them in its time, and later periods that lose by it are billed the rest', async () => {
    const lan = await subscribed();
    expect(await shop.topUp(lan, await shop.addTopUp(1_000))).toBeNull();
    await shop.send(lan, { value: 600, at: after(0) });
    await shop.advance(lan, 32);
    await shop.send(lan, { value: 400, at: after(31.5) });
    await shop.advance(lan, 31);
    expect(await shown(lan)).toEqual([]);
    await shop.send(lan, { value: 300, at: after(2) });
    await shop.advance(lan, 31);

    expect((await shown(lan)).sort()).toEqual(['0 of 0 with none prepaid', '2250 of 400 with 100 prepaid, late']);
  });

  it('counts towards a threshold beyond them alone', async () => {
    const { database } = shop.world.test;
    const lan = await subscribed();
    expect(await shop.ask(lan, { type: 'set_usage_threshold', usageThreshold: 750 })).toBeNull();
    expect(await shop.topUp(lan, await shop.addTopUp(1_000))).toBeNull();
    const look = () =>
      database.withTenantSql(shop.world.company.id, (tx) =>
        lookAtUsage(tx, { subscriptionId: lan.subscriptionId, now: start }),
      );
    await shop.send(lan, { value: 1_099, at: after(0) });
    expect(await look()).toBe(false);
    await shop.send(lan, { value: 1, at: after(0) });
    expect(await look()).toBe(true);
    await shop.advance(lan, 1);

    expect(await shown(lan)).toEqual(['750 of 1100 with 1000 prepaid']);
  });

  it('covers nothing once they were removed', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(1_000);
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.send(lan, { value: 100, at: after(0) });
    await shop.advance(lan, 2);
    const [{ id: addonId } = { id: 0 }] = await shop.world.rows<{ id: number }>(
      'SELECT id::int FROM product.addons WHERE company_id = $1 AND addon_key = $2',
      [shop.world.company.id, key],
    );
    expect(await shop.ask(lan, { type: 'remove_addon', addonId, atPeriodEnd: true })).toBeNull();
    await shop.send(lan, { value: 7, at: after(1) });
    await shop.advance(lan, 1);
    await shop.send(lan, { value: 10, at: after(2.5) });
    await shop.advance(lan, 30);

    expect(await shown(lan)).toEqual(['75 of 117 with 107 prepaid']);
  });

  it('is billed the same whatever the order and the batches of events, and however late', async () => {
    const key = await shop.addTopUp(500);
    const anyEvent = fc.record({
      value: fc.integer({ min: 0, max: 200 }).map((half) => half * 2),
      /** day of use, and how many days later it is sent */
      day: fc.integer({ min: 0, max: 59 }),
      late: fc.integer({ min: 0, max: 50 }),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 10 }), fc.boolean(), async (events, isTwice) => {
        const lan = await subscribed();
        expect(await shop.topUp(lan, key)).toBeNull();

        if (isTwice) {
          expect(await shop.topUp(lan, key)).toBeNull();
        }

        for (let day = 0; day < 140; day += 10) {
          const due = events.filter((event) => Math.ceil((event.day + event.late + 1) / 10) * 10 === day);
          await shop.send(lan, ...due.map((event) => ({ value: event.value, at: after(event.day) })));
          await shop.advance(lan, 10);
        }
        const billed = (await shop.usageLines(lan)).reduce((sum, { subtotal }) => sum + subtotal, 0);
        const used = events.reduce((sum, { value }) => sum + value, 0);

        expect(billed).toBe(Math.max(0, used - (isTwice ? 1_000 : 500)) * 7.5);
      }),
      { numRuns: 6 },
    );
  });
});

describe('what is left of units that were bought ahead', () => {
  const balances = ({ customerId }: Subscribed, isAll = false) =>
    shop.world.test.database.withTenantSnapshot(shop.world.company.id, (tx) =>
      readBalances(tx, { customerId, isAll, now: start }),
    );
  const check = async ({ customerId }: Subscribed) => {
    const { entitlements, timeZone } = await readEntitlements(
      shop.world.test.database.eachAlone(shop.world.company.id),
      {
        customerId,
        code: 'calling',
        now: start,
      },
    );

    return entitlements.map((one) => viewEntitlement(one, timeZone))[0];
  };

  beforeAll(() =>
    shop.world.test.database.withTenant(shop.world.company.id, (tx) =>
      createFeature(tx, { feature: { code: 'calling', name: 'Calls', kind: 'metered', meter: 'calls' }, now: start }),
    ),
  );

  it('is shown by top-up, also what was lost when it expired, to the second', async () => {
    const lan = await subscribed();
    expect((await balances(lan)).balances).toEqual([]);
    expect(await shop.topUp(lan, await shop.addTopUp(100, { expiresAfterDays: 5 }))).toBeNull();
    expect(await shop.topUp(lan, await shop.addTopUp(1_000))).toBeNull();
    await shop.send(lan, { value: 60, at: after(0) });
    await shop.advance(lan, 4.99);

    expect((await balances(lan)).balances).toMatchObject([
      {
        meter: 'calls',
        left: '1040',
        topUps: [
          { bought: '100', used: '60', left: '40', lost: '0', expiresAt: '2025-03-15T10:00:00+07:00' },
          { bought: '1000', used: '0', left: '1000', lost: '0', expiresAt: null },
        ],
      },
    ]);
    await shop.advance(lan, 0.01);
    await shop.send(lan, { value: 7, at: after(5) });
    expect((await balances(lan)).balances).toMatchObject([{ left: '993', topUps: [{ bought: '1000', used: '7' }] }]);
    expect((await balances(lan, true)).balances).toMatchObject([
      { left: '993', topUps: [{ used: '60', left: '0', lost: '40' }, { left: '993' }] },
    ]);
  });

  it('is what the customer may use of a metered feature, until it is used up or expires', async () => {
    const lan = await shop.subscribe();
    expect(await check(lan)).toMatchObject({ isEntitled: false, limit: 0, prepaid: null });
    expect(await shop.topUp(lan, await shop.addTopUp(100, { expiresAfterDays: 5 }))).toBeNull();
    expect(await shop.topUp(lan, await shop.addTopUp(50))).toBeNull();
    await shop.send(lan, { value: 30, at: after(0) });
    expect(await check(lan)).toMatchObject({
      isEntitled: true,
      limit: 150,
      used: '30',
      remaining: '120',
      prepaid: '120',
    });
    expect(await shop.features(lan)).toContain('calling');
    await shop.advance(lan, 5);
    expect(await check(lan)).toMatchObject({ limit: 50, used: '0', remaining: '50' });
    await shop.send(lan, { value: 50, at: after(5) });
    expect(await check(lan)).toMatchObject({ isEntitled: false, limit: 50, used: '50', remaining: '0', prepaid: '0' });
  });
});

describe('a top-up that is removed at once', () => {
  const addonOf = async (key: string) => {
    const [row] = await shop.world.rows<{ id: number }>(
      'SELECT id::int FROM product.addons WHERE company_id = $1 AND addon_key = $2',
      [shop.world.company.id, key],
    );

    return row?.id ?? 0;
  };
  const removal = async (key: string, said: object = { creditUnused: 'prorate' }): Promise<RequestedCommand> => ({
    type: 'remove_addon',
    addonId: await addonOf(key),
    atPeriodEnd: false,
    ...said,
  });
  const notes = ({ subscriptionId }: Subscribed) =>
    shop.world.rows<{ reason: string; subtotal: number; total: number }>(
      `SELECT n.reason, n.subtotal::int, n.total_amount::int AS total FROM finance.credit_notes n
         JOIN finance.invoices i ON i.id = n.invoice_id WHERE i.subscription_id = $1 ORDER BY n.id`,
      [subscriptionId],
    );
  const topUpsOf = async ({ customerId }: Subscribed) => {
    const { balances } = await shop.world.test.database.withTenantSnapshot(shop.world.company.id, (tx) =>
      readBalances(tx, { customerId, isAll: true, now: start }),
    );

    return balances[0]?.topUps;
  };

  it('gives back what is unused to the minor unit, and covers no usage that comes late', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(7, { price: 999 });
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.send(lan, { value: 2, at: after(0) });
    await shop.advance(lan, 2);
    const asked = await removal(key);
    expect(await shop.preview(lan, asked)).toEqual({ dueAmount: 0, totals: [] });
    expect(await shop.ask(lan, asked)).toBeNull();

    // 5 of 7 units of 999: 713.57, and of its tax of 100: 71.36
    expect(await notes(lan)).toEqual([{ reason: 'cancellation', subtotal: -714, total: -785 }]);
    expect(await shop.balance(lan)).toBe(785);
    expect(await topUpsOf(lan)).toMatchObject([{ bought: '7', used: '2', left: '0', lost: '0', returned: '5' }]);
    await shop.send(lan, { value: 4, at: after(1) });
    await shop.advance(lan, 30);
    expect(await shown(lan)).toEqual(['30 of 6 with 2 prepaid']);
  });

  it('gives back none of what was drawn of another one of its kind', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(100);
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.advance(lan, 1);
    expect(await shop.topUp(lan, key, 2)).toBeNull();
    await shop.send(lan, { value: 150, at: after(1) });
    await shop.advance(lan, 1);
    expect(await shop.ask(lan, await removal(key))).toBeNull();

    // The first is used up, and 50 of the 200 that were bought last.
    expect(await notes(lan)).toMatchObject([{ subtotal: -7_500, total: -8_250 }]);
    expect(await topUpsOf(lan)).toMatchObject([{ used: '100' }, { bought: '200', used: '50', returned: '150' }]);
  });

  it.each([
    ['none', undefined, []],
    ['none', 'prorate', [-5_500]],
    ['prorate', undefined, [-5_500]],
    ['prorate', 'none', []],
  ] as const)('follows the company (%s) unless it is asked for otherwise (%s)', async (cancelCredit, said, totals) => {
    await shop.set({ cancelCredit });
    const lan = await subscribed();
    const key = await shop.addTopUp(100);
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.advance(lan, 1);
    expect(await shop.ask(lan, await removal(key, said === undefined ? {} : { creditUnused: said }))).toBeNull();
    await shop.set({ cancelCredit: 'none' });

    expect((await notes(lan)).map(({ total }) => total)).toEqual(totals);
    expect(await topUpsOf(lan)).toMatchObject([totals.length === 0 ? { lost: '100' } : { returned: '100' }]);
  });

  it('takes what was credited of its invoice before into account', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(100);
    expect(await shop.topUp(lan, key)).toBeNull();
    const [invoice] = await shop.invoices(lan);
    const credit = { type: 'credit_invoice', invoiceId: Number(invoice?.id), amount: 4_000, notes: null } as const;
    expect(await shop.ask(lan, credit)).toBeNull();
    await shop.advance(lan, 1);
    expect(await shop.ask(lan, await removal(key))).toBeNull();

    expect((await notes(lan)).map(({ total }) => total)).toEqual([-4_400, -1_100]);
  });

  it('gives it back with the next invoice, where that is asked for, also of what is billed with that one', async () => {
    const planId = await shop.addPlan({ name: 'Paid with calls', price: 100_000 });
    const lan = await subscribed(planId);
    const key = await shop.addTopUp(100);
    const other = await shop.addTopUp(100);
    expect(await shop.topUp(lan, key)).toBeNull();
    const buyLater = { type: 'add_addons' as const, addonIds: [], addonKeys: [other], quantity: 1 };
    expect(await shop.ask(lan, { ...buyLater, prorationBehavior: 'next_invoice' })).toBeNull();
    await shop.send(lan, { value: 150, at: after(0) });
    await shop.advance(lan, 1);
    const later = { creditUnused: 'prorate', prorationBehavior: 'next_invoice' };
    expect(await shop.ask(lan, await removal(key, later))).toBeNull();
    expect(await shop.ask(lan, await removal(other))).toBeNull();
    const pending = await shop.world.rows<{ amount: number | null }>(
      `SELECT (p ->> 'amount')::int AS amount FROM ordering.subscriptions s, jsonb_array_elements(s.pending_items) p
        WHERE s.id = $1 AND p ->> 'kind' = 'credit'`,
      [lan.subscriptionId],
    );
    // All of the first was used; of the other, which is not billed, nothing is known to go back.
    expect(pending).toEqual([{ amount: 0 }, { amount: null }]);
    expect(await notes(lan)).toEqual([]);
    expect((await shop.forecast(lan, after(32))).credits).toMatchObject([{ subtotal: -2_500 }]);
    await shop.advance(lan, 31);

    expect(await notes(lan)).toEqual([{ reason: 'cancellation', subtotal: -2_500, total: -2_750 }]);
    expect((await shop.invoices(lan)).at(-1)).toMatchObject({ purpose: 'renewal', total: 115_500 });
  });

  it('is given back for money with a subscription that is cancelled at once', async () => {
    const lan = await subscribed();
    expect(await shop.topUp(lan, await shop.addTopUp(100, { expiresAfterDays: 30 }))).toBeNull();
    await shop.send(lan, { value: 40, at: after(0) });
    await shop.advance(lan, 2);
    const cancel = { type: 'cancel', reason: null, cancelAtPeriodEnd: false, creditUnused: 'prorate' } as const;
    expect(await shop.ask(lan, cancel)).toBeNull();
    await shop.advance(lan, 40);

    expect(await notes(lan)).toMatchObject([{ reason: 'cancellation', subtotal: -3_000, total: -3_300 }]);
    expect(await shop.events(lan, 'addon.units.%')).toEqual([]);
  });
});

describe('units that expire', () => {
  const told = async ({ subscriptionId }: Subscribed) =>
    shop.world.rows<{ at: Date; unused: string; bought: string }>(
      `SELECT occurred_at AS at, payload ->> 'unusedUnits' AS unused, payload ->> 'boughtUnits' AS bought FROM platform.events
        WHERE subject = $1 AND type = 'addon.units.expired' ORDER BY subject_seq`,
      [`subscription/${subscriptionId}`],
    );

  it('are told of once, where some are unused, at their time', async () => {
    const lan = await subscribed();
    const key = await shop.addTopUp(100, { expiresAfterDays: 5 });
    expect(await shop.topUp(lan, key)).toBeNull();
    expect(await shop.topUp(lan, key)).toBeNull();
    await shop.send(lan, { value: 130, at: after(0) });
    await shop.advance(lan, 4.99);
    expect(await told(lan)).toEqual([]);
    await shop.advance(lan, 0.01);
    const once = [{ at: new Date(after(5)), unused: '70', bought: '100' }];
    expect(await told(lan)).toEqual(once);
    await shop.advance(lan, 60);

    expect(await told(lan)).toEqual(once);
    expect(await shop.bought(lan)).toMatchObject([
      { status: 'expired', reason: 'its units expired', expires: new Date(after(5)) },
      { status: 'expired', reason: 'its units expired', expires: new Date(after(5)) },
    ]);
    expect(await shop.events(lan, 'addon.expired')).toHaveLength(2);
    expect(await shown(lan)).toEqual([]);
  });

  it('are told of while service is paused, too', async () => {
    const planId = await shop.addPlan({ name: 'Paid and paused', price: 100_000 });
    const lan = await subscribed(planId);
    expect(await shop.topUp(lan, await shop.addTopUp(100, { expiresAfterDays: 5 }))).toBeNull();
    expect(await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false })).toBeNull();
    await shop.advance(lan, 6);

    expect(await told(lan)).toMatchObject([{ unused: '100' }]);
    expect(await shop.status(lan)).toBe('paused');
  });
});

describe('a top-up', () => {
  const inTenant = <Result>(work: Parameters<typeof shop.world.test.database.withTenant<Result>>[1]) =>
    shop.world.test.database.withTenant(shop.world.company.id, work);
  const addon = { key: 'refused', name: 'Refused', price: 1, billingPeriod: 'one_time' as const };
  const prepaid = { meter: 'calls', units: 10, expiresAfterDays: null };

  it('is refused where its meter cannot be drawn on, and where it has periods', async () => {
    await inTenant((tx) =>
      createMeter(tx, { meter: { code: 'most', name: 'Most', aggregation: 'max', property: 'value' }, now: start }),
    );
    const make = (more: object) => inTenant((tx) => createAddon(tx, { addon: { ...addon, ...more }, now: start }));

    await expect(make({ prepaid: { ...prepaid, meter: 'most' } })).rejects.toMatchObject({
      code: 'meter_not_prepayable',
      field: '/prepaid/meter',
    });
    await expect(make({ prepaid: { ...prepaid, meter: 'none' } })).rejects.toMatchObject({
      code: 'meter_not_found',
      field: '/prepaid/meter',
    });
    await expect(make({ prepaid, billingPeriod: 'monthly' })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/prepaid',
    });
  });

  it('keeps what was sold as it was when its units change', async () => {
    const lan = await subscribed();
    const { id } = await inTenant((tx) =>
      createAddon(tx, { addon: { ...addon, key: 'changes', prepaid }, now: start }),
    );
    expect(await shop.topUp(lan, 'changes')).toBeNull();
    const change = (changes: Parameters<typeof updateAddon>[1]['changes']) =>
      inTenant((tx) => updateAddon(tx, { id, changes, now: start }));

    expect(await change({ prepaid: { ...prepaid, units: 99, expiresAfterDays: 3 } })).toMatchObject({
      prepaid: { meter: 'calls', units: 99, expiresAfterDays: 3 },
    });
    await expect(change({ billingPeriod: 'yearly' })).rejects.toMatchObject({ code: 'validation_failed' });
    expect(await change({ prepaid: null, billingPeriod: 'yearly' })).toMatchObject({ prepaid: null });
    await shop.send(lan, { value: 30, at: after(0) });
    expect(await shop.usage(lan)).toMatchObject({ usage: [{ prepaidQuantity: '10' }] });
  });

  it('is refused by a subscription that pays a percentage, and before it has begun', async () => {
    const planId = await shop.addPlan({ name: 'Percentage', price: 0 });
    await shop.priceWithin({ planId }, { model: 'percentage', ratePpm: 10_000 });
    const lan = await subscribed(planId);
    const key = await shop.addTopUp(10);
    expect(await shop.topUp(lan, key)).toBe('meter_priced_by_percentage');

    const created = await shop.world.steps.createSubscription({
      companyId: shop.world.company.id,
      subscriptionId: lan.subscriptionId + 1_000_000,
      customerId: (await shop.world.addCustomer()).customerId,
      planId: shop.plans.payg,
      useTrial: false,
      quantity: 1,
      paymentMethod: null,
      paymentMethodId: null,
      addons: { addonIds: [], addonKeys: [key], quantity: 1 },
    });
    expect(created).toMatchObject({ kind: 'refused', error: { code: 'prepaid_before_start' } });
  });
});
