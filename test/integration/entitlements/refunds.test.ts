import { createPaymentActivities } from '../../../activities/payment-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { systemClock } from '../../../platform/clock';
import type { Subscribed } from '../subscriptions/subscription-world';
import { type EntitlementWorld, openEntitlementWorld } from './entitlement-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');
const second = 1 / 86_400;

let world: EntitlementWorld;
let payments: ReturnType<typeof createPaymentActivities>;

beforeAll(async () => {
  world = await openEntitlementWorld(start);
  const { test, gateways } = world.shop.world;
  payments = createPaymentActivities({ database: test.database, gateways, clock: systemClock, installation: 'test' });
});
afterAll(() => world?.shop.world.close());

const subscribe = async (plan: 'team' | 'starter') => {
  const { world: base } = world.shop;

  return base.subscribe(await base.addCustomer(), { planId: world.plans[plan] });
};
const buy = async (who: Subscribed, ...addonKeys: string[]) =>
  expect(await world.shop.ask(who, { type: 'add_addons', addonIds: [], addonKeys, quantity: 1 })).toBeNull();
const told = async ({ customerId }: Subscribed) =>
  (
    await world.shop.world.rows<{ shown: string }>(
      `SELECT concat_ws(' ', substr(type, 13), payload ->> 'feature', payload ->> 'value') AS shown
         FROM platform.events WHERE subject = $1 AND type LIKE 'entitlement.%' ORDER BY subject_seq`,
      [`customer/${customerId}`],
    )
  ).map(({ shown }) => shown);
const has = async ({ customerId }: Subscribed, code: string) => (await world.check(customerId, code)).isEntitled;

/** Of the latest payment. @param amount null: all that is left of it */
async function refund({ subscriptionId }: Subscribed, amount: number | null = null): Promise<void> {
  const { company, test, rows } = world.shop.world;
  const [paid] = await rows<{ id: string }>(
    `SELECT id FROM finance.payments WHERE subscription_id = $1 AND status IN ('success', 'partially_refunded') ORDER BY id DESC LIMIT 1`,
    [subscriptionId],
  );
  const refundId = await reserveId(test.database, 'refund');
  const of = { companyId: company.id, paymentId: Number(paid?.id), refundId, amount, reason: 'asked for' };
  expect(await payments.beginRefund(of)).toMatchObject({ kind: 'done' });
  await payments.completeRefund({
    companyId: company.id,
    refundId,
    outcome: { kind: 'succeeded', transactionId: 'R' },
  });
}

describe('what is refunded as a whole', () => {
  it('gives nothing from then on, is told, and gives it again with the next period that is paid', async () => {
    const lan = await subscribe('team');
    expect(await world.check(lan.customerId, 'reports')).toMatchObject({ isEntitled: true });
    await refund(lan, 20_000);
    expect([await has(lan, 'reports'), await has(lan, 'calls')]).toEqual([true, true]);
    await refund(lan);
    expect([await has(lan, 'reports'), await has(lan, 'calls')]).toEqual([false, false]);
    expect(await world.shop.status(lan)).toBe('active');
    expect((await told(lan)).slice(-3)).toEqual(['revoked calls', 'revoked projects', 'revoked reports']);

    // A month from 10 March.
    await world.shop.advance(lan, 31 - second);
    expect(await has(lan, 'reports')).toBe(false);
    await world.shop.advance(lan, second);
    expect(await has(lan, 'reports')).toBe(true);
    expect((await told(lan)).slice(-3)).toEqual(['granted calls 1000', 'granted projects 3', 'granted reports true']);
  });

  it('is of the add-ons of its invoice alone; what is bought anew in its days is there', async () => {
    const lan = await subscribe('starter');
    await buy(lan, 'ai');
    await buy(lan, 'pack', 'setup');
    await refund(lan);
    expect([await has(lan, 'ai_assistant'), await has(lan, 'projects'), await has(lan, 'setup')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await world.check(lan.customerId, 'calls')).toMatchObject({ limit: 100 });

    const [pack] = await world.shop.world.rows<{ id: string }>(
      `SELECT addon_id AS id FROM ordering.user_addons WHERE subscription_id = $1 AND addon_key = 'pack'`,
      [lan.subscriptionId],
    );
    const addonId = Number(pack?.id);
    expect(await world.shop.ask(lan, { type: 'remove_addon', addonId, atPeriodEnd: false })).toBeNull();
    await buy(lan, 'pack');
    expect(await has(lan, 'projects')).toBe(true);

    // What is bought once has no next period.
    await world.shop.advance(lan, 40);
    expect([await has(lan, 'ai_assistant'), await has(lan, 'setup')]).toEqual([true, false]);
  });

  it('is there where the company has it so, and once more seats are billed', async () => {
    const lan = await subscribe('team');
    await world.shop.advance(lan, 10);
    await refund(lan);
    expect(await has(lan, 'reports')).toBe(false);
    await world.shop.set({ refundKeepsAccess: true });
    expect(await has(lan, 'reports')).toBe(true);
    await world.shop.set({ refundKeepsAccess: false });
    const seats = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    expect(await world.shop.ask(lan, { type: 'change_plan', ...seats })).toBeNull();
    expect(await has(lan, 'reports')).toBe(true);
    expect((await told(lan)).at(-1)).toBe('granted reports true');
  });

  it('goes on being there while credit of the account has paid a part of its invoice', async () => {
    const lan = await subscribe('team');
    await world.shop.advance(lan, 10);
    // The seat that was paid for is credited, and pays for a part of the two.
    const seats = { newPlanId: null, quantity: 2, immediate: true, prorationDate: null };
    expect(await world.shop.ask(lan, { type: 'change_plan', ...seats })).toBeNull();
    await refund(lan);
    expect(await has(lan, 'reports')).toBe(true);
  });
});
