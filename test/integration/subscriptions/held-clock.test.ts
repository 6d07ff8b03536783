import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { grantCredit } from '../../../domain/billing/account/grant-credit';
import { createOverride } from '../../../domain/entitlements/overrides/create-override';
import { createSubscription } from '../../../domain/subscriptions/steps/create-subscription';
import { stepTestClock } from '../../../domain/test-clocks/advance-test-clock';
import { aimTestClock } from '../../../domain/test-clocks/aim-test-clock';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { until } from '../events/outbox';
import { type ClockCustomer, openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

const start = new Date('2026-01-30T17:00:00.000Z');
const later = (days: number) => new Date(start.getTime() + days * 86_400_000);
const yearly = 3;
const weekly = 2;
const withTrial = 1;

let world: SubscriptionWorld;
/** What lets each transaction go that a test holds open. */
const opened: (() => void)[] = [];

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterEach(() => opened.splice(0).forEach((letGo) => letGo()));
afterAll(() => world?.close());

const inCompany = <Result>(work: (tx: TenantSql) => Promise<Result>) =>
  world.test.database.withTenantSql(world.company.id, work);

/** Does something in a transaction that stays open until it is let go. */
async function held<Result>(work: (tx: TenantSql) => Promise<Result>) {
  let letGo = () => {};
  let begun = (_pid: number) => {};
  const pid = new Promise<number>((resolve) => (begun = resolve));
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  opened.push(letGo);
  const done = inCompany(async (tx) => {
    const result = await work(tx);
    const [row] = await tx.query(z.object({ pid: z.number() }), Prisma.sql`SELECT pg_backend_pid() AS pid`);
    begun(row?.pid ?? 0);
    await gate;

    return result;
  });
  const blocker = await Promise.race([pid, done.then(() => 0)]);

  return {
    /** Something else waits for it. */
    isWaitedFor: () =>
      until('somebody waits for it', async () => {
        const [row] = await world.rows<{ count: number }>(
          'SELECT count(*)::int AS count FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid))',
          [blocker],
        );

        return (row?.count ?? 0) > 0;
      }),
    async end(): Promise<Result> {
      letGo();

      return done;
    },
  };
}

/** By 40 days. */
const aim = ({ clockId }: ClockCustomer) =>
  inCompany((tx) => aimTestClock(tx, { testClockId: clockId, target: later(40), requestKey: null, now: start }));

/** The last step of such an advance, before it is committed. */
async function lastStep(clock: ClockCustomer) {
  await aim(clock);

  return held((tx) => stepTestClock(tx, clock.clockId, start));
}

const standing = async (subscriptionId: number) =>
  (
    await world.rows<{ from: Date; next: Date }>(
      'SELECT current_period_start AS from, next_deadline_at AS next FROM ordering.subscriptions WHERE id = $1',
      [subscriptionId],
    )
  )[0];

it('a subscription that is created while its clock comes to its target begins there, as does its trial', async () => {
  const lan = await world.addCustomer();
  const step = await lastStep(lan);
  const subscribing = world.subscribe(lan, { plan: withTrial, useTrial: true });
  await step.isWaitedFor();

  expect(await step.end()).toMatchObject({ kind: 'done' });
  const { subscriptionId } = await subscribing;
  expect(
    await world.rows('SELECT created_at AS from, trial_end AS to FROM ordering.subscriptions WHERE id = $1', [
      subscriptionId,
    ]),
  ).toEqual([{ from: later(40), to: later(54) }]);
});

it('an advance waits for a subscription that is being created, and stops at what is due of it', async () => {
  const lan = await world.addCustomer();
  const subscriptionId = await reserveId(world.test.database, 'subscription');
  await aim(lan);
  const creating = await held((tx) =>
    createSubscription(
      tx,
      {
        subscriptionId,
        customerId: lan.customerId,
        planId: world.plans[weekly] as number,
        useTrial: false,
        quantity: 1,
        paymentMethod: null,
        paymentMethodId: null,
      },
      { gateways: world.gateways, now: start },
    ),
  );
  const stepping = inCompany((tx) => stepTestClock(tx, lan.clockId, start));
  await creating.isWaitedFor();
  await creating.end();

  expect(await stepping).toMatchObject({ kind: 'deadline', subscriptionIds: [subscriptionId] });
});

it('a command that comes while the clock comes to its target is of the time there', async () => {
  const lan = await world.subscribe(await world.addCustomer(), { plan: yearly });
  const step = await lastStep(lan);
  const newPlanId = world.plans[weekly];
  const changing = world.command(lan, {
    type: 'change_plan',
    newPlanId,
    quantity: null,
    immediate: true,
    prorationDate: null,
  });
  await step.isWaitedFor();

  expect(await step.end()).toMatchObject({ kind: 'done' });
  expect(await changing).toMatchObject({ kind: 'done' });
  expect(await standing(lan.subscriptionId)).toEqual({ from: later(40), next: later(47) });
});

it('credit and an override do not end before the time that the clock comes to', async () => {
  const lan = await world.addCustomer();
  const { customerId } = lan;
  const step = await lastStep(lan);
  const [creditGrantId, id] = [
    await reserveId(world.test.database, 'creditGrant'),
    await reserveId(world.test.database, 'entitlementOverride'),
  ];
  await world.test.database.withTenant(world.company.id, (tx) =>
    createFeature(tx, { feature: { code: 'any', name: 'Any' }, now: start }),
  );
  const granting = inCompany((tx) =>
    grantCredit(tx, {
      creditGrantId,
      customerId,
      amount: 1_000,
      currency: null,
      reason: 'any',
      expiresAt: later(20),
      now: start,
    }),
  );
  const overriding = inCompany((tx) =>
    createOverride(
      tx,
      {
        id,
        customerId,
        feature: 'any',
        effect: 'grant',
        value: null,
        reason: 'any',
        validUntil: later(20).toISOString(),
        userId: null,
      },
      start,
    ),
  );
  const outcomes = Promise.allSettled([granting, overriding]);
  await step.isWaitedFor();
  await step.end();

  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'invalid_date_sequence', field: '/expiresAt' } },
    { status: 'rejected', reason: { code: 'invalid_date_sequence', field: '/validUntil' } },
  ]);
});
