import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { createPlan, type NewPlan } from '../../../domain/catalogue/plans/create-plan';
import { type PlanChanges, updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { listPriceVersions } from '../../../domain/catalogue/price-versions/list-price-versions';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastPlan, type PlannedSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { createPriceMove } from '../../../domain/subscriptions/price-moves/create-price-move';
import { listMovedSubscriptions } from '../../../domain/subscriptions/price-moves/moved-subscriptions';
import { previewPriceMove } from '../../../domain/subscriptions/price-moves/preview-price-move';
import type { PriceMoveRequest } from '../../../domain/subscriptions/price-moves/select-subscribers';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { refusalOf } from '../orders/order-world';
import type { SubscribeOptions, Subscribed } from './subscription-world';
import { openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: UsageWorld;
let names = 0;

beforeAll(async () => {
  shop = await openUsageWorld(start);
});
afterAll(() => shop?.world.close());

const tenant = <Result>(work: Parameters<typeof shop.world.test.database.withTenant<Result>>[1]) =>
  shop.world.test.database.withTenant(shop.world.company.id, work);
const usd = (price: number, phases: { price: number; periods: number }[] = []) => ({ currency: 'USD', price, phases });
/** 99,000 VND, 4.99 USD where nothing else is said. */
const addPlan = (fields: Partial<NewPlan> = {}) =>
  tenant(async (tx) => {
    const plan = {
      name: `Gói ngoại tệ ${(names += 1)}`,
      price: 99_000,
      billingCycle: 'monthly' as const,
      prices: [usd(499)],
    };

    return Number((await createPlan(tx, { plan: { ...plan, ...fields }, now: start })).id);
  });
const edit = (id: number, changes: PlanChanges) => tenant((tx) => updatePlan(tx, { id, changes, now: start }));
const addAddon = (prices: { currency: string; price: number }[], billingPeriod: 'monthly' | 'one_time' = 'monthly') =>
  tenant(async (tx) => {
    const key = `kho_${(names += 1)}`;
    await createAddon(tx, { addon: { key, name: key, price: 50_000, billingPeriod, prices }, now: start });

    return key;
  });
const american = () => shop.world.addCustomer('USD');
const subscribeIn = async (currency: string, planId: number, options: SubscribeOptions = {}) =>
  shop.world.subscribe(await shop.world.addCustomer(currency), { planId, ...options });
const bills = async ({ subscriptionId }: Subscribed) => {
  const rows = await shop.world.rows<{ bill: string }>(
    `SELECT concat_ws(' ', i.purpose, i.total_amount, i.currency, i.status) AS bill FROM finance.invoices i
      WHERE i.subscription_id = $1 ORDER BY i.id`,
    [subscriptionId],
  );

  return rows.map(({ bill }) => bill);
};
const agreed = async ({ subscriptionId }: Subscribed) => {
  const [row] = await shop.world.rows<{ amount: string; currency: string }>(
    'SELECT amount, currency FROM ordering.subscriptions WHERE id = $1',
    [subscriptionId],
  );

  return `${row?.amount} ${row?.currency}`;
};
/** @returns the code and the member that it was refused with, or null */
const ask = async (who: Subscribed, command: RequestedCommand) => {
  const answer = await shop.world.command(who, command);

  return answer.kind === 'refused' ? `${answer.error.code} ${answer.error.field}` : null;
};
const changeTo = (newPlanId: number, immediate: boolean | null = null): RequestedCommand => ({
  type: 'change_plan',
  newPlanId,
  quantity: null,
  immediate,
  prorationDate: null,
});
const buy = (...addonKeys: string[]): RequestedCommand => ({
  type: 'add_addons',
  addonIds: [],
  addonKeys,
  quantity: 1,
});
const price = (fields: Partial<Extract<RequestedCommand, { type: 'change_price' }>> = {}): RequestedCommand => ({
  type: 'change_price',
  priceId: null,
  immediate: false,
  noticeDays: 0,
  ...fields,
});
const versionOf = async (planId: number, currency: string) => {
  const versions = await tenant((tx) => listPriceVersions(tx, { of: { planId }, limit: 50 }));

  return versions.find((one) => one.currency === currency)?.id ?? 0;
};
const countRows = async () => {
  const [row] = await shop.world.rows<{ rows: string }>(
    `SELECT concat_ws(' ', (SELECT count(*) FROM ordering.subscriptions), (SELECT count(*) FROM finance.invoices),
              (SELECT count(*) FROM platform.events), (SELECT count(*) FROM ordering.user_addons)) AS rows`,
    [],
  );

  return row?.rows;
};

describe('a subscription', () => {
  it('is billed and renewed in the currency of its billing account, at the price agreed on', async () => {
    const planId = await addPlan();
    const ann = await subscribeIn('USD', planId);
    expect(await agreed(ann)).toBe('499 USD');
    await edit(planId, { price: 120_000, prices: [usd(599)] });
    await shop.advance(ann, 32);

    expect(await bills(ann)).toEqual(['first 549 USD paid', 'renewal 549 USD paid']);
    expect(await bills(await subscribeIn('USD', planId))).toEqual(['first 659 USD paid']);
    expect(await bills(await subscribeIn('VND', planId))).toEqual(['first 132000 VND paid']);
  });

  it('has its seats and what follows its trial in its currency', async () => {
    const planId = await addPlan({ trialEnabled: true, trialDays: 7 });
    const ann = await subscribeIn('USD', planId, { useTrial: true, fields: { quantity: 3 } });
    await shop.advance(ann, 8);

    expect(await bills(ann)).toEqual(['first 1647 USD paid']);
  });

  it('begins with the phases of its currency, and goes on at the price of that', async () => {
    const planId = await addPlan({
      phases: [{ price: 1_000, periods: 1 }],
      prices: [usd(500, [{ price: 100, periods: 2 }]), { currency: 'EUR', price: 400, phases: [] }],
    });
    const ann = await subscribeIn('USD', planId);
    await shop.advance(ann, 63);

    expect(await bills(ann)).toEqual(['first 110 USD paid', 'renewal 110 USD paid', 'renewal 550 USD paid']);
    expect(await bills(await subscribeIn('EUR', planId))).toEqual(['first 440 EUR paid']);
    expect(await bills(await subscribeIn('VND', planId))).toEqual(['first 1100 VND paid']);
  });

  it('has its tax in its price, or on top of it, as the price in its currency has it', async () => {
    const planId = await addPlan({
      taxBehavior: 'inclusive',
      prices: [usd(550), { currency: 'EUR', price: 550, taxBehavior: 'exclusive', phases: [] }],
    });

    expect(await bills(await subscribeIn('USD', planId))).toEqual(['first 550 USD paid']);
    expect(await bills(await subscribeIn('EUR', planId))).toEqual(['first 605 EUR paid']);
  });

  it('is refused without a price in its currency, or in another than that of the account; nothing is written', async () => {
    const planId = await addPlan();
    const ann = await american();
    const binh = await shop.world.addCustomer();
    const key = await addAddon([{ currency: 'EUR', price: 3 }]);
    const before = await countRows();

    expect(await shop.world.refusedTo(ann, { planId: shop.paid, token: null })).toBe('price_not_in_currency /planId');
    expect(await shop.world.refusedTo(ann, { planId, token: null, fields: { currency: 'VND' } })).toBe(
      'currency_mismatch /currency',
    );
    expect(await shop.world.refusedTo(binh, { planId, token: null, fields: { currency: 'USD' } })).toBe(
      'currency_mismatch /currency',
    );
    const addons = { addonIds: [], addonKeys: [key], quantity: 1 };
    expect(await shop.world.refusedTo(ann, { planId, token: null, fields: { addons } })).toBe(
      'price_not_in_currency /addonKeys/0',
    );
    expect(await countRows()).toBe(before);
    await shop.world.subscribe(ann, { planId, fields: { currency: 'USD' } });
  });
});

describe('a change of plan', () => {
  it('takes the price of the new plan in the currency of the subscription, prorated as its preview says', async () => {
    const ann = await subscribeIn('USD', await addPlan({ prices: [usd(310)] }));
    const dearer = await addPlan({ price: 1, prices: [usd(620)] });
    await shop.advance(ann, 10);
    const shown = await shop.preview(ann, changeTo(dearer));
    expect(await ask(ann, changeTo(dearer))).toBeNull();

    // Of 31 days, 21 at 6.20 are billed, 21 at 3.10 given back, and a tenth more for the tax.
    expect(shown.dueAmount).toBe(231);
    expect(await agreed(ann)).toBe('620 USD');
    expect((await bills(ann)).every((bill) => bill.includes(' USD '))).toBe(true);
    await shop.advance(ann, 22);
    expect((await bills(ann)).at(-1)).toBe('renewal 682 USD paid');
  });

  it('is dearer or cheaper by the prices in that currency alone, and waits for the end of the period accordingly', async () => {
    const ann = await subscribeIn('USD', await addPlan());
    const cheaper = await addPlan({ price: 900_000, prices: [usd(99)] });
    expect(await ask(ann, changeTo(cheaper))).toBeNull();
    expect(await agreed(ann)).toBe('499 USD');
    await shop.advance(ann, 32);

    expect(await bills(ann)).toEqual(['first 549 USD paid', 'renewal 109 USD paid']);
  });

  it('is refused where the new plan has no price in that currency, shown and asked for', async () => {
    const ann = await subscribeIn('USD', await addPlan());
    const before = await countRows();

    expect(await ask(ann, changeTo(shop.paid))).toBe('price_not_in_currency /newPlanId');
    expect(await refusalOf(shop.preview(ann, changeTo(shop.paid)))).toBe('price_not_in_currency /newPlanId');
    expect(await countRows()).toBe(before);
  });
});

describe('add-ons', () => {
  it('are bought with the plan and later at their price in the currency of the subscription', async () => {
    const [first, later] = [
      await addAddon([{ currency: 'USD', price: 200 }]),
      await addAddon([{ currency: 'USD', price: 31 }], 'one_time'),
    ];
    const addons = { addonIds: [], addonKeys: [first], quantity: 2 };
    const ann = await subscribeIn('USD', await addPlan(), { fields: { addons } });
    expect(await bills(ann)).toEqual(['first 989 USD paid']);
    expect((await shop.preview(ann, buy(later))).totals).toEqual([34]);
    expect(await ask(ann, buy(later))).toBeNull();
    await shop.advance(ann, 32);

    expect(await bills(ann)).toEqual(['first 989 USD paid', 'addon 34 USD paid', 'renewal 989 USD paid']);
    expect(await shop.bought(ann)).toMatchObject([{ status: 'active' }, { status: 'active' }]);
  });

  it('are refused by their field where they have none', async () => {
    const ann = await subscribeIn('USD', await addPlan());
    const priced = await addAddon([{ currency: 'USD', price: 200 }]);

    expect(await ask(ann, buy(priced, 'storage'))).toBe('price_not_in_currency /addonKeys/1');
    expect(await ask(ann, { ...buy(), addonIds: [shop.addons.storage] } as RequestedCommand)).toBe(
      'price_not_in_currency /addonIds/0',
    );
    expect(await shop.bought(ann)).toEqual([]);
  });
});

describe('a price that changes', () => {
  it('is that of today in the currency of the subscription, by its id or not, and never of another', async () => {
    const planId = await addPlan();
    const ann = await subscribeIn('USD', planId);
    expect(await ask(ann, price())).toBe('no_change /priceId');
    await edit(planId, { price: 150_000 });
    expect(await ask(ann, price())).toBe('no_change /priceId');
    await edit(planId, { prices: [usd(599)] });
    expect(await ask(ann, price({ priceId: await versionOf(planId, 'VND') }))).toBe('currency_mismatch /priceId');
    expect(await ask(ann, price())).toBeNull();
    await shop.advance(ann, 32);

    expect(await bills(ann)).toEqual(['first 549 USD paid', 'renewal 659 USD paid']);
  });

  it('is refused where the plan has no price in that currency any more, which goes on at what was agreed on', async () => {
    const planId = await addPlan();
    const ann = await subscribeIn('USD', planId);
    await edit(planId, { prices: [] });
    expect(await ask(ann, price())).toBe('price_not_in_currency /priceId');
    await shop.advance(ann, 32);

    expect(await bills(ann)).toEqual(['first 549 USD paid', 'renewal 549 USD paid']);
    expect(await shop.world.refusedTo(await american(), { planId, token: null })).toBe('price_not_in_currency /planId');
  });
});

describe('a price move', () => {
  const request = (planId: number, fields: Partial<PriceMoveRequest> = {}): PriceMoveRequest => ({
    of: { planId },
    priceId: null,
    fromPriceIds: [],
    immediate: false,
    noticeDays: 0,
    ...fields,
  });
  const preview = (asked: PriceMoveRequest) => tenant((tx) => previewPriceMove(tx, asked));
  const asks = async (asked: PriceMoveRequest) => {
    const id = await reserveId(shop.world.test.database, 'priceMove');
    await tenant((tx) => createPriceMove(tx, { id, request: asked, userId: null, now: start }));
    const moved = await tenant((tx) =>
      listMovedSubscriptions(tx, { priceMoveId: id, status: null, after: 0, limit: 50 }),
    );

    return moved.map(({ subscriptionId }) => subscriptionId);
  };

  it('asks those who pay in the currency of the price moved to, and nobody else', async () => {
    const planId = await addPlan();
    const [ann, lan] = [await subscribeIn('USD', planId), await subscribeIn('VND', planId)];
    await edit(planId, { price: 150_000, prices: [usd(599)] });
    const dollars = request(planId, { priceId: await versionOf(planId, 'USD') });

    expect(await preview(dollars)).toMatchObject({
      currency: 'USD',
      subscriptions: 1,
      revenueBefore: 499,
      revenueAfter: 599,
      prices: [{ amount: 499, version: 2 }],
      sample: [{ subscriptionId: ann.subscriptionId }],
    });
    expect(await preview(request(planId))).toMatchObject({
      currency: 'VND',
      revenueBefore: 99_000,
      revenueAfter: 150_000,
      sample: [{ subscriptionId: lan.subscriptionId }],
    });
    expect(await asks(dollars)).toEqual([ann.subscriptionId]);
    expect(await ask(ann, price({ priceId: dollars.priceId }))).toBeNull();
    await shop.advance(ann, 32);
    await shop.advance(lan, 32);

    expect((await bills(ann)).at(-1)).toBe('renewal 659 USD paid');
    expect((await bills(lan)).at(-1)).toBe('renewal 108900 VND paid');
  });

  it('is refused from a price in another currency, or where nobody pays in its own', async () => {
    const planId = await addPlan();
    await subscribeIn('VND', planId);
    const [dollars, dong] = [await versionOf(planId, 'USD'), await versionOf(planId, 'VND')];
    const mixed = request(planId, { priceId: dollars, fromPriceIds: [dollars, dong] });

    expect(await refusalOf(preview(mixed))).toBe('currency_mismatch /fromPriceIds/1');
    expect(await refusalOf(asks(mixed))).toBe('currency_mismatch /fromPriceIds/1');
    await edit(planId, { prices: [usd(1)] });
    expect(await refusalOf(asks(request(planId, { priceId: await versionOf(planId, 'USD') })))).toBe('no_change');
  });
});

describe('usage', () => {
  const calls = (unitPrice: string) => ({ model: 'per_unit' as const, unitPrice });

  it('is billed at the price in the currency of the subscription, of a plan and of an add-on', async () => {
    const planId = await addPlan();
    await shop.priceWithin({ planId }, calls('20'));
    await shop.priceWithin({ planId, currency: 'USD' }, calls('0.5'));
    const ann = await subscribeIn('USD', planId);
    await shop.advance(ann, 11);
    await shop.send(ann, { value: 300, at: '2025-03-20T03:00:00Z' });
    expect((await shop.forecast(ann, '2025-04-12T00:00:00Z')).totalAmount).toBe(714);
    await shop.advance(ann, 21);

    expect((await shop.usageLines(ann)).map(({ subtotal }) => subtotal)).toEqual([150]);
    expect(await bills(ann)).toEqual(['first 549 USD paid', 'renewal 714 USD paid']);
  });

  it('without a price in a currency that the plan or add-on is sold in refuses it in that', async () => {
    const planId = await addPlan();
    const ann = await american();
    await shop.priceWithin({ planId }, calls('20'));
    expect(await shop.world.refusedTo(ann, { planId, token: null })).toBe('price_not_in_currency /planId');
    await shop.priceWithin({ planId, currency: 'USD' }, calls('0.5'));
    const subscribed = await shop.world.subscribe(ann, { planId });

    const key = await addAddon([{ currency: 'USD', price: 200 }]);
    const [addon] = await shop.world.rows<{ id: string }>('SELECT id FROM product.addons WHERE addon_key = $1', [key]);
    await shop.priceWithin({ addonId: Number(addon?.id) }, calls('3'));
    expect(await ask(subscribed, buy(key))).toBe('price_not_in_currency /addonKeys/0');
    const metered = await addPlan({ price: 300_000, prices: [usd(999)] });
    await shop.priceWithin({ planId: metered }, calls('20'));
    expect(await ask(subscribed, changeTo(metered))).toBe('price_not_in_currency /newPlanId');
  });

  it('has prices in no currency that the plan has none in', async () => {
    const planId = await addPlan();

    expect(await refusalOf(shop.priceWithin({ planId, currency: 'EUR' }, calls('1')))).toBe(
      'price_not_in_currency /currency',
    );
  });
});

describe('a forecast before there is a subscription', () => {
  const forecast = async (planned: Partial<PlannedSubscription> & { planId: number }) => {
    const defaults = { quantity: 1, billingAnchorDay: null, endsAt: null, useTrial: false, from: start };
    const { currency, totalAmount } = await shop.world.test.database.withTenantSnapshot(shop.world.company.id, (tx) =>
      forecastPlan(tx, { ...defaults, ...planned }, new Date('2025-03-20T00:00:00Z')),
    );

    return `${totalAmount} ${currency}`;
  };

  it('is in the currency that is asked for, that of the customer who asks, or the plan’s own', async () => {
    const planId = await addPlan();
    const { customerId } = await american();
    const addons = { addonIds: [], addonKeys: [await addAddon([{ currency: 'USD', price: 100 }])], quantity: 1 };

    expect(await forecast({ planId })).toBe('108900 VND');
    expect(await forecast({ planId, addons, currency: 'USD' })).toBe('659 USD');
    expect(await forecast({ planId, customerId })).toBe('549 USD');
    expect(await forecast({ planId, customerId, currency: 'USD' })).toBe('549 USD');
    expect(await refusalOf(forecast({ planId, customerId, currency: 'VND' }))).toBe('currency_mismatch /currency');
    expect(await refusalOf(forecast({ planId, currency: 'EUR' }))).toBe('price_not_in_currency /planId');
  });
});
