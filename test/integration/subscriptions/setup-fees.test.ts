import { createPaymentActivities } from '../../../activities/payment-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createPromotion, type NewPromotion } from '../../../domain/promotions/create-promotion';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { systemClock } from '../../../platform/clock';
import { type AddonWorld, openAddonWorld } from './addon-world';
import type { Subscribed } from './subscription-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: AddonWorld;

beforeAll(async () => {
  shop = await openAddonWorld(start);
});
afterAll(() => shop?.world.close());

const linesOf = async (who: Subscribed) =>
  (await shop.invoices(who)).map(({ status, total, lines }) => [
    `${status} ${total}`,
    ...lines.map(({ item, description, subtotal }) => `${item}: ${description} ${subtotal}`),
  ]);
const purchase: RequestedCommand = { type: 'add_addons', addonIds: [], addonKeys: ['line'], quantity: 3 };
const removal = () => ({ type: 'remove_addon', addonId: shop.addons.line, atPeriodEnd: false }) as const;
let made = 0;

async function discounted(fields: Partial<NewPromotion>): Promise<Subscribed> {
  made += 1;
  const code = `LINE-${made}`;
  const appliesTo = { productIds: [], categories: [], planIds: [], addonKeys: ['line'] };
  const { company, test } = shop.world;
  const half = { kind: 'percent', ratePpm: 500_000, basis: 'on_total', most: null } as const;
  await test.database.withTenant(company.id, (tx) =>
    createPromotion(tx, { promotion: { name: code, code, discount: half, appliesTo, ...fields }, now: start }),
  );
  const addons = { addonIds: [], addonKeys: ['line'], quantity: 1 };

  return shop.subscribe({ fields: { promotionCode: code, addons } });
}

describe('a setup fee', () => {
  it('is a line of its own on the first invoice, once and taxed, as its preview says, and is not on the renewal that is foreseen', async () => {
    const lan = await shop.subscribe();
    expect(await shop.preview(lan, purchase)).toEqual({ dueAmount: 220_000, totals: [220_000] });
    expect(await shop.ask(lan, purchase)).toBeNull();
    const until = new Date('2025-04-20T03:00:00Z');
    const { company, test } = shop.world;
    const foreseen = await test.database.withTenantSnapshot(company.id, (tx) =>
      forecastSubscription(tx, { subscriptionId: lan.subscriptionId, until, now: start }),
    );
    expect(foreseen.invoices.map(({ totalAmount }) => totalAmount)).toEqual([198_000]);
    await shop.advance(lan, 40);

    expect(await linesOf(lan)).toEqual([
      ['paid 220000', 'addon: Line 180000', 'addon/setup: Line (setup fee) 20000'],
      ['paid 198000', 'addon: Line 180000'],
    ]);
    expect((await shop.invoices(lan))[0]?.metadata).toMatchObject({ nextBillingDate: '2025-04-10' });
  });

  it('stands beside the plan on its first invoice, and goes with the add-on before that is paid', async () => {
    const lan = await shop.subscribe({
      plan: 'paid',
      token: null,
      fields: { addons: { addonIds: [], addonKeys: ['line'], quantity: 1 } },
    });
    expect(await linesOf(lan)).toEqual([
      ['open 308000', 'plan: Pro 200000', 'addon: Line 60000', 'addon/setup: Line (setup fee) 20000'],
    ]);
    const seats = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    expect(await shop.ask(lan, { type: 'change_plan', ...seats })).toBeNull();
    expect((await linesOf(lan))[1]).toEqual([
      'open 528000',
      'plan: Pro 400000',
      'addon: Line 60000',
      'addon/setup: Line (setup fee) 20000',
    ]);
    await shop.ask(lan, removal());

    expect((await linesOf(lan)).map(([first]) => first)).toEqual(['void 308000', 'void 528000', 'open 440000']);
  });

  it('is billed again with what was bought with it, where one of both is removed unpaid', async () => {
    const lan = await shop.subscribe({ token: 'tok_declined' });
    await shop.buy(lan, 'line', 'ai');
    await shop.ask(lan, { type: 'remove_addon', addonId: shop.addons.ai, atPeriodEnd: true });

    expect(await linesOf(lan)).toMatchObject([
      ['void 198000', expect.anything(), expect.anything(), expect.anything()],
      ['open 88000', 'addon: Line 60000', 'addon/setup: Line (setup fee) 20000'],
    ]);
  });

  it('is no unused service, and can be refunded', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'line');
    await shop.advance(lan, 10);
    await shop.ask(lan, { ...removal(), creditUnused: 'prorate' });
    // 21 of 31 days of 60,000, and the tax of it.
    expect(await shop.balance(lan)).toBe(44_710);

    const mai = await shop.subscribe();
    await shop.buy(mai, 'line');
    const { company, gateways, rows, test } = shop.world;
    const payments = createPaymentActivities({
      database: test.database,
      gateways,
      clock: systemClock,
      installation: 'test',
    });
    const [paid] = await rows<{ id: string }>('SELECT id FROM finance.payments WHERE subscription_id = $1', [
      mai.subscriptionId,
    ]);
    const refundId = await reserveId(test.database, 'refund');
    const asked = { companyId: company.id, refundId };
    const begun = { ...asked, paymentId: Number(paid?.id), amount: null, reason: 'asked for' };
    expect(await payments.beginRefund(begun)).toMatchObject({ kind: 'done' });
    await payments.completeRefund({ ...asked, outcome: { kind: 'succeeded', transactionId: 'R' } });

    expect(
      await rows('SELECT total_amount::int AS total FROM finance.credit_notes WHERE customer_id = $1', [
        mai.customerId,
      ]),
    ).toEqual([{ total: -88_000 }]);
    expect(await shop.features(mai)).toEqual(['base']);
  });

  it('has its part of a percentage, and an amount that is for a period is not taken for it as well', async () => {
    const lan = await discounted({ duration: { kind: 'once' } });
    const mai = await discounted({
      discount: { kind: 'amount', amount: 35_000 },
      duration: { kind: 'periods', count: 1 },
    });

    expect((await shop.invoices(lan)).map(({ total }) => total)).toEqual([48_000]);
    expect((await shop.invoices(mai)).map(({ total }) => total)).toEqual([53_000]);
  });

  it('is asked for ahead where periods are billed when they are over, and the add-on waits for it', async () => {
    await shop.set({ billingTiming: 'in_arrears' });
    const lan = await shop.subscribe({ plan: 'paid' });
    const mai = await shop.subscribe({ plan: 'paid', token: 'tok_declined' });
    await shop.buy(lan, 'line');
    await shop.buy(mai, 'line');
    await shop.set({ billingTiming: 'in_advance' });
    expect(await linesOf(lan)).toEqual([['paid 22000', 'addon/setup: Line (setup fee) 20000']]);
    expect([await shop.features(lan), await shop.features(mai)]).toEqual([['line', 'pro'], ['pro']]);
    await shop.advance(lan, 31);
    await shop.advance(mai, 2);

    expect((await linesOf(lan))[1]).toEqual(['paid 286000', 'plan: Pro 200000', 'addon: Line 60000']);
    expect(await linesOf(mai)).toMatchObject([['void 22000', expect.anything()]]);
    expect(await shop.bought(mai)).toMatchObject([{ status: 'expired', reason: 'not paid' }]);
  });
});
