import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { listPriceVersions } from '../../../domain/catalogue/price-versions/list-price-versions';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { createPriceMove } from '../../../domain/subscriptions/price-moves/create-price-move';
import { listMovedSubscriptions } from '../../../domain/subscriptions/price-moves/moved-subscriptions';
import { previewPriceMove } from '../../../domain/subscriptions/price-moves/preview-price-move';
import { listPriceMoves } from '../../../domain/subscriptions/price-moves/price-move-row';
import type { PriceMoveRequest } from '../../../domain/subscriptions/price-moves/select-subscribers';
import { findAnnouncedChange } from '../../../domain/subscriptions/price-moves/work-of-move';
import type { Subscribed } from './subscription-world';
import { openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: UsageWorld;
let addons = 0;

beforeAll(async () => {
  shop = await openUsageWorld(start);
});
afterAll(() => shop?.world.close());
afterEach(() => shop.set({ addonAlignTo: 'own', planChangeBilling: 'prorate', billingTiming: 'in_advance' }));

const tenant = <Result>(work: Parameters<typeof shop.world.test.database.withTenant<Result>>[1]) =>
  shop.world.test.database.withTenant(shop.world.company.id, work);
const addAddon = (price = 50_000, fields: { billingPeriod?: 'monthly' | 'one_time'; usd?: number } = {}) =>
  tenant(async (tx) => {
    const key = `extra_${(addons += 1)}`;
    const { billingPeriod = 'monthly' as const, usd } = fields;
    const prices = usd === undefined ? [] : [{ currency: 'USD', price: usd }];
    const addon = { key, name: `Extra ${addons}`, price, billingPeriod, prices };

    return (await createAddon(tx, { addon, now: start })).id;
  });
const priceTo = (addonId: number, price: number) =>
  tenant((tx) => updateAddon(tx, { id: addonId, changes: { price }, now: start }));
const buy = (who: Subscribed, addonId: number, quantity = 1) =>
  shop.ask(who, { type: 'add_addons', addonIds: [addonId], addonKeys: [], quantity });
/** @returns who pays for the plan from the 10th on, and has the add-on from so many days later on */
const holder = async (addonId: number, { later = 5, quantity = 1 } = {}) => {
  const who = await shop.subscribe({ plan: 'paid' });
  await shop.advance(who, later);
  expect(await buy(who, addonId, quantity)).toBeNull();

  return who;
};
const change = (addonId: number, fields: Partial<Extract<RequestedCommand, { type: 'change_price' }>> = {}) =>
  ({ type: 'change_price', addonId, priceId: null, immediate: false, noticeDays: 0, ...fields }) as const;
const linesOf = async (who: Subscribed) =>
  (await shop.invoices(who)).map(
    ({ purpose, status, lines }) =>
      `${purpose} ${lines.map(({ item, subtotal }) => `${item} ${subtotal}`).join(', ')} ${status}`,
  );
const waiting = async ({ subscriptionId }: Subscribed) => {
  const [row] = await shop.world.rows<{ waiting_changes: { id: number; kind: string }[] }>(
    'SELECT waiting_changes FROM ordering.subscriptions WHERE id = $1',
    [subscriptionId],
  );

  return row?.waiting_changes ?? [];
};
const notices = ({ subscriptionId }: Subscribed) =>
  shop.world.rows<{ kind: string; name: string; amount: number; total: number }>(
    `SELECT kind, data ->> 'planName' AS name, (data ->> 'amount')::int AS amount, (data -> 'charge' ->> 'total')::int AS total
       FROM platform.notices WHERE subject = $1 AND kind LIKE 'price%' ORDER BY id`,
    [`subscription/${subscriptionId}`],
  );

describe('who has an add-on', () => {
  it('keeps its price until it is given another one, which holds from the end of the own period on', async () => {
    const addonId = await addAddon();
    const lan = await holder(addonId, { quantity: 2 });
    await priceTo(addonId, 80_000);
    await shop.advance(lan, 32);
    expect((await linesOf(lan)).at(-1)).toBe('renewal addon 100000 paid');

    expect(await shop.preview(lan, change(addonId))).toEqual({ dueAmount: 0, totals: [] });
    expect(await shop.ask(lan, change(addonId))).toBeNull();
    expect(await waiting(lan)).toMatchObject([{ kind: 'price', terms: { addonId, amount: 80_000 } }]);
    await shop.advance(lan, 31);

    expect((await linesOf(lan)).slice(2)).toEqual([
      'renewal plan 200000 paid',
      'renewal addon 100000 paid',
      'renewal plan 200000 paid',
      'renewal addon 160000 paid',
    ]);
    expect(await waiting(lan)).toEqual([]);
    expect(await notices(lan)).toEqual([
      { kind: 'price_change_announced', name: expect.stringContaining('Extra'), amount: 160_000, total: 176_000 },
      { kind: 'price_changed', name: expect.stringContaining('Extra'), amount: 160_000, total: 176_000 },
    ]);
    expect(await shop.events(lan, '%price%')).toEqual(['price.change.announced', 'addon.price.changed']);
  });

  it('pays what the upcoming invoice says, with the plan where the company aligns the two', async () => {
    await shop.set({ addonAlignTo: 'subscription' });
    const addonId = await addAddon(60_000);
    const lan = await holder(addonId);
    await priceTo(addonId, 90_000);
    expect(await shop.ask(lan, change(addonId))).toBeNull();

    const { invoices } = await shop.upcoming(lan);
    expect(invoices.map(({ lines }) => lines.map(({ subtotal }) => subtotal))).toEqual([[200_000, 90_000]]);
    await shop.advance(lan, 27);
    expect((await linesOf(lan)).at(-1)).toBe('renewal plan 200000, addon 90000 paid');
  });

  it.each(['prorate', 'charge_difference', 'grant_days', 'none'] as const)(
    'is foreseen and previewed to the dong when it holds in the middle of a period (%s)',
    async (planChangeBilling) => {
      await shop.set({ planChangeBilling });
      const addonId = await addAddon(310_000);
      const lan = await holder(addonId, { later: 2 });
      await shop.advance(lan, 8);
      await priceTo(addonId, 620_000);
      const { totals } = await shop.preview(lan, change(addonId, { immediate: true }));
      const before = (await shop.invoices(lan)).length;
      expect(await shop.ask(lan, change(addonId, { immediate: true }))).toBeNull();
      expect((await shop.invoices(lan)).slice(before).map(({ total }) => total)).toEqual(totals);

      await priceTo(addonId, 930_000);
      expect(await shop.ask(lan, change(addonId, { immediate: true, noticeDays: 6 }))).toBeNull();
      const billed = (await shop.invoices(lan)).length;
      const foreseen = await shop.forecast(lan, new Date(start.getTime() + 60 * 86_400_000).toISOString());
      await shop.advance(lan, 50);
      const came = (await shop.invoices(lan)).slice(billed).filter(({ status }) => status !== 'void');

      expect(foreseen.invoices.map(({ subtotal }) => subtotal)).toEqual(
        came.flatMap(({ lines }) => lines.map(({ subtotal }) => subtotal)),
      );
      expect(await waiting(lan)).toEqual([]);
    },
  );

  it('goes on paying for its usage as it was agreed on, also while another price waits', async () => {
    const addonId = await addAddon(50_000);
    await shop.priceWithin({ addonId }, { model: 'per_unit', unitPrice: '5' });
    const lan = await holder(addonId);
    await priceTo(addonId, 60_000);
    expect(await shop.ask(lan, change(addonId))).toBeNull();
    await shop.advance(lan, 10);
    await shop.send(lan, { value: 1_000, at: '2025-03-24T03:00:00Z' });
    await shop.advance(lan, 22);
    expect((await linesOf(lan)).at(-1)).toBe('renewal addon 60000, addon 5000 paid');
    await shop.send(lan, { value: 2_000, at: '2025-04-16T03:00:00Z' });
    await shop.advance(lan, 31);

    expect((await linesOf(lan)).at(-1)).toBe('renewal addon 60000, addon 10000 paid');
  });

  it('is refused what makes no sense, and nothing changes', async () => {
    const [addonId, once] = [await addAddon(), await addAddon(30_000, { billingPeriod: 'one_time' })];
    const lan = await holder(addonId);
    expect(await buy(lan, once)).toBeNull();
    const other = await addAddon();
    const before = await shop.world.rows('SELECT * FROM ordering.subscriptions WHERE id = $1', [lan.subscriptionId]);

    expect(await shop.ask(lan, change(addonId))).toBe('no_change');
    expect(await shop.ask(lan, change(other))).toBe('not_found');
    expect(await shop.ask(lan, change(addonId, { priceId: 999_999 }))).toBe('not_found');
    expect(await shop.ask(lan, change(addonId, { prorationBehavior: 'none' }))).toBe('validation_failed');
    await priceTo(once, 40_000);
    expect(await shop.ask(lan, change(once))).toBe('subscription_state');
    expect(await shop.world.rows('SELECT * FROM ordering.subscriptions WHERE id = $1', [lan.subscriptionId])).toEqual(
      before,
    );
  });
});

describe('a price move of an add-on', () => {
  const request = (addonId: number, fields: Partial<PriceMoveRequest> = {}): PriceMoveRequest => ({
    of: { addonId },
    priceId: null,
    fromPriceIds: [],
    immediate: false,
    noticeDays: 0,
    ...fields,
  });
  const create = async (asked: PriceMoveRequest) => {
    const id = await reserveId(shop.world.test.database, 'priceMove');

    return tenant((tx) => createPriceMove(tx, { id, request: asked, userId: 1, now: start }));
  };
  const preview = (asked: PriceMoveRequest) => tenant((tx) => previewPriceMove(tx, asked));
  const asked = (priceMoveId: number) =>
    tenant((tx) => listMovedSubscriptions(tx, { priceMoveId, status: null, after: 0, limit: 50 }));

  it('is previewed by price, and asks who has the add-on at another one: no longer, once, or abroad, nobody', async () => {
    const addonId = await addAddon(100_000, { usd: 500 });
    const first = await holder(addonId, { quantity: 3 });
    const gone = await holder(addonId);
    expect(await shop.ask(gone, { type: 'remove_addon', addonId, atPeriodEnd: false })).toBeNull();
    await priceTo(addonId, 150_000);
    const second = await holder(addonId);
    await priceTo(addonId, 180_000);
    await holder(addonId);
    const versions = await tenant((tx) => listPriceVersions(tx, { of: { addonId }, limit: 9 }));
    const [v3, v2, v1] = versions.filter(({ currency }) => currency === 'VND');
    const dollars = versions.find(({ currency }) => currency === 'USD');

    expect(await preview(request(addonId))).toMatchObject({
      planId: null,
      addonId,
      priceId: v3?.id,
      currency: 'VND',
      subscriptions: 2,
      revenueBefore: 450_000,
      revenueAfter: 720_000,
      prices: [
        { priceId: v1?.id, amount: 100_000, billingCycle: 'monthly', subscriptions: 1, revenueAfter: 540_000 },
        { priceId: v2?.id, amount: 150_000, subscriptions: 1, revenueBefore: 150_000, revenueAfter: 180_000 },
      ],
      sample: [
        { subscriptionId: first.subscriptionId, quantity: 3, amountBefore: 300_000, amountAfter: 540_000 },
        { subscriptionId: second.subscriptionId, quantity: 1 },
      ],
    });
    expect(await preview(request(addonId, { fromPriceIds: [v2?.id ?? 0] }))).toMatchObject({ subscriptions: 1 });
    expect(await preview(request(addonId, { priceId: dollars?.id ?? 0 }))).toMatchObject({
      currency: 'USD',
      subscriptions: 0,
    });
    await expect(preview(request(addonId, { fromPriceIds: [dollars?.id ?? 0] }))).rejects.toMatchObject({
      code: 'currency_mismatch',
      field: '/fromPriceIds/0',
    });

    const move = await create(request(addonId, { fromPriceIds: [v1?.id ?? 0] }));
    expect(move).toMatchObject({ planId: null, addonId, total: 1 });
    expect(await asked(move.id)).toMatchObject([{ subscriptionId: first.subscriptionId, status: 'pending' }]);
    await expect(create(request(addonId))).rejects.toMatchObject({ code: 'price_move_state' });
    expect(await tenant((tx) => listPriceMoves(tx, { of: { addonId }, before: null, limit: 5 }))).toEqual([move]);
    expect(await tenant((tx) => listPriceMoves(tx, { of: { planId: shop.paid }, before: null, limit: 5 }))).toEqual([]);
  });

  it('goes beside one of the plan; what each announced is found by itself', async () => {
    const addonId = await addAddon(100_000);
    const lan = await holder(addonId);
    await tenant((tx) => updatePlan(tx, { id: shop.paid, changes: { price: 210_000 }, now: start }));
    await priceTo(addonId, 110_000);
    const moves = [await create(request(addonId)), await create(request(addonId, { of: { planId: shop.paid } }))];
    expect(await shop.ask(lan, change(addonId, { priceId: moves[0]?.priceId ?? 0 }))).toBeNull();
    expect(
      await shop.ask(lan, { type: 'change_price', priceId: moves[1]?.priceId ?? 0, immediate: false, noticeDays: 0 }),
    ).toBeNull();

    for (const [nth, move] of moves.entries()) {
      const { subscriptionId } = lan;
      const changeId = await tenant((tx) => findAnnouncedChange(tx, { move, subscriptionId }));
      expect(changeId).toBe(nth + 1);
    }
    expect(await shop.ask(lan, { type: 'cancel_change', changeId: 1 })).toBeNull();
    await shop.advance(lan, 32);
    expect((await linesOf(lan)).slice(2)).toEqual(['renewal plan 210000 paid', 'renewal addon 100000 paid']);
    await tenant((tx) => updatePlan(tx, { id: shop.paid, changes: { price: 200_000 }, now: start }));
  });

  it('to a price that is paid once, or from one of another add-on, is refused by name', async () => {
    const [addonId, once] = [await addAddon(), await addAddon(30_000, { billingPeriod: 'one_time' })];
    const [price] = await tenant((tx) => listPriceVersions(tx, { of: { addonId: once }, limit: 1 }));

    await expect(preview(request(once))).rejects.toMatchObject({ code: 'validation_failed', field: '/priceId' });
    await expect(preview(request(addonId, { fromPriceIds: [price?.id ?? 0] }))).rejects.toMatchObject({
      code: 'not_found',
      field: '/fromPriceIds/0',
    });
    await expect(create(request(addonId))).rejects.toMatchObject({ code: 'no_change' });
  });
});
