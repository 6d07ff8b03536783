import { randomUUID } from 'node:crypto';

import { Pool } from 'pg';

import { createSubscriptionActivities } from '../../../activities/subscription-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { insertCustomer } from '../../../domain/customers/insert-customer';
import type { PaymentGateways } from '../../../domain/payments/payment-gateway';
import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import type { CreateSubscription } from '../../../domain/subscriptions/steps/create-subscription';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { stepTestClock } from '../../../domain/test-clocks/advance-test-clock';
import { aimTestClock } from '../../../domain/test-clocks/aim-test-clock';
import { createTestClock } from '../../../domain/test-clocks/create-test-clock';
import { openGateways } from '../../../gateways/open-gateways';
import { type Clock, systemClock } from '../../../platform/clock';
import { readConfig } from '../../../platform/config';
import { createLogger } from '../../../platform/logger';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

/** A customer on a test clock. */
export interface ClockCustomer {
  clockId: number;
  customerId: number;
}

export type Subscribed<Customer = ClockCustomer> = Customer & { subscriptionId: number };

/** How somebody subscribes: to the first plan, by a card that is charged, where nothing else is said. */
export interface SubscribeOptions {
  plan?: number;
  planId?: number;
  token?: string | null;
  useTrial?: boolean;
  /** Whatever else it begins with. */
  fields?: Partial<CreateSubscription>;
}

/** Subscriptions on PostgreSQL without Temporal: the steps that their workflow runs, called one by one. */
export interface SubscriptionWorld {
  test: TestDatabase;
  company: TestCompany;
  gateways: PaymentGateways;
  steps: ReturnType<typeof createSubscriptionActivities>;
  /** Ids of plans: 99,000 and 299,000 a month (the second with a trial), 25,000 a week, 2,990,000 a year. */
  plans: readonly number[];
  /** @param currency of its billing account; the company's where none is named */
  addCustomer(currency?: string): Promise<ClockCustomer>;
  /** Pays with the simulated card; on a clock its first invoice is charged at once. With a token of null invoices are sent. */
  subscribe<Customer extends { customerId: number }>(
    customer: Customer,
    options?: SubscribeOptions,
  ): Promise<Subscribed<Customer>>;
  /** @returns the code and the member that it was refused with */
  refusedTo(customer: { customerId: number }, options: SubscribeOptions): Promise<string>;
  /** @param commandId another one each time, where none is given */
  command(
    who: { subscriptionId: number },
    asked: object,
    commandId?: string,
  ): ReturnType<SubscriptionWorld['steps']['runSubscription']>;
  /** Turns a clock to an instant as its workflow does it: from deadline to deadline of its subscriptions. */
  advance(clock: { clockId: number }, to: Date | string): Promise<void>;
  /** Asked as the owner of the tables. */
  rows<Row>(sql: string, values: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const prices = [
  [99_000, 'monthly'],
  [299_000, 'monthly'],
  [25_000, 'weekly'],
  [2_990_000, 'yearly'],
] as const;

/**
 * @param start of the company and of every test clock
 * @param clock of customers who are on none
 */
export async function openSubscriptionWorld(start: Date, clock: Clock = systemClock): Promise<SubscriptionWorld> {
  const test = await createTestDatabase({ poolSize: 8 });
  const { database } = test;
  const owner = new Pool({ connectionString: test.adminUrl, max: 2 });
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: test.appUrl });
  const gateways = await openGateways({ config, database, logger: createLogger({ level: 'silent', name: 'test' }) });
  const company = await openTestCompany(database, { now: start });
  const steps = createSubscriptionActivities({
    database,
    gateways,
    clock,
    installation: 'test',
    renewalsPerSecond: 25,
  });
  const plans = await Promise.all(
    prices.map(([price, billingCycle], nth) =>
      database.withTenant(company.id, async (tx) => {
        const trial = { trialEnabled: nth === 1, trialDays: nth === 1 ? 14 : 0 };
        const plan = { name: `Gói ${nth}`, price, billingCycle, ...trial };

        return Number((await createPlan(tx, { plan, now: start })).id);
      }),
    ),
  );

  const create = async (
    { customerId }: { customerId: number },
    { plan = 0, planId = plans[plan] as number, token = 'tok_ok', useTrial = false, fields = {} }: SubscribeOptions,
  ) => {
    const subscriptionId = await reserveId(database, 'subscription');
    const paymentMethodId =
      token === null
        ? null
        : await database.withTenantSql(company.id, (tx) =>
            savePaymentMethod(tx, { customerId, method: 'card', token, gateways, now: start }),
          );
    const created = await steps.createSubscription({
      companyId: company.id,
      subscriptionId,
      customerId,
      planId,
      useTrial,
      quantity: 1,
      paymentMethod: token === null ? null : 'card',
      paymentMethodId,
      ...fields,
    });

    return { subscriptionId, created };
  };

  return {
    test,
    company,
    gateways,
    steps,
    plans,
    async addCustomer(currency) {
      const clockId = await reserveId(database, 'testClock');
      const customerId = await reserveId(database, 'customer');
      await database.withTenant(company.id, async (tx) => {
        await createTestClock(tx, { id: clockId, name: null, at: start, isProduction: false, now: start });
        const email = `${randomUUID()}@any.test`;
        const account = currency === undefined ? {} : { billingAccount: { currency } };
        await insertCustomer(tx, { id: customerId, name: 'Lan', email, testClockId: clockId, ...account, now: start });
      });

      return { clockId, customerId };
    },
    async subscribe(customer, options = {}) {
      const { subscriptionId, created } = await create(customer, options);
      expect(created).toMatchObject({ kind: 'done' });

      return { ...customer, subscriptionId };
    },
    async refusedTo(customer, options) {
      const { subscriptionId, created } = await create(customer, options);
      const [row] = (await owner.query('SELECT 1 FROM ordering.subscriptions WHERE id = $1', [subscriptionId])).rows;
      expect(row).toBeUndefined();

      return created.kind === 'refused' ? `${created.error.code} ${created.error.field}` : 'done';
    },
    command: ({ subscriptionId }, asked, commandId = randomUUID()) =>
      steps.runSubscription({
        companyId: company.id,
        subscriptionId,
        work: { kind: 'command', commandId, command: asked as RequestedCommand },
      }),
    async advance({ clockId }, to) {
      const target = new Date(to);
      await database.withTenantSql(company.id, (tx) =>
        aimTestClock(tx, { testClockId: clockId, target, requestKey: null, now: start }),
      );

      for (let turns = 0; turns < 500; turns += 1) {
        const step = await database.withTenantSql(company.id, (tx) => stepTestClock(tx, clockId, start));

        if (step.kind !== 'deadline') {
          return;
        }

        for (const subscriptionId of step.subscriptionIds) {
          await steps.runSubscription({ companyId: company.id, subscriptionId, work: { kind: 'due' } });
        }

        for (const subscriptionId of step.usageSubscriptionIds) {
          await steps.runSubscription({ companyId: company.id, subscriptionId, work: { kind: 'usage' } });
        }
      }
      throw new Error('The clock does not get on.');
    },
    rows: async <Row>(sql: string, values: unknown[]) => (await owner.query(sql, values)).rows as Row[],
    async close() {
      await owner.end();
      await test.drop();
    },
  };
}
