import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { createPromotion } from '../../../domain/promotions/create-promotion';
import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { type AddonName, type AddonWorld, openAddonWorld } from './addon-world';
import type { SubscribeOptions, Subscribed } from './subscription-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const until = new Date('2025-06-01T00:00:00Z');

let shop: AddonWorld;
let tried: number;

beforeAll(async () => {
  shop = await openAddonWorld(start);
  const plan = { name: 'Pro with a trial', price: 200_000, billingCycle: 'monthly' as const, features: ['pro'] };
  const made = await shop.world.test.database.withTenant(shop.world.company.id, (tx) =>
    createPlan(tx, { plan: { ...plan, trialEnabled: true, trialDays: 14 }, now: start }),
  );
  tried = Number(made.id);
});
afterAll(() => shop?.world.close());

const named = (...addonKeys: string[]) => ({ addonIds: [] as number[], addonKeys, quantity: 1 });
const begin = (addonKeys: AddonName[], options: Omit<SubscribeOptions, 'plan'> & { plan?: 'free' | 'paid' } = {}) =>
  shop.subscribe({ plan: 'paid', ...options, fields: { addons: named(...addonKeys), ...options.fields } });
const linesOf = (invoice: { lines: { description: string; subtotal: number }[] } | undefined) =>
  invoice?.lines.map(({ description, subtotal }) => `${description} ${subtotal}`);
const told = async (who: Subscribed) =>
  (await shop.invoices(who)).map(({ purpose, total, status }) => `${purpose} ${total} ${status}`);
const planned = (addons: ReturnType<typeof named>, fields: object = {}) =>
  shop.world.test.database.withTenantSnapshot(shop.world.company.id, (tx) =>
    forecastPlan(
      tx,
      {
        planId: shop.paid,
        quantity: 1,
        useTrial: false,
        billingAnchorDay: null,
        endsAt: null,
        addons,
        from: start,
        ...fields,
      },
      until,
    ),
  );

describe('a paid plan with add-ons', () => {
  it('is one invoice and one payment, which unlocks plan and add-ons, and renews on one', async () => {
    const lan = await begin(['storage', 'backup', 'setup']);
    const [first, ...others] = await shop.invoices(lan);

    expect(others).toEqual([]);
    expect(first).toMatchObject({ purpose: 'first', status: 'paid', total: 968_000 });
    expect(linesOf(first)).toEqual(['Pro 200000', 'Extra Storage 50000', 'Yearly Backup 600000', 'Setup 30000']);
    expect(await shop.bought(lan)).toMatchObject([
      { key: 'storage', status: 'active', next: '2025-04-10' },
      { key: 'backup', status: 'active', next: '2026-03-10' },
      { key: 'setup', status: 'active', next: null },
    ]);
    expect(await shop.features(lan)).toEqual(['backup', 'extra_storage', 'pro', 'setup']);
    expect(await shop.events(lan, '%')).toEqual([
      'subscription.created',
      'addon.purchased',
      'addon.purchased',
      'addon.purchased',
      'invoice.created',
      'payment.initiated',
      ...(await shop.events(lan, 'payment.success')),
      'invoice.updated',
      'subscription.activated',
      'addon.activated',
      'addon.activated',
      'addon.activated',
    ]);

    await shop.advance(lan, 40);

    expect((await shop.invoices(lan)).slice(1).map(linesOf)).toEqual([['Pro 200000', 'Extra Storage 50000']]);
  });

  it('bills what was foreseen, and goes on as it is foreseen then', async () => {
    const foreseen = await planned(named('storage', 'ai'));
    const lan = await begin(['storage', 'ai']);
    const { database } = shop.world.test;
    const going = await database.withTenantSnapshot(shop.world.company.id, (tx) =>
      forecastSubscription(tx, { subscriptionId: lan.subscriptionId, until, now: start }),
    );
    await shop.advance(lan, 80);
    const billed = (await shop.invoices(lan)).flatMap(({ lines }) => lines.map(({ subtotal }) => subtotal));

    expect(foreseen.invoices.map(({ subtotal }) => subtotal)).toEqual(billed);
    expect(going.invoices.map(({ subtotal }) => subtotal)).toEqual(billed.slice(3));
    expect(billed).toHaveLength(9);
  });

  it('has nothing before it is paid, and is over with all of it when it is not', async () => {
    const lan = await begin(['storage', 'setup'], { token: 'tok_declined' });

    expect(await shop.features(lan)).toEqual([]);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'pending' }, { status: 'pending' }]);

    await shop.advance(lan, 1.1);

    expect(await told(lan)).toEqual(['first 308000 void']);
    expect(await shop.status(lan)).toBe('expired');
    expect(await shop.bought(lan)).toMatchObject([
      { status: 'expired', reason: 'with the subscription' },
      { status: 'expired', reason: 'with the subscription' },
    ]);
    expect(await shop.events(lan, 'addon.activated')).toEqual([]);
  });

  it('asks again without an add-on that is removed before it is paid, and for another plan with it', async () => {
    const lan = await begin(['storage', 'setup'], { token: null });
    const asked = { addonId: shop.addons.storage, atPeriodEnd: true };
    expect(await shop.ask(lan, { type: 'remove_addon', ...asked })).toBeNull();
    expect(await told(lan)).toEqual(['first 308000 void', 'first 253000 open']);

    const seats = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    expect(await shop.ask(lan, { type: 'change_plan', ...seats })).toBeNull();
    expect((await told(lan)).at(-1)).toBe('first 473000 open');

    const free = { newPlanId: shop.free, quantity: 1, immediate: true, prorationDate: null };
    expect(await shop.ask(lan, { type: 'change_plan', ...free })).toBeNull();
    expect((await told(lan)).slice(-2)).toEqual(['first 473000 void', 'addon 33000 open']);
    expect(await shop.features(lan)).toEqual(['base']);
  });

  it('renews together while an invoice that was sent is not paid, and counts from the payment of one of them', async () => {
    await shop.set({ invoiceDueDays: 40 });

    try {
      const lan = await begin(['storage'], { token: null });
      await shop.advance(lan, 35);
      expect(await told(lan)).toEqual(['first 275000 open', 'renewal 275000 open']);
      expect(await shop.bought(lan)).toMatchObject([{ status: 'pending' }]);

      const [, renewal] = await shop.invoices(lan);
      const paymentId = await reserveId(shop.world.test.database, 'payment');
      const payment = { paymentId, amount: 275_000, method: 'bank_transfer', reference: 'FT1', receivedAt: null };
      const paid = { type: 'record_payment', invoiceId: Number(renewal?.id), ...payment };
      expect(await shop.world.command(lan, paid)).toMatchObject({ kind: 'done' });
      expect(await shop.bought(lan)).toMatchObject([{ status: 'active' }]);
    } finally {
      await shop.set({ invoiceDueDays: 7 });
    }
  });

  it('is in step with the plan where the company has it so', async () => {
    await shop.set({ addonAlignTo: 'subscription', billingTime: 'calendar' });

    try {
      const lan = await begin(['storage']);
      expect((await shop.invoices(lan))[0]?.lines).toMatchObject([
        { description: 'Pro', to: '2025-04-01T00:00:00' },
        { description: 'Extra Storage', to: '2025-04-01T00:00:00' },
      ]);
    } finally {
      await shop.set({ addonAlignTo: 'own', billingTime: 'anniversary' });
    }
  });

  it('counts at once in arrears, where only what is bought once is paid ahead', async () => {
    await shop.set({ billingTiming: 'in_arrears' });

    try {
      const lan = await begin(['storage', 'setup']);
      expect(await told(lan)).toEqual(['addon 33000 paid']);
      expect(await shop.features(lan)).toEqual(['extra_storage', 'pro', 'setup']);
      await shop.advance(lan, 32);
      expect((await shop.invoices(lan)).map(linesOf).at(-1)).toEqual(['Pro 200000', 'Extra Storage 50000']);
    } finally {
      await shop.set({ billingTiming: 'in_advance' });
    }
  });
});

describe('a trial with add-ons', () => {
  it('costs nothing, has all of it to its end, and is billed on one invoice then', async () => {
    const foreseen = await planned(named('storage', 'setup'), { planId: tried, useTrial: true });
    const lan = await begin(['storage', 'setup'], { planId: tried, useTrial: true });

    expect(await shop.invoices(lan)).toEqual([]);
    expect(await shop.features(lan)).toEqual(['extra_storage', 'pro', 'setup']);
    const count = { addonId: shop.addons.storage, quantity: 2, immediate: null };
    expect(await shop.ask(lan, { type: 'change_addon', ...count })).toBeNull();
    expect(await shop.ask(lan, { type: 'change_addon', ...count, quantity: 1 })).toBeNull();

    await shop.advance(lan, 13.9);
    expect(await shop.invoices(lan)).toEqual([]);
    await shop.advance(lan, 0.2);

    const [first] = await shop.invoices(lan);
    expect(first).toMatchObject({ purpose: 'first', status: 'paid' });
    expect(linesOf(first)).toEqual(['Pro with a trial 200000', 'Extra Storage 50000', 'Setup 30000']);
    expect(first?.lines[1]).toMatchObject({ from: '2025-03-24T10:00:00', to: '2025-04-24T10:00:00' });

    await shop.advance(lan, 66);
    const billed = (await shop.invoices(lan)).flatMap(({ lines }) => lines.map(({ subtotal }) => subtotal));
    expect(billed).toEqual(foreseen.invoices.map(({ subtotal }) => subtotal));
    expect(await shop.events(lan, 'addon.activated')).toHaveLength(2);
  });

  it('is told of with the fee that is paid once after it, with its tax', async () => {
    const lan = await begin(['line'], { planId: tried, useTrial: true });
    await shop.advance(lan, 14.1);
    const { rows } = shop.world;
    const notices = await rows(
      `SELECT kind, data -> 'charge' ->> 'total' AS price, data -> 'setupCharge' AS fee FROM platform.notices
        WHERE subject = $1 AND kind LIKE 'trial%' ORDER BY id`,
      [`subscription/${lan.subscriptionId}`],
    );

    const fee = { total: 22_000, tax: 2_000 };
    expect(notices).toEqual([
      { kind: 'trial_started', price: '286000', fee },
      { kind: 'trial_ending', price: '286000', fee },
      { kind: 'trial_ended', price: '286000', fee },
    ]);
    const [first] = await shop.invoices(lan);
    expect(first).toMatchObject({ total: 308_000 });
  });

  it('that is cancelled bills nothing and leaves nothing', async () => {
    const lan = await begin(['storage', 'setup'], { planId: tried, useTrial: true });
    expect(await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true })).toBeNull();
    await shop.advance(lan, 15);

    expect(await shop.invoices(lan)).toEqual([]);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'expired' }, { status: 'expired' }]);
    expect(await shop.features(lan)).toEqual([]);
  });

  it('that goes on as the free plan bills its add-ons by themselves', async () => {
    const lan = await begin(['storage'], { planId: tried, useTrial: true });
    const free = { newPlanId: shop.free, quantity: null, immediate: true, prorationDate: null };
    expect(await shop.ask(lan, { type: 'change_plan', ...free })).toBeNull();
    await shop.advance(lan, 50);

    expect(await told(lan)).toEqual(['addon 55000 paid', 'renewal 55000 paid']);
    expect(await shop.features(lan)).toEqual(['base', 'extra_storage']);
  });
});

describe('the free plan with add-ons', () => {
  it('is there at once, its add-ons when they are paid for', async () => {
    const lan = await begin(['storage', 'ai'], { plan: 'free' });
    expect(await told(lan)).toEqual(['addon 165000 paid']);
    expect(await shop.features(lan)).toEqual(['ai_assistant', 'base', 'extra_storage']);

    const mai = await begin(['storage'], { plan: 'free', token: 'tok_declined' });
    expect(await shop.features(mai)).toEqual(['base']);
    await shop.advance(mai, 1.1);
    expect(await shop.status(mai)).toBe('active');
    expect(await shop.bought(mai)).toMatchObject([{ status: 'expired' }]);
  });
});

it('a code is taken off all that it is for', async () => {
  const { database } = shop.world.test;
  const half = { kind: 'percent', ratePpm: 500_000, basis: 'on_total', most: null } as const;
  const appliesTo = { productIds: [], categories: [], planIds: [], addonKeys: ['storage'] };
  await database.withTenant(shop.world.company.id, (tx) =>
    createPromotion(tx, { promotion: { name: 'Half', code: 'HALF', discount: half, appliesTo }, now: start }),
  );
  const lan = await begin(['storage'], { fields: { promotionCode: 'HALF' } });

  expect(await told(lan)).toEqual(['first 250000 paid']);
});

it('what is wrong is refused with its member, and nothing is written', async () => {
  const { world } = shop;
  const refused = async (addons: ReturnType<typeof named>) =>
    world.refusedTo(await world.addCustomer(), { planId: shop.paid, fields: { addons } });

  expect(await refused(named('nothing'))).toBe('addon_not_found /addonKeys/0');
  expect(await refused({ ...named('ai'), addonIds: [shop.addons.ai] })).toBe('validation_failed /addonKeys/0');
  await shop.set({ addonEnabled: false });

  try {
    expect(await refused(named('ai'))).toBe('model_not_accepting undefined');
  } finally {
    await shop.set({ addonEnabled: true });
  }
});
