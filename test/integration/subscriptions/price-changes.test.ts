import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { findCurrentPrice, listPriceVersions } from '../../../domain/catalogue/price-versions/list-price-versions';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { createPriceMove } from '../../../domain/subscriptions/price-moves/create-price-move';
import { listMovedSubscriptions, noteMoved } from '../../../domain/subscriptions/price-moves/moved-subscriptions';
import { previewPriceMove } from '../../../domain/subscriptions/price-moves/preview-price-move';
import { readPriceMove } from '../../../domain/subscriptions/price-moves/price-move-row';
import { commandPriceMove, endPriceMove } from '../../../domain/subscriptions/price-moves/set-price-move-status';
import type { PriceMoveRequest } from '../../../domain/subscriptions/price-moves/select-subscribers';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { openTestCompany } from '../../environment/test-company';
import type { Subscribed } from './subscription-world';
import { openUsageWorld, type UsageWorld } from './usage-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: UsageWorld;
let plans = 0;

beforeAll(async () => {
  shop = await openUsageWorld(start);
});
afterAll(() => shop?.world.close());

const tenant = <Result>(work: Parameters<typeof shop.world.test.database.withTenant<Result>>[1], companyId?: number) =>
  shop.world.test.database.withTenant(companyId ?? shop.world.company.id, work);
const priceTo = (planId: number, price: number) =>
  tenant((tx) => updatePlan(tx, { id: planId, changes: { price }, now: start }));
const addPlan = (price = 200_000, fields: { trialDays?: number } = {}) =>
  tenant(async (tx) => {
    const trial = fields.trialDays === undefined ? {} : { trialEnabled: true, trialDays: fields.trialDays };
    const plan = { name: `Gói giá ${(plans += 1)}`, price, billingCycle: 'monthly' as const, ...trial };

    return Number((await createPlan(tx, { plan, now: start })).id);
  });
const subscribeTo = async (planId: number, options: { useTrial?: boolean; token?: string } = {}) =>
  shop.world.subscribe(await shop.world.addCustomer(), { planId, ...options });
const change = (fields: Partial<Extract<RequestedCommand, { type: 'change_price' }>> = {}) =>
  ({ type: 'change_price', priceId: null, immediate: false, noticeDays: 0, ...fields }) as const;
const totals = async (who: Subscribed) =>
  (await shop.invoices(who)).map(({ purpose, total, status }) => `${purpose} ${total} ${status}`);
const waiting = async ({ subscriptionId }: Subscribed) => {
  const [row] = await shop.world.rows<{ waiting_changes: { id: number; kind: string }[] }>(
    'SELECT waiting_changes FROM ordering.subscriptions WHERE id = $1',
    [subscriptionId],
  );

  return row?.waiting_changes ?? [];
};
const notices = async ({ subscriptionId }: Subscribed) => {
  const rows = await shop.world.rows<{ kind: string }>(
    `SELECT kind FROM platform.notices WHERE subject = $1 AND kind LIKE 'price%' ORDER BY id`,
    [`subscription/${subscriptionId}`],
  );

  return rows.map(({ kind }) => kind);
};

describe('who has subscribed', () => {
  it('keeps the price agreed on when the plan gets another one', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await priceTo(planId, 300_000);
    await shop.advance(lan, 32);

    expect(await totals(lan)).toEqual(['first 220000 paid', 'renewal 220000 paid']);
    expect(await totals(await subscribeTo(planId))).toEqual(['first 330000 paid']);
  });

  it('is moved from a price to the same one with its tax in it, and from no other', async () => {
    const planId = await addPlan(220_000);
    const lan = await subscribeTo(planId);
    await tenant((tx) => updatePlan(tx, { id: planId, changes: { taxBehavior: 'inclusive' }, now: start }));
    const minh = await subscribeTo(planId);
    const move: PriceMoveRequest = { of: { planId }, priceId: null, fromPriceIds: [], immediate: false, noticeDays: 0 };
    const preview = await shop.world.test.database.withTenantSql(shop.world.company.id, (tx) =>
      previewPriceMove(tx, move),
    );
    expect(preview.sample.map(({ subscriptionId }) => subscriptionId)).toEqual([lan.subscriptionId]);
    expect(preview.prices).toMatchObject([{ amount: 220_000, taxBehavior: 'exclusive', version: 1, subscriptions: 1 }]);
    expect(await shop.ask(minh, change())).toBe('no_change');
    expect(await shop.ask(lan, change())).toBeNull();
    await shop.advance(lan, 32);

    expect(await totals(lan)).toEqual(['first 242000 paid', 'renewal 220000 paid']);
    expect(await totals(minh)).toEqual(['first 220000 paid']);
  });

  it('pays the new price from the renewal on, and is told once when it is announced and once when it holds', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await priceTo(planId, 300_000);

    expect(await shop.preview(lan, change())).toEqual({ dueAmount: 0, totals: [] });
    expect(await shop.ask(lan, change())).toBeNull();
    expect(await waiting(lan)).toMatchObject([{ kind: 'price', takesEffect: { on: 'period_end' }, notBefore: null }]);
    expect(await notices(lan)).toEqual(['price_change_announced']);
    expect(await shop.ask(lan, change())).toBe('no_change');
    await shop.advance(lan, 63);

    expect(await totals(lan)).toEqual(['first 220000 paid', 'renewal 330000 paid', 'renewal 330000 paid']);
    expect(await waiting(lan)).toEqual([]);
    expect(await notices(lan)).toEqual(['price_change_announced', 'price_changed']);
    expect(await shop.events(lan, '%price%')).toEqual(['price.change.announced', 'subscription.price.changed']);
  });

  it('has the notice that was promised: the first renewal after it is the first to cost more', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await priceTo(planId, 300_000);
    expect(await shop.ask(lan, change({ noticeDays: 45 }))).toBeNull();
    await shop.advance(lan, 63);

    expect(await totals(lan)).toEqual(['first 220000 paid', 'renewal 220000 paid', 'renewal 330000 paid']);
  });

  it('is not asked for more by a renewal that is invoiced already', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await shop.advance(lan, 29);
    await priceTo(planId, 300_000);
    expect(await shop.ask(lan, change())).toBeNull();
    await shop.advance(lan, 33);

    expect(await totals(lan)).toEqual(['first 220000 paid', 'renewal 220000 paid', 'renewal 330000 paid']);
  });

  it('keeps the old price when the change is taken back', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await priceTo(planId, 300_000);
    await shop.ask(lan, change());
    const [{ id } = { id: 0 }] = await waiting(lan);

    expect(await shop.ask(lan, { type: 'cancel_change', changeId: id })).toBeNull();
    await shop.advance(lan, 32);
    expect(await totals(lan)).toEqual(['first 220000 paid', 'renewal 220000 paid']);
  });

  it('pays the difference at once where that is asked for, as the preview says', async () => {
    const planId = await addPlan(300_000);
    const lan = await subscribeTo(planId);
    await shop.advance(lan, 10);
    await priceTo(planId, 600_000);
    const { dueAmount } = await shop.preview(lan, change({ immediate: true }));
    expect(dueAmount).toBeGreaterThan(0);
    expect(await shop.ask(lan, change({ immediate: true }))).toBeNull();
    const invoices = await shop.world.rows<{ total: number; due: number }>(
      `SELECT total_amount::int AS total, (total_amount - balance_applied)::int AS due FROM finance.invoices WHERE subscription_id = $1 ORDER BY id`,
      [lan.subscriptionId],
    );

    expect(invoices.at(-1)?.due).toBe(dueAmount);
    await shop.advance(lan, 22);
    expect((await totals(lan)).at(-1)).toBe('renewal 660000 paid');
  });

  it('pays it in the middle of a period when the notice of an immediate change is over', async () => {
    const planId = await addPlan(310_000);
    const lan = await subscribeTo(planId);
    await priceTo(planId, 620_000);
    expect(await shop.ask(lan, change({ immediate: true, noticeDays: 10 }))).toBeNull();
    await shop.advance(lan, 9);
    expect(await totals(lan)).toEqual(['first 341000 paid']);
    await shop.advance(lan, 2);

    expect(await waiting(lan)).toEqual([]);
    expect((await totals(lan)).slice(1)).toEqual([expect.stringMatching(/^change \d+ paid$/)]);
    await shop.advance(lan, 21);
    expect((await totals(lan)).at(-1)).toBe('renewal 682000 paid');
  });

  it('begins to pay with the new price after a trial, unless the notice goes on', async () => {
    const planId = await addPlan(200_000, { trialDays: 14 });
    const [short, long] = [
      await subscribeTo(planId, { useTrial: true }),
      await subscribeTo(planId, { useTrial: true }),
    ] as const;
    await priceTo(planId, 300_000);
    await shop.ask(short, change({ noticeDays: 7 }));
    await shop.ask(long, change({ noticeDays: 30 }));
    await shop.advance(short, 15);
    await shop.advance(long, 50);

    expect(await totals(short)).toEqual(['first 330000 paid']);
    expect(await totals(long)).toEqual(['first 220000 paid', 'renewal 330000 paid']);
  });

  it('finds the new price after a pause', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await priceTo(planId, 300_000);
    await shop.ask(lan, change());
    await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false });
    await shop.advance(lan, 40);
    expect(await shop.ask(lan, { type: 'resume' })).toBeNull();
    await shop.advance(lan, 31);

    expect((await totals(lan)).at(-1)).toBe('renewal 330000 paid');
    expect(await waiting(lan)).toEqual([]);
  });

  it('goes on paying for its usage as it was agreed on', async () => {
    const planId = await addPlan(100_000);
    await shop.priceWithin({ planId }, { model: 'per_unit', unitPrice: '5' });
    const lan = await subscribeTo(planId);
    await priceTo(planId, 150_000);
    await shop.priceWithin({ planId }, { model: 'per_unit', unitPrice: '9' });
    expect(await shop.ask(lan, change())).toBeNull();
    expect(await waiting(lan)).toMatchObject([{ terms: { amount: 150_000, meters: [{ meterId: shop.meterId }] } }]);
    await shop.advance(lan, 20);
    await shop.send(lan, { value: 1_000, at: '2025-03-20T03:00:00Z' });
    await shop.advance(lan, 20);
    await shop.send(lan, { value: 2_000, at: '2025-04-15T03:00:00Z' });
    await shop.advance(lan, 22);

    expect(await totals(lan)).toEqual(['first 110000 paid', 'renewal 170500 paid', 'renewal 176000 paid']);
    expect((await shop.usageLines(lan)).map(({ subtotal }) => subtotal)).toEqual([5_000, 10_000]);
  });

  it('is refused what makes no sense, and nothing changes', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    const before = await shop.world.rows('SELECT * FROM ordering.subscriptions WHERE id = $1', [lan.subscriptionId]);

    expect(await shop.ask(lan, change())).toBe('no_change');
    expect(await shop.ask(lan, change({ prorationBehavior: 'none' }))).toBe('validation_failed');
    expect(await shop.ask(lan, change({ priceId: 999_999 }))).toBe('not_found');
    const other = await tenant((tx) => findCurrentPrice(tx, { planId: shop.paid }));
    expect(await shop.ask(lan, change({ priceId: other?.id ?? 0 }))).toBe('not_found');
    expect(await shop.world.rows('SELECT * FROM ordering.subscriptions WHERE id = $1', [lan.subscriptionId])).toEqual(
      before,
    );
    await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true });
    await priceTo(planId, 300_000);
    expect(await shop.ask(lan, change())).toBe('subscription_state');
  });

  it('who has changed to another plan is not concerned by what was announced for the old one', async () => {
    const planId = await addPlan();
    const lan = await subscribeTo(planId);
    await priceTo(planId, 300_000);
    await shop.ask(lan, change());
    await shop.ask(lan, {
      type: 'change_plan',
      newPlanId: await addPlan(100_000),
      quantity: null,
      immediate: false,
      prorationDate: null,
    });
    await shop.advance(lan, 32);

    expect((await totals(lan)).at(-1)).toBe('renewal 110000 paid');
    expect(await waiting(lan)).toEqual([]);
  });
});

describe('a price that holds in the middle of a period', () => {
  const linesOf = async (who: Subscribed) =>
    (await shop.invoices(who)).map(
      ({ purpose, lines }) => `${purpose}: ${lines.map(({ subtotal }) => subtotal).join()}`,
    );
  const credits = ({ subscriptionId }: Subscribed) =>
    shop.world.rows<{ subtotal: number }>(
      `SELECT n.subtotal::int FROM finance.credit_notes n JOIN finance.invoices i ON i.id = n.invoice_id
        WHERE i.subscription_id = $1 ORDER BY n.id`,
      [subscriptionId],
    );
  /** 10 of the 31 days of its first period are over. */
  const begun = async () => {
    const planId = await addPlan(310_000);
    const lan = await subscribeTo(planId);
    await shop.advance(lan, 10);
    await priceTo(planId, 620_000);

    return { planId, lan };
  };

  afterEach(() => shop.set({ planChangeBilling: 'prorate' }));

  it('costs the difference alone where the company charges it, layer by layer, also when its notice is over', async () => {
    await shop.set({ planChangeBilling: 'charge_difference' });
    const { planId, lan } = await begun();
    const { dueAmount } = await shop.preview(lan, change({ immediate: true }));
    expect(await shop.ask(lan, change({ immediate: true }))).toBeNull();
    expect([dueAmount, ...(await linesOf(lan))]).toEqual([231_000, 'first: 310000', 'change: 210000']);

    await priceTo(planId, 930_000);
    expect(await shop.ask(lan, change({ immediate: true, noticeDays: 11 }))).toBeNull();
    await shop.advance(lan, 12);
    expect((await linesOf(lan)).slice(2)).toEqual(['change: 100000']);
    expect(await credits(lan)).toEqual([]);
  });

  it('costs days where the company has it so, and nothing else', async () => {
    await shop.set({ planChangeBilling: 'grant_days' });
    const { lan } = await begun();
    expect(await shop.ask(lan, change({ immediate: true }))).toBeNull();
    expect(await linesOf(lan)).toEqual(['first: 310000']);
    await shop.advance(lan, 12);

    // Of 21 days that were left, 11 at twice the price.
    expect(await linesOf(lan)).toEqual(['first: 310000', 'renewal: 620000']);
    expect((await shop.invoices(lan)).at(-1)?.lines[0]?.from).toContain('2025-03-31');
  });

  it.each(['prorate', 'charge_difference', 'grant_days', 'none'] as const)(
    'is foreseen with what it costs and gives back, also of days and prices that were changed before (%s)',
    async (planChangeBilling) => {
      await shop.set({ planChangeBilling, renewalLeadDays: 10 });
      const { planId, lan } = await begun();
      expect(await shop.ask(lan, change({ immediate: true }))).toBeNull();
      await shop.advance(lan, 1);
      await priceTo(planId, 930_000);
      // Its notice is over once the next period is invoiced ahead.
      expect(await shop.ask(lan, change({ immediate: true, noticeDays: 11 }))).toBeNull();
      const billed = (await linesOf(lan)).length;
      const given = (await credits(lan)).length;
      const foreseen = await shop.forecast(lan, new Date(start.getTime() + 64 * 86_400_000).toISOString());
      await shop.advance(lan, 53);
      const came = (await shop.invoices(lan)).slice(billed).filter(({ status }) => status !== 'void');

      expect(foreseen.invoices.map(({ subtotal }) => subtotal)).toEqual(
        came.flatMap(({ lines }) => lines.map(({ subtotal }) => subtotal)),
      );
      expect(foreseen.credits.map(({ subtotal }) => subtotal)).toEqual(
        (await credits(lan)).slice(given).map(({ subtotal }) => subtotal),
      );
      await shop.set({ renewalLeadDays: 3 });
    },
  );

  it('waits for the next invoice, is left out of bills or billed at once as it is asked for', async () => {
    await shop.set({ planChangeBilling: 'grant_days' });
    const [later, never, now] = [await begun(), await begun(), await begun()];
    const asked = { immediate: true, noticeDays: 11 };
    expect(await shop.ask(later.lan, change({ ...asked, prorationBehavior: 'next_invoice' }))).toBeNull();
    expect(await waiting(later.lan)).toMatchObject([{ atOnce: true, prorationBehavior: 'next_invoice' }]);
    expect(await shop.ask(later.lan, change({ ...asked, prorationBehavior: 'next_invoice' }))).toBe('no_change');
    expect(await shop.ask(never.lan, change({ ...asked, prorationBehavior: 'none' }))).toBeNull();
    expect(await shop.ask(now.lan, change({ ...asked, prorationBehavior: 'always_invoice' }))).toBeNull();

    for (const { lan } of [later, never, now]) {
      await shop.advance(lan, 22);
    }
    expect(await linesOf(later.lan)).toEqual(['first: 310000', 'renewal: 620000,200000']);
    expect(await credits(later.lan)).toEqual([{ subtotal: -100_000 }]);
    expect(await linesOf(never.lan)).toEqual(['first: 310000', 'renewal: 620000']);
    expect(await credits(never.lan)).toEqual([]);
    expect(await linesOf(now.lan)).toEqual(['first: 310000', 'change: 200000', 'renewal: 620000']);
    expect(await credits(now.lan)).toEqual([{ subtotal: -100_000 }]);
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
  const create = async (fields: PriceMoveRequest) => {
    const id = await reserveId(shop.world.test.database, 'priceMove');

    return tenant((tx) => createPriceMove(tx, { id, request: fields, userId: 1, now: start }));
  };
  const subscribersAtTwoPrices = async () => {
    const planId = await addPlan(100_000);
    const [first] = [await subscribeTo(planId), await subscribeTo(planId)];
    await priceTo(planId, 150_000);
    const second = await subscribeTo(planId);
    await priceTo(planId, 180_000);
    await subscribeTo(planId);
    const [, v2, v1] = await tenant((tx) => listPriceVersions(tx, { of: { planId }, limit: 3 }));

    return { planId, first, second, v1: v1?.id ?? 0, v2: v2?.id ?? 0 };
  };

  it('is previewed by price: how many, what they pay before and after, and a sample', async () => {
    const { planId, first, v1, v2 } = await subscribersAtTwoPrices();

    expect(await tenant((tx) => previewPriceMove(tx, request(planId)))).toMatchObject({
      subscriptions: 3,
      revenueBefore: 350_000,
      revenueAfter: 540_000,
      prices: [
        { priceId: v1, version: 1, amount: 100_000, subscriptions: 2, revenueBefore: 200_000, revenueAfter: 360_000 },
        { priceId: v2, version: 2, amount: 150_000, subscriptions: 1, revenueBefore: 150_000, revenueAfter: 180_000 },
      ],
      sample: [{ subscriptionId: first?.subscriptionId, amountBefore: 100_000, amountAfter: 180_000 }, {}, {}],
    });
    expect(await tenant((tx) => previewPriceMove(tx, request(planId, { fromPriceIds: [v2] })))).toMatchObject({
      subscriptions: 1,
      revenueBefore: 150_000,
    });
  });

  it('lists whom it asks, once; a repeat is the same move, and there is one at a time', async () => {
    const { planId, second, v2 } = await subscribersAtTwoPrices();
    const move = await create(request(planId, { fromPriceIds: [v2] }));
    const repeated = await tenant((tx) =>
      createPriceMove(tx, { id: move.id, request: request(planId), userId: 1, now: start }),
    );
    const page = { priceMoveId: move.id, status: null, after: 0, limit: 10 };

    expect(repeated).toEqual(move);
    expect(await tenant((tx) => listMovedSubscriptions(tx, page))).toMatchObject([
      { subscriptionId: second.subscriptionId, status: 'pending' },
    ]);
    await expect(create(request(planId))).rejects.toMatchObject({ code: 'price_move_state' });
  });

  it('names what it does not know, and asks nobody where all have the price', async () => {
    const planId = await addPlan(100_000);
    await subscribeTo(planId);

    await expect(create(request(planId, { priceId: 999_999 }))).rejects.toMatchObject({ field: '/priceId' });
    await expect(create(request(planId, { fromPriceIds: [999_999] }))).rejects.toMatchObject({
      code: 'not_found',
      field: '/fromPriceIds/0',
    });
    await expect(create(request(planId))).rejects.toMatchObject({ code: 'no_change' });
    for (const asking of [create, (fields: PriceMoveRequest) => tenant((tx) => previewPriceMove(tx, fields))]) {
      await expect(asking(request(planId, { prorationBehavior: 'none' }))).rejects.toMatchObject({
        code: 'validation_failed',
        field: '/prorationBehavior',
      });
    }
  });

  it('is paused, resumed and cancelled, completed when all have answered, and the first answer holds', async () => {
    const { planId, second, v2 } = await subscribersAtTwoPrices();
    const { id } = await create(request(planId, { fromPriceIds: [v2] }));
    const command = (name: 'pause' | 'resume' | 'cancel') =>
      tenant((tx) => commandPriceMove(tx, { id, command: name, now: start }));
    const complete = () => tenant((tx) => endPriceMove(tx, { id, now: start }));

    expect((await command('pause')).status).toBe('paused');
    expect((await complete()).status).toBe('paused');
    expect((await command('resume')).status).toBe('running');
    expect((await complete()).status).toBe('running');
    for (const status of ['moved', 'failed'] as const) {
      const { subscriptionId } = second;
      await tenant((tx) =>
        noteMoved(tx, { priceMoveId: id, subscriptionId, status, reason: null, changeId: null, now: start }),
      );
    }
    expect(await complete()).toMatchObject({ status: 'completed', total: 1, moved: 1, failed: 0 });
    await expect(command('cancel')).rejects.toMatchObject({ code: 'price_move_state' });

    const again = await create(request(planId));
    const cancelled = await tenant((tx) => commandPriceMove(tx, { id: again.id, command: 'cancel', now: start }));
    expect(cancelled).toMatchObject({ status: 'cancelling', endedAt: null });
    // Nobody was asked: nothing is to be taken back.
    const ended = await tenant((tx) => endPriceMove(tx, { id: again.id, now: start }));
    expect(ended).toMatchObject({ status: 'cancelled', endedAt: start, takenBack: 0 });
    expect(await tenant((tx) => commandPriceMove(tx, { id: again.id, command: 'cancel', now: start }))).toEqual(ended);
    await expect(
      tenant((tx) => commandPriceMove(tx, { id: again.id, command: 'resume', now: start })),
    ).rejects.toMatchObject({ code: 'price_move_state' });
  });

  it('is seen by its company alone', async () => {
    const { planId } = await subscribersAtTwoPrices();
    const { id } = await create(request(planId));
    const other = await openTestCompany(shop.world.test.database, { now: start });

    await expect(tenant((tx) => readPriceMove(tx, id), other.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});
