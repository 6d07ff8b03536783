import { randomUUID } from 'node:crypto';

import { Pool } from 'pg';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import { updateSettings } from '../../../domain/companies/update-settings';
import { insertCustomer } from '../../../domain/customers/insert-customer';
import type { PaymentGateways } from '../../../domain/payments/payment-gateway';
import { recordOutcome } from '../../../domain/payments/record-outcome';
import { createSubscription } from '../../../domain/subscriptions/steps/create-subscription';
import { type CampaignLook, lookAtCampaign } from '../../../domain/billing/dunning/look-at-campaign';
import {
  runSubscription,
  type SubscriptionRun,
  type SubscriptionWork,
} from '../../../domain/subscriptions/steps/run-subscription';
import { openGateways } from '../../../gateways/open-gateways';
import { readConfig } from '../../../platform/config';
import { createLogger } from '../../../platform/logger';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

export interface DunningWorld {
  test: TestDatabase;
  company: TestCompany;
  gateways: PaymentGateways;
  query<Row extends Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  addCustomer(timeZone?: string): Promise<number>;
  addPlan(price: number): Promise<number>;
  /** A monthly subscription that is paid by VNPay, its first month paid. */
  subscribe(customerId: number, price: number, at: Date): Promise<number>;
  run(subscriptionId: number, work: SubscriptionWork, at: Date): Promise<SubscriptionRun>;
  /** Everything that time has brought by then. */
  catchUp(subscriptionId: number, at: Date): Promise<SubscriptionRun>;
  /** The outcome of the payment that waits for an invoice of it, entered as a callback does; the subscription is not told. */
  receive(subscriptionId: number, at: Date): Promise<number>;
  pay(subscriptionId: number, at: Date): Promise<SubscriptionRun>;
  look(campaignId: number, at: Date): Promise<CampaignLook>;
  set(settings: Partial<Settings>): Promise<unknown>;
  close(): Promise<void>;
}

/** A company that asks for what is overdue, in a database of its own; time is what each call says. */
export async function openDunningWorld(settings: Partial<Settings>, start: Date): Promise<DunningWorld> {
  const test = await createTestDatabase({ poolSize: 6 });
  const { database } = test;
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: test.appUrl });
  const gateways = await openGateways({ config, database, logger: createLogger({ level: 'silent', name: 'test' }) });
  const company = await openTestCompany(database, { settings, now: start });
  const owner = new Pool({ connectionString: test.adminUrl, max: 2 });
  const query: DunningWorld['query'] = async (sql, values) => (await owner.query(sql, values)).rows as never;
  const run: DunningWorld['run'] = (subscriptionId, work, now) =>
    database.withTenantSql(company.id, (tx) => runSubscription(tx, { subscriptionId, work }, { gateways, now }));

  const world: DunningWorld = {
    test,
    company,
    gateways,
    query,
    run,
    async addCustomer(timeZone = 'Asia/Ho_Chi_Minh') {
      const id = await reserveId(database, 'customer');
      const email = `${randomUUID()}@dunning.test`;
      await database.withTenant(company.id, (tx) =>
        insertCustomer(tx, { id, name: 'Lan', email, billingAccount: { timeZone }, now: start }),
      );

      return id;
    },
    addPlan: (price) =>
      database.withTenant(company.id, async (tx) => {
        const name = `Plan ${randomUUID()}`;
        const plan = { name, price, billingCycle: 'monthly' as const, trialEnabled: false, trialDays: 0 };

        return Number((await createPlan(tx, { plan, now: start })).id);
      }),
    async subscribe(customerId, price, at) {
      const [planId, subscriptionId] = [await world.addPlan(price), await reserveId(database, 'subscription')];
      const input = { subscriptionId, customerId, planId, useTrial: false, quantity: 1 };
      await database.withTenantSql(company.id, (tx) =>
        createSubscription(tx, { ...input, paymentMethod: 'vnpay', paymentMethodId: null }, { gateways, now: at }),
      );
      await world.pay(subscriptionId, at);

      return subscriptionId;
    },
    async catchUp(subscriptionId, at) {
      let latest = await run(subscriptionId, { kind: 'due' }, at);

      while (latest.isMoreDue) {
        latest = await run(subscriptionId, { kind: 'due' }, at);
      }

      return latest;
    },
    async receive(subscriptionId, at) {
      const [payment] = await query<{ id: string; reference: string; amount: string }>(
        "SELECT id, reference, amount FROM finance.payments WHERE subscription_id = $1 AND status = 'initiated' ORDER BY id LIMIT 1",
        [subscriptionId],
      );
      const outcome = {
        reference: payment?.reference ?? '',
        provider: 'vnpay',
        outcome: 'success' as const,
        paidAmount: Number(payment?.amount),
        transactionId: null,
        paidAt: null,
        failureReason: null,
        payload: {},
      };
      await database.withTenantSql(company.id, (tx) => recordOutcome(tx, outcome, at));

      return Number(payment?.id);
    },
    async pay(subscriptionId, at) {
      const paymentId = await world.receive(subscriptionId, at);

      return run(subscriptionId, { kind: 'payment', paymentId }, at);
    },
    look: (campaignId, now) => database.withTenantSql(company.id, (tx) => lookAtCampaign(tx, campaignId, now)),
    set: (changed) => database.withTenant(company.id, (tx) => updateSettings(tx, { changes: changed, now: start })),
    async close() {
      await owner.end();
      await test.drop();
    },
  };

  return world;
}
