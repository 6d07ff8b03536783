import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import { createPromotion, type NewPromotion } from '../../../domain/promotions/create-promotion';
import { updatePromotion } from '../../../domain/promotions/update-promotion';
import type { CreateSubscription } from '../../../domain/subscriptions/steps/create-subscription';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { readSubscription } from '../../../domain/subscriptions/row/read-subscriptions';
import { viewSubscription } from '../../../domain/subscriptions/row/subscription-view';
import { openTestCompany } from '../../environment/test-company';
import { type AddonWorld, openAddonWorld } from './addon-world';
import type { ClockCustomer, Subscribed } from './subscription-world';

const start = new Date('2025-03-01T03:00:00Z');
const half = { kind: 'percent', ratePpm: 500_000, basis: 'on_total', most: null } as const;
const all = { ...half, ratePpm: 1_000_000 } as const;
const off = (amount: number) => ({ kind: 'amount', amount }) as const;
const nothing = { productIds: [], categories: [], planIds: [], addonKeys: [] };

let at: AddonWorld;

beforeAll(async () => {
  at = await openAddonWorld(start);
});
afterAll(() => at?.world.close());

const companyId = () => at.world.company.id;
let made = 0;

async function promote(fields: Partial<NewPromotion> = {}) {
  made += 1;
  const code = `SUB-${made}`;
  const { id } = await at.world.test.database.withTenant(companyId(), (tx) =>
    createPromotion(tx, { promotion: { name: code, code, discount: half, ...fields }, now: start }),
  );

  return { id, code };
}

type Begin = Partial<Omit<CreateSubscription, 'subscriptionId' | 'customerId'>> & { token?: string | null };

/** Subscribes a customer on a test clock of its own, by default to the plan of 200,000 with a card that pays. */
async function tryBegin({ token = 'tok_ok', ...fields }: Begin, customer?: ClockCustomer) {
  const { database } = at.world.test;
  const who = customer ?? (await at.world.addCustomer());
  const { customerId } = who;
  const subscriptionId = await reserveId(database, 'subscription');
  const paymentMethodId =
    token === null
      ? null
      : await database.withTenantSql(companyId(), (tx) =>
          savePaymentMethod(tx, { customerId, method: 'card', token, gateways: at.world.gateways, now: start }),
        );
  const created = await at.world.steps.createSubscription({
    companyId: companyId(),
    subscriptionId,
    customerId,
    planId: at.paid,
    useTrial: false,
    quantity: 1,
    paymentMethod: token === null ? null : 'card',
    paymentMethodId,
    ...fields,
  });

  return {
    who: { ...who, subscriptionId } satisfies Subscribed,
    refusal: created.kind === 'refused' ? `${created.error.code} ${created.error.field}` : null,
  };
}

async function begin(fields: Begin, customer?: ClockCustomer): Promise<Subscribed> {
  const { who, refusal } = await tryBegin(fields, customer);
  expect(refusal).toBeNull();

  return who;
}

const apply = (promotionCode: string): RequestedCommand => ({ type: 'apply_promotion', promotionCode });
const remove = (promotionCode: string): RequestedCommand => ({ type: 'remove_promotion', promotionCode });
const totals = async (who: Subscribed) =>
  (await at.invoices(who)).filter(({ status }) => status !== 'void').map(({ total }) => Number(total));
const show = async ({ subscriptionId }: Subscribed) => {
  const row = await at.world.test.database.withTenant(companyId(), (tx) => readSubscription(tx, { subscriptionId }));

  return viewSubscription(row!);
};

async function usesOf(id: number) {
  const [row] = await at.world.rows<Record<'promotion' | 'codes' | 'customers' | 'held', number>>(
    `SELECT used AS promotion, (SELECT sum(used)::int FROM product.promotion_codes WHERE promotion_id = p.id) AS codes,
            (SELECT coalesce(sum(used), 0)::int FROM product.promotion_customers WHERE promotion_id = p.id) AS customers,
            (SELECT count(*)::int FROM product.promotion_redemptions WHERE promotion_id = p.id AND released_at IS NULL) AS held
       FROM product.promotions p WHERE id = $1`,
    [id],
  );

  return row;
}
const allAre = (count: number) => ({ promotion: count, codes: count, customers: count, held: count });

describe('a subscription with a code', () => {
  it('has it once, on its first invoice and its line, and says so', async () => {
    const { id, code } = await promote();
    const who = await begin({ promotionCode: code });
    await at.advance(who, 40);

    expect(await totals(who)).toEqual([120_000, 220_000]);
    expect(await show(who)).toMatchObject({
      discounts: [
        { promotionId: id, code, duration: { kind: 'once' }, endsAt: '2025-04-01T10:00:00+07:00', isOver: true },
      ],
    });
    const [line] = await at.world.rows(
      `SELECT l.discount, l.promotion_discounts AS by FROM finance.invoice_lines l JOIN finance.invoices i ON i.id = l.invoice_id
        WHERE i.subscription_id = $1 ORDER BY l.id LIMIT 1`,
      [who.subscriptionId],
    );
    expect(line).toEqual({ discount: '100000', by: [{ promotionId: id, code, amount: 100_000 }] });
    expect(await at.events(who, 'promotion.%')).toEqual(['promotion.redeemed']);
    expect(await usesOf(id)).toEqual(allAre(1));
  });

  it.each([
    [
      'of a percentage for two periods',
      { discount: half, duration: { kind: 'periods', count: 2 } },
      [120, 120, 220, 220],
    ],
    ['of a percentage for ever', { discount: half, duration: { kind: 'forever' } }, [120, 120, 120, 120]],
    ['of an amount once, until it is used up', { discount: off(450_000) }, [0, 0, 210, 220]],
    [
      'of an amount in each of three periods',
      { discount: off(50_000), duration: { kind: 'periods', count: 3 } },
      [170, 170, 170, 220],
    ],
  ] as const)('%s, as its forecast says', async (_how, fields, thousands) => {
    const { code } = await promote(fields);
    const planned = {
      planId: at.paid,
      quantity: 1,
      useTrial: false,
      billingAnchorDay: null,
      endsAt: null,
      from: start,
    };
    const until = new Date('2025-06-01T03:00:00Z');
    const forecast = await at.world.test.database.withTenantSnapshot(companyId(), (tx) =>
      forecastPlan(tx, { ...planned, promotionCode: code }, until),
    );
    const who = await begin({ promotionCode: code });
    const running = await at.world.test.database.withTenantSnapshot(companyId(), (tx) =>
      forecastSubscription(tx, { subscriptionId: who.subscriptionId, until, now: start }),
    );
    await at.advance(who, 92);
    const expected = thousands.map((amount) => amount * 1_000);

    expect(await totals(who)).toEqual(expected);
    expect(forecast.invoices.map(({ totalAmount }) => totalAmount)).toEqual(expected);
    expect(running.invoices.map(({ totalAmount }) => totalAmount)).toEqual(expected.slice(1));
  });

  it('that takes everything off needs no payment: it is active at once', async () => {
    const { code } = await promote({ discount: off(220_000) });
    const who = await begin({ promotionCode: code, token: null });
    const { activatedAt, status, paymentUrl } = await show(who);

    expect({ status, isActivated: activatedAt !== null, paymentUrl }).toEqual({
      ...{ status: 'active', isActivated: true, paymentUrl: null },
    });
    expect((await at.invoices(who)).map(({ status: of, total }) => [of, Number(total)])).toEqual([['paid', 0]]);
    expect(await at.features(who)).toContain('pro');
  });

  it('of a percentage leaves the tax of the price to pay, or none of it where discounts are taken off before tax', async () => {
    const { code } = await promote({ discount: all });
    const after = await begin({ promotionCode: code, token: null });
    await at.set({ discountTiming: 'before_tax' });
    const before = await begin({ promotionCode: code, token: null });
    await at.set({ discountTiming: 'after_tax' });

    expect([await totals(after), await totals(before)]).toEqual([[20_000], [0]]);
    expect((await show(before)).activatedAt).not.toBeNull();
  });

  it('has two codes in the order of their priority, of what the first has left', async () => {
    const later = await promote({ isCombinable: true, priority: 9 });
    const sooner = await promote({ isCombinable: true, priority: 1, discount: off(50_000) });
    const who = await begin({ promotionCodes: [later.code, sooner.code] });

    expect(await totals(who)).toEqual([200_000 + 20_000 - 50_000 - 75_000]);
  });

  it('is for the plan or the add-on that the promotion names', async () => {
    const { code } = await promote({
      appliesTo: { ...nothing, addonKeys: ['storage'] },
      duration: { kind: 'forever' },
    });
    expect((await tryBegin({ promotionCode: code })).refusal).toBe('promotion_not_applicable /promotionCode');
    const who = await begin({});
    expect(await at.ask(who, apply(code))).toBe('promotion_not_applicable');
    expect(await at.buy(who, 'storage')).toBeNull();
    expect(await at.ask(who, apply(code))).toBeNull();
    await at.advance(who, 32);

    expect(await totals(who)).toEqual([220_000, 55_000, 220_000 + 55_000 - 25_000]);
  });
});

describe('a code is refused, and nothing is written, when it', () => {
  it.each<[string, Partial<NewPromotion>, string]>([
    ['has not begun', { startsAt: new Date('2025-03-02T00:00:00Z') }, 'promotion_not_started'],
    ['is over', { startsAt: new Date('2025-01-01T00:00:00Z'), endsAt: start }, 'promotion_ended'],
    ['needs more', { minSubtotal: 200_001 }, 'promotion_below_minimum'],
    ['is in another currency', { discount: off(5), currency: 'USD' }, 'promotion_other_currency'],
    ['is for something else', { appliesTo: { ...nothing, categories: ['books'] } }, 'promotion_not_applicable'],
  ])('%s', async (_why, fields, refusal) => {
    const { id, code } = await promote(fields);
    const refused = await tryBegin({ promotionCode: code });

    expect(refused.refusal).toBe(`${refusal} /promotionCode`);
    expect(
      await at.world.rows('SELECT 1 FROM ordering.subscriptions WHERE id = $1', [refused.who.subscriptionId]),
    ).toEqual([]);
    expect(await usesOf(id)).toEqual({ ...allAre(0), customers: 0 });
  });

  it('is unknown, of another company, or archived', async () => {
    const other = await openTestCompany(at.world.test.database, { now: start });
    await at.world.test.database.withTenant(other.id, (tx) =>
      createPromotion(tx, { promotion: { name: 'Theirs', code: 'THEIRS', discount: half }, now: start }),
    );
    const archived = await promote();
    await at.world.test.database.withTenant(companyId(), (tx) =>
      updatePromotion(tx, { id: archived.id, changes: { status: 'archived' }, now: start }),
    );

    for (const promotionCode of ['NOBODY', 'THEIRS', archived.code]) {
      expect((await tryBegin({ promotionCode })).refusal).toBe('promotion_not_found /promotionCode');
    }
  });

  it('costs nothing what it is for, or was used by this customer', async () => {
    const { code } = await promote({ maxUsesPerCustomer: 1 });
    expect((await tryBegin({ promotionCode: code, planId: at.free })).refusal).toBe(
      'promotion_not_applicable /promotionCode',
    );
    const customer = await at.world.addCustomer();
    await begin({ promotionCode: code }, customer);

    expect((await tryBegin({ promotionCode: code }, customer)).refusal).toBe('promotion_already_used /promotionCode');
  });
});

describe('on a subscription that runs, a promotion', () => {
  it('is taken off from the next invoice on, as the preview says, and no more once it is removed', async () => {
    const { code } = await promote({ duration: { kind: 'periods', count: 2 } });
    const who = await begin({});
    await at.advance(who, 10);
    expect(await at.preview(who, apply(code))).toEqual({ dueAmount: 0, totals: [] });
    expect(await at.ask(who, apply(code))).toBeNull();
    expect(await at.ask(who, apply(code))).toBe('promotion_already_used');
    await at.advance(who, 70);
    expect(await totals(who)).toEqual([220_000, 120_000, 120_000]);
    await at.advance(who, 20);

    expect(await totals(who)).toEqual([220_000, 120_000, 120_000, 220_000]);
    expect(await at.ask(who, remove(code))).toBe('not_found');
  });

  it('goes on the invoice that is issued ahead, and off it again', async () => {
    const { code } = await promote({ duration: { kind: 'forever' } });
    const who = await begin({});
    await at.advance(who, 29);
    const ahead = async () => (await totals(who)).at(-1);
    expect(await ahead()).toBe(220_000);
    expect((await at.preview(who, apply(code))).totals).toEqual([120_000]);
    expect(await at.ask(who, apply(code))).toBeNull();
    expect(await ahead()).toBe(120_000);
    expect(await at.ask(who, remove(code))).toBeNull();
    expect(await ahead()).toBe(220_000);
    expect(await at.events(who, 'promotion.%')).toEqual(['promotion.redeemed', 'promotion.removed']);
    await at.advance(who, 4);

    expect(await totals(who)).toEqual([220_000, 220_000]);
  });

  it('goes on the first invoice while nobody has paid it', async () => {
    const { id, code } = await promote({ discount: off(300_000) });
    const who = await begin({ token: null });
    expect(await totals(who)).toEqual([220_000]);
    expect((await at.preview(who, apply(code))).totals).toEqual([0]);
    expect(await at.ask(who, apply(code))).toBeNull();

    expect((await at.invoices(who)).map(({ status, total }) => [status, Number(total)])).toEqual([
      ['void', 220_000],
      ['paid', 0],
    ]);
    expect(await show(who)).toMatchObject({ status: 'active', discounts: [{ promotionId: id, amountLeft: 80_000 }] });
  });

  it('stays on what is changed in its periods, and a credit takes the line’s own discount along', async () => {
    const { code } = await promote({ duration: { kind: 'forever' } });
    const who = await begin({ promotionCode: code });
    const change: RequestedCommand = {
      ...{ type: 'change_plan', newPlanId: null, quantity: 2, immediate: true, prorationDate: null },
    };
    await at.set({ planChangeBilling: 'prorate' });
    await at.advance(who, 1);
    const { totals: previewed } = await at.preview(who, change);
    expect(await at.ask(who, change)).toBeNull();
    const [note] = await at.world.rows<Record<'subtotal' | 'discount', string>>(
      `SELECT n.subtotal, n.discount FROM finance.credit_notes n JOIN finance.invoices i ON i.id = n.invoice_id WHERE i.subscription_id = $1`,
      [who.subscriptionId],
    );
    const changed = (await at.invoices(who)).at(-1)!;

    expect([Number(changed.total)]).toEqual(previewed);
    expect(Number(note!.discount) * 2).toBe(Number(note!.subtotal));
    expect(Math.abs(Number(changed.total) + 2 * Number(note!.subtotal) * 0.6)).toBeLessThan(1);
  });

  it('is taken off no period more for a pause of an hour', async () => {
    const { code } = await promote({ duration: { kind: 'periods', count: 1 } });
    const who = await begin({ promotionCode: code });
    await at.advance(who, 5);
    expect(await at.ask(who, { type: 'pause', reason: null, atPeriodEnd: false })).toBeNull();
    await at.advance(who, 1 / 24);
    expect(await at.ask(who, { type: 'resume' })).toBeNull();
    await at.advance(who, 40);

    expect((await at.invoices(who)).map(({ purpose, total }) => [purpose, total])).toContainEqual(['renewal', 220_000]);
  });

  it('holds for as many periods as it had left where service goes on after a pause', async () => {
    const { code } = await promote({ duration: { kind: 'periods', count: 2 } });
    const who = await begin({ promotionCode: code });
    await at.advance(who, 5);
    expect(await at.ask(who, { type: 'pause', reason: null, atPeriodEnd: false })).toBeNull();
    await at.advance(who, 60);
    expect(await at.ask(who, { type: 'resume' })).toBeNull();

    expect(await show(who)).toMatchObject({ discounts: [{ endsAt: '2025-07-01T10:00:00+07:00', isOver: false }] });
  });
});

describe('a code is given back', () => {
  it('once, when the first invoice is never paid', async () => {
    const { id, code } = await promote({ maxUses: 1 });
    const who = await begin({ promotionCode: code, token: 'tok_declined' });
    expect(await usesOf(id)).toEqual(allAre(1));
    await at.advance(who, 3);

    expect(await at.status(who)).toBe('expired');
    expect(await usesOf(id)).toEqual(allAre(0));
    expect(await at.events(who, 'promotion.%')).toEqual(['promotion.redeemed', 'promotion.released']);
    expect((await tryBegin({ promotionCode: code })).refusal).toBeNull();
  });

  it('as often as it was used, when the first invoice is never paid', async () => {
    const { id, code } = await promote({ discount: off(150), maxUses: 2, maxUsesPerCustomer: 2 });
    const who = await begin({ promotionCode: code, token: 'tok_declined' });
    expect(await at.ask(who, apply(code))).toBeNull();
    expect(await usesOf(id)).toEqual(allAre(2));
    await at.advance(who, 3);

    expect(await at.status(who)).toBe('expired');
    expect(await usesOf(id)).toEqual(allAre(0));
    expect(await at.events(who, 'promotion.released')).toHaveLength(2);
  });

  it('not when something was paid', async () => {
    const { id, code } = await promote();
    const who = await begin({ promotionCode: code });
    expect(await at.ask(who, { type: 'cancel', reason: null, cancelAtPeriodEnd: false })).toBeNull();

    expect(await usesOf(id)).toEqual(allAre(1));
  });
});

describe('a trial by code', () => {
  it('begins the subscription, once for each customer, and stays used', async () => {
    const { id, code } = await promote({ discount: { kind: 'trial', days: 10, isOnTop: false } });
    const customer = await at.world.addCustomer();
    const who = await begin({ promotionCode: code }, customer);
    expect(await show(who)).toMatchObject({
      status: 'trial',
      isTrialUsed: true,
      trialEnd: '2025-03-11T10:00:00+07:00',
    });
    expect((await tryBegin({ promotionCode: code }, customer)).refusal).toBe('trial_unavailable /promotionCode');
    expect(await at.ask(who, { type: 'cancel', reason: null, cancelAtPeriodEnd: false })).toBeNull();

    expect(await usesOf(id)).toEqual(allAre(1));
  });

  it('comes on top of the plan’s own where it says so, beside a discount from the trial’s end on', async () => {
    const [, withTrial] = at.world.plans as [number, number];
    const trial = await promote({ discount: { kind: 'trial', days: 10, isOnTop: true }, isCombinable: true });
    const less = await promote({ isCombinable: true });
    const who = await begin({ planId: withTrial, promotionCodes: [trial.code, less.code] });
    expect(await show(who)).toMatchObject({ trialEnd: '2025-03-25T10:00:00+07:00', discounts: [{ endsAt: null }] });
    await at.advance(who, 56);

    expect(await totals(who)).toEqual([328_900 - 149_500, 328_900]);
  });

  it('is for nothing but the beginning of a paid plan', async () => {
    const { code } = await promote({ discount: { kind: 'trial', days: 10, isOnTop: false } });
    expect((await tryBegin({ promotionCode: code, planId: at.free })).refusal).toBe(
      'promotion_not_applicable /promotionCode',
    );
    const who = await begin({});

    expect(await at.ask(who, apply(code))).toBe('promotion_not_applicable');
  });
});

describe('the limit of a code', () => {
  it('is never passed by 200 subscribers at once', async () => {
    const { id, code } = await promote({ maxUses: 7, duration: { kind: 'forever' } });
    const customers: ClockCustomer[] = [];

    for (let nth = 0; nth < 200; nth += 1) {
      customers.push(await at.world.addCustomer());
    }
    const outcomes = await Promise.all(
      customers.map((customer) => tryBegin({ promotionCode: code, token: null }, customer)),
    );
    const refusals = outcomes.flatMap(({ refusal }) => refusal ?? []);

    expect(outcomes.length - refusals.length).toBe(7);
    expect(new Set(refusals)).toEqual(new Set(['promotion_used_up /promotionCode']));
    expect(await usesOf(id)).toEqual(allAre(7));
  });

  it('of a customer is not passed by subscribing and applying at once', async () => {
    const { id, code } = await promote({ maxUsesPerCustomer: 2 });
    const customer = await at.world.addCustomer();
    const running = await Promise.all(Array.from({ length: 6 }, () => begin({ token: null }, customer)));
    const outcomes = await Promise.all([
      ...running.map((who) => at.ask(who, apply(code))),
      ...Array.from(
        { length: 6 },
        async () => (await tryBegin({ promotionCode: code, token: null }, customer)).refusal?.split(' ')[0],
      ),
    ]);

    expect(outcomes.filter((refusal) => refusal == null)).toHaveLength(2);
    expect(new Set(outcomes.filter((refusal) => refusal != null))).toEqual(new Set(['promotion_already_used']));
    expect(await usesOf(id)).toEqual({ promotion: 2, codes: 2, customers: 2, held: 2 });
  });
});

it('shows the next invoice with its promotions', async () => {
  const { code } = await promote({ duration: { kind: 'periods', count: 2 } });
  const { subscriptionId } = await begin({ promotionCode: code });
  const { gateways, test } = at.world;
  const shown = await previewUpcomingInvoice(test.database, {
    companyId: companyId(),
    subscriptionId,
    gateways,
    now: start,
  });

  expect(shown.invoices.map(({ totalAmount, discount }) => [totalAmount, discount])).toEqual([[120_000, 100_000]]);
});
