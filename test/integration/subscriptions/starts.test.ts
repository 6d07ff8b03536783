import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { createPromotion } from '../../../domain/promotions/create-promotion';
import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import type { CreateSubscription } from '../../../domain/subscriptions/steps/create-subscription';
import type { SubscribeOptions, Subscribed } from './subscription-world';
import { openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const inTenDays = '2025-03-20T10:00:00+07:00';
const inJanuary = '2025-01-05T10:00:00+07:00';

let shop: UsageWorld;
let tried: number;

beforeAll(async () => {
  shop = await openUsageWorld(start);
  const plan = { name: 'Pro with a trial', price: 200_000, billingCycle: 'monthly' as const, features: ['pro'] };
  const made = await shop.world.test.database.withTenant(shop.world.company.id, (tx) =>
    createPlan(tx, { plan: { ...plan, trialEnabled: true, trialDays: 14 }, now: start }),
  );
  tried = Number(made.id);
});
afterAll(() => shop?.world.close());

const addons = (...addonKeys: string[]) => ({ addonIds: [] as number[], addonKeys, quantity: 1 });
const begin = (fields: Partial<CreateSubscription>, options: Omit<SubscribeOptions, 'fields' | 'plan'> = {}) =>
  shop.subscribe({ plan: 'paid', ...options, fields });
const told = async (who: Subscribed) =>
  (await shop.invoices(who)).map(({ purpose, total, status }) => `${purpose} ${total} ${status}`);
const linesOf = async (who: Subscribed, nth = 0) =>
  (await shop.invoices(who))[nth]?.lines.map(
    ({ description, subtotal, from, to }) => `${description} ${subtotal} ${from.slice(0, 10)} ${to.slice(0, 10)}`,
  );
async function rowOf({ subscriptionId }: Subscribed) {
  const [row] = await shop.world.rows<Record<string, unknown>>(
    `SELECT status, next_deadline AS deadline, next_deadline_at AS at, anchor_at AS anchor, trial_start AS trial, activated_at IS NOT NULL AS is_active
       FROM ordering.subscriptions WHERE id = $1`,
    [subscriptionId],
  );

  return row;
}
const planned = (fields: object) =>
  shop.world.test.database.withTenantSnapshot(shop.world.company.id, (tx) =>
    forecastPlan(
      tx,
      { planId: shop.paid, quantity: 1, useTrial: false, billingAnchorDay: null, endsAt: null, from: start, ...fields },
      new Date('2025-06-01T00:00:00Z'),
    ),
  );
const foreseen = (who: Subscribed) =>
  shop.world.test.database.withTenantSnapshot(shop.world.company.id, (tx) =>
    forecastSubscription(tx, {
      subscriptionId: who.subscriptionId,
      until: new Date('2025-06-01T00:00:00Z'),
      now: start,
    }),
  );
const subtotals = async (who: Subscribed) =>
  (await shop.invoices(who)).flatMap(({ lines }) => lines.map(({ subtotal }) => subtotal));
const refused = async (fields: Partial<CreateSubscription>) =>
  shop.world.refusedTo(await shop.world.addCustomer(), { planId: shop.paid, fields });

it('that is over for add-ons alone leaves no period out when one of them is removed before they are paid for', async () => {
  const options = { planId: shop.free, token: 'tok_declined' };
  const lan = await begin({ startsAt: inJanuary, addons: addons('storage', 'ai') }, options);
  const owed = (await subtotals(lan)).reduce((sum, one) => sum + one, 0);
  expect(owed).toBe(3 * (50_000 + 100_000));

  const remove = { type: 'remove_addon' as const, addonId: shop.addons.ai, atPeriodEnd: false };
  expect(await shop.ask(lan, remove)).toBe('subscription_state');
  expect(await told(lan)).toEqual([`addon ${Math.round(owed * 1.1)} open`]);
  // Once they are paid for, it ends as any.
  await shop.payWith(lan, 'tok_ok');
  expect([await told(lan), await shop.ask(lan, remove)]).toEqual([[`addon ${Math.round(owed * 1.1)} paid`], null]);
});

describe('a start in the future', () => {
  it('bills and gives nothing before, and is billed like one that begins at once then', async () => {
    const lan = await begin({ startsAt: inTenDays, addons: addons('storage') });

    expect(await rowOf(lan)).toMatchObject({ status: 'scheduled', deadline: 'start', at: new Date(inTenDays) });
    const [quoted, seen] = [
      await planned({ from: new Date(inTenDays), subscribedAt: start, addons: addons('storage') }),
      await foreseen(lan),
    ];
    const upcoming = await previewUpcomingInvoice(shop.world.test.database, {
      companyId: shop.world.company.id,
      subscriptionId: lan.subscriptionId,
      gateways: shop.world.gateways,
      now: start,
    });
    expect(upcoming.invoices).toMatchObject([{ purpose: 'first', totalAmount: 275_000 }]);

    await shop.advance(lan, 9.99);
    expect(await shop.invoices(lan)).toEqual([]);
    expect(await shop.features(lan)).toEqual([]);

    await shop.advance(lan, 0.01);
    expect(await told(lan)).toEqual(['first 275000 paid']);
    expect(await rowOf(lan)).toMatchObject({ status: 'active', anchor: new Date(inTenDays), is_active: true });
    expect(await shop.features(lan)).toEqual(['extra_storage', 'pro']);
    expect(await shop.events(lan, 'subscription.%')).toEqual([
      'subscription.created',
      'subscription.started',
      'subscription.activated',
    ]);

    await shop.advance(lan, 72);
    expect(await subtotals(lan)).toEqual(quoted.invoices.map(({ subtotal }) => subtotal));
    expect(await subtotals(lan)).toEqual(seen.invoices.map(({ subtotal }) => subtotal));
  });

  it('begins with its trial, where it has one', async () => {
    const lan = await begin({ startsAt: inTenDays, addons: addons('storage') }, { planId: tried, useTrial: true });
    expect(await rowOf(lan)).toMatchObject({ status: 'scheduled', trial: new Date(inTenDays) });
    expect(await shop.features(lan)).toEqual([]);

    await shop.advance(lan, 10);
    expect(await rowOf(lan)).toMatchObject({ status: 'trial', deadline: 'trial_ending' });
    expect(await shop.features(lan)).toEqual(['extra_storage', 'pro']);
    expect(await shop.invoices(lan)).toEqual([]);

    await shop.advance(lan, 14);
    expect(await linesOf(lan)).toEqual([
      'Pro with a trial 200000 2025-04-03 2025-05-03',
      'Extra Storage 50000 2025-04-03 2025-05-03',
    ]);
  });

  it('that is cancelled before leaves nothing, and trial and code are there again', async () => {
    const { database } = shop.world.test;
    const half = { kind: 'percent', ratePpm: 500_000, basis: 'on_total', most: null } as const;
    await database.withTenant(shop.world.company.id, (tx) =>
      createPromotion(tx, { promotion: { name: 'One', code: 'ONE', discount: half, maxUses: 1 }, now: start }),
    );
    const customer = await shop.world.addCustomer();
    const fields = { startsAt: inTenDays, promotionCode: 'ONE', addons: addons('storage', 'setup') };
    const options = { planId: tried, useTrial: true, fields };
    const lan = await shop.world.subscribe(customer, options);
    expect(await shop.world.refusedTo(customer, { planId: tried, useTrial: true })).toBe('trial_unavailable /useTrial');
    expect(await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false })).toBe('subscription_state');
    expect(await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true })).toBeNull();

    expect(await rowOf(lan)).toMatchObject({ status: 'cancelled', deadline: null });
    expect(await shop.bought(lan)).toMatchObject([{ status: 'removed' }, { status: 'removed' }]);
    expect(await shop.events(lan, 'promotion.%')).toEqual(['promotion.redeemed', 'promotion.released']);
    await shop.advance(lan, 20);
    expect(await shop.invoices(lan)).toEqual([]);

    const again = await shop.world.subscribe(customer, { ...options, fields: { promotionCode: 'ONE' } });
    expect(await rowOf(again)).toMatchObject({ status: 'trial' });
  });

  it('can have another plan, other seats and other add-ons until then', async () => {
    const lan = await begin({ startsAt: inTenDays, addons: addons('storage') });
    expect(
      await shop.ask(lan, {
        type: 'change_plan',
        newPlanId: shop.free,
        quantity: null,
        immediate: null,
        prorationDate: null,
      }),
    ).toBeNull();
    expect(
      await shop.ask(lan, {
        type: 'change_plan',
        newPlanId: shop.paid,
        quantity: 2,
        immediate: false,
        prorationDate: null,
      }),
    ).toBeNull();
    expect(await shop.buy(lan, 'ai')).toBeNull();
    expect(await shop.buy(lan, 'ai')).toBe('addon_owned');
    const storage = { addonId: shop.addons.storage };
    expect(await shop.ask(lan, { type: 'remove_addon', ...storage, atPeriodEnd: true })).toBeNull();
    const ai = { addonId: shop.addons.ai, quantity: 3, immediate: null };
    expect(await shop.ask(lan, { type: 'change_addon', ...ai })).toBeNull();

    await shop.advance(lan, 11);
    expect(await linesOf(lan)).toEqual([
      'Pro 400000 2025-03-20 2025-04-20',
      'AI Assistant 300000 2025-03-20 2025-04-20',
    ]);
  });

  it('that is never paid is given up a day after it began', async () => {
    const lan = await begin({ startsAt: inTenDays }, { token: 'tok_declined' });
    await shop.advance(lan, 11.1);

    expect(await told(lan)).toEqual(['first 220000 void']);
    expect(await rowOf(lan)).toMatchObject({ status: 'expired' });
  });
});

describe('a start in the past', () => {
  it('is billed for every period since, on one invoice that is due from now on', async () => {
    const quoted = await planned({
      from: new Date(inJanuary),
      subscribedAt: start,
      addons: addons('storage', 'setup'),
    });
    const lan = await begin({ startsAt: inJanuary, addons: addons('storage', 'setup') });

    expect(await linesOf(lan)).toEqual([
      'Pro 200000 2025-01-05 2025-02-05',
      'Pro 200000 2025-02-05 2025-03-05',
      'Pro 200000 2025-03-05 2025-04-05',
      'Extra Storage 50000 2025-01-05 2025-02-05',
      'Extra Storage 50000 2025-02-05 2025-03-05',
      'Extra Storage 50000 2025-03-05 2025-04-05',
      'Setup 30000 2025-01-05 2025-01-05',
    ]);
    expect(await told(lan)).toEqual(['first 858000 paid']);
    const [invoice] = await shop.world.rows<{ due: Date; next: string }>(
      `SELECT due_date AS due, metadata ->> 'nextBillingDate' AS next FROM finance.invoices WHERE subscription_id = $1`,
      [lan.subscriptionId],
    );
    expect(invoice).toEqual({ due: new Date('2025-03-17T03:00:00Z'), next: '2025-04-05' });
    expect(await rowOf(lan)).toMatchObject({ status: 'active', anchor: new Date(inJanuary) });

    await shop.advance(lan, 82);
    expect((await told(lan)).slice(1)).toEqual(['renewal 275000 paid', 'renewal 275000 paid']);
    expect(await subtotals(lan)).toEqual(quoted.invoices.map(({ subtotal }) => subtotal));
    expect(quoted.invoices.map(({ issuedAt }) => issuedAt?.slice(0, 10)).slice(0, 7)).toEqual(
      Array.from({ length: 7 }, () => '2025-03-10'),
    );
    expect(await billedTwice(lan)).toEqual([]);
  });

  it('in arrears is billed for the periods that are over', async () => {
    await shop.set({ billingTiming: 'in_arrears' });

    try {
      const lan = await begin({ startsAt: inJanuary, addons: addons('storage') });
      expect(await told(lan)).toEqual(['renewal 550000 paid']);
      await shop.advance(lan, 27);
      expect(await linesOf(lan, 1)).toEqual([
        'Pro 200000 2025-03-05 2025-04-05',
        'Extra Storage 50000 2025-03-05 2025-04-05',
      ]);
    } finally {
      await shop.set({ billingTiming: 'in_advance' });
    }
  });

  it('that is not paid stays what it is, or is given up with all of it', async () => {
    const lan = await begin({ startsAt: inJanuary, addons: addons('storage') }, { token: null });
    const seats = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    expect(await shop.ask(lan, { type: 'change_plan', ...seats })).toBe('subscription_state');
    const storage = { addonId: shop.addons.storage };
    expect(await shop.ask(lan, { type: 'remove_addon', ...storage, atPeriodEnd: false })).toBe('subscription_state');
    expect(await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: false })).toBeNull();
    expect((await told(lan)).at(-1)).toBe('first 825000 void');
  });

  it('whose invoice is taken back by hand ends with it, and is changed no more', async () => {
    const lan = await begin({ startsAt: inJanuary }, { token: null });
    const [invoice] = await shop.invoices(lan);
    expect(await shop.ask(lan, { type: 'void_invoice', invoiceId: Number(invoice?.id) })).toBeNull();
    const before = await rowOf(lan);
    const seats = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    const answer = await shop.world.command(lan, { type: 'change_plan', ...seats });
    expect(answer).toMatchObject({
      error: { code: 'subscription_state', detail: expect.stringMatching(/start a new/) },
    });
    expect(await rowOf(lan)).toEqual(before);
    await shop.advance(lan, 10);

    expect(await told(lan)).toEqual(['first 660000 void']);
    expect(await rowOf(lan)).toMatchObject({ status: 'expired' });
  });

  it('gives the rest of a trial that began then, or bills from its end on', async () => {
    const trial = { planId: tried, useTrial: true };
    const lan = await begin({ startsAt: '2025-03-01T10:00:00+07:00' }, trial);
    expect(await rowOf(lan)).toMatchObject({ status: 'trial', deadline: 'trial_ending' });
    await shop.advance(lan, 6);
    expect(await linesOf(lan)).toEqual(['Pro with a trial 200000 2025-03-15 2025-04-15']);

    const mai = await begin({ startsAt: inJanuary }, trial);
    expect(await linesOf(mai)).toEqual([
      'Pro with a trial 200000 2025-01-19 2025-02-19',
      'Pro with a trial 200000 2025-02-19 2025-03-19',
    ]);
  });

  it('bills the usage of the periods that are over with them', async () => {
    const customer = await shop.world.addCustomer();
    await shop.send(
      customer,
      { value: 1_500, at: '2025-01-10T03:00:00Z' },
      { value: 2_000, at: '2025-02-10T03:00:00Z' },
      { value: 1_100, at: '2025-03-06T03:00:00Z' },
    );
    const fields = { startsAt: inJanuary };
    const lan = await shop.world.subscribe(customer, { planId: shop.plans.metered, fields });
    expect(await shop.usageLines(lan)).toMatchObject([
      { subtotal: 5_000, from: '2025-01-05 10:00', to: '2025-02-05 10:00', usage: { isLate: false } },
      { subtotal: 10_000, from: '2025-02-05 10:00', to: '2025-03-05 10:00', usage: { isLate: false } },
    ]);

    await shop.advance(lan, 27);
    expect((await shop.usageLines(lan)).slice(2)).toMatchObject([{ subtotal: 1_000, from: '2025-03-05 10:00' }]);
  });

  it('of a free plan bills its add-ons since', async () => {
    const lan = await shop.subscribe({ plan: 'free', fields: { startsAt: inJanuary, addons: addons('storage') } });

    expect(await told(lan)).toEqual(['addon 165000 paid']);
    expect(await shop.features(lan)).toEqual(['base', 'extra_storage']);
  });

  it('takes a discount off as many periods as it is for', async () => {
    const { database } = shop.world.test;
    const off = { kind: 'amount', amount: 50_000 } as const;
    const promotion = { name: 'Two', code: 'TWO', discount: off, duration: { kind: 'periods', count: 2 } } as const;
    await database.withTenant(shop.world.company.id, (tx) => createPromotion(tx, { promotion, now: start }));
    const lan = await begin({ startsAt: inJanuary, promotionCode: 'TWO' });

    expect(await told(lan)).toEqual(['first 560000 paid']);
  });

  it('has the prices that the phases of its plan had in those periods', async () => {
    const made = await shop.world.test.database.withTenant(shop.world.company.id, (tx) =>
      createPlan(tx, {
        plan: { name: 'Phased', price: 300_000, billingCycle: 'monthly', phases: [{ price: 100_000, periods: 2 }] },
        now: start,
      }),
    );
    const lan = await begin({ startsAt: inJanuary }, { planId: Number(made.id) });

    expect(await subtotals(lan)).toEqual([100_000, 100_000, 300_000]);
    await shop.advance(lan, 27);
    expect(await subtotals(lan)).toEqual([100_000, 100_000, 300_000, 300_000]);
  });

  it('has its bounds', async () => {
    expect(await refused({ startsAt: '2021-03-10T10:00:00+07:00' })).toBe('invalid_date_sequence /startsAt');
    expect(await refused({ startsAt: '2031-03-10T10:00:00+07:00' })).toBe('invalid_date_sequence /startsAt');
    expect(await refused({ startsAt: inJanuary, endsAt: '2025-02-10T10:00:00+07:00' })).toBe(
      'invalid_date_sequence /endsAt',
    );
    expect(await refused({ startsAt: inTenDays, endsAt: '2025-03-15T10:00:00+07:00' })).toBe(
      'invalid_date_sequence /endsAt',
    );
  });
});

/** Days that are billed more than once. */
const billedTwice = ({ subscriptionId }: Subscribed) =>
  shop.world.rows(
    `SELECT a.id FROM finance.billed_service a JOIN finance.billed_service b
         ON a.subscription_id = b.subscription_id AND a.item = b.item AND a.layer = b.layer AND a.id < b.id
        AND a.released_at IS NULL AND b.released_at IS NULL AND a.service && b.service
      WHERE a.subscription_id = $1`,
    [subscriptionId],
  );
