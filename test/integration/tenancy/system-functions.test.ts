import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { appendEvents } from '../../../domain/events/append-events';
import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma, type TenantSql } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-01-01T00:00:00Z');

let testDatabase: TestDatabase;
let database: Database;
let companies: TestCompany[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  companies = [await openTestCompany(database, { now }), await openTestCompany(database, { now })];
});

afterAll(() => testDatabase?.drop());

const Row = z.looseObject({
  id: dbInteger.optional(),
  company_id: dbInteger.optional(),
  customer_id: dbInteger.optional(),
  order_id: dbInteger.optional(),
  payment_id: dbInteger.optional(),
});

/** Rows of a call without a tenant, as the product makes it. */
const call = (sql: Prisma.Sql) => database.system.query(Row, sql);
const first = (): TestCompany => companies[0]!;
const second = (): TestCompany => companies[1]!;

/** An order with an unpaid invoice and a payment under way, straight into the tables. */
async function insertPayment(company: TestCompany): Promise<{ orderId: number; paymentId: number; reference: string }> {
  const customerId = await company.addCustomer();
  const reference = randomUUID();
  const [row] = await queryAsOwner<{ order_id: string; payment_id: string }>(
    testDatabase.adminUrl,
    `WITH o AS (
       INSERT INTO ordering.orders (company_id, order_number, customer_id, status, payment_status, payment_method, subtotal, tax, discount, total_amount, currency, shipping_address, created_at, updated_at)
       VALUES ($1, $3, $2, 'pending', 'pending', 'vnpay', 1, 0, 0, 1, 'VND', 'Hanoi', now(), now()) RETURNING *),
     i AS (
       INSERT INTO finance.invoices (company_id, billing_account_id, customer_id, invoice_type, status, subtotal, tax, discount, total_amount, due_amount, currency, created_at, updated_at)
       SELECT $1, b.id, $2, 'onetime', 'draft', 1, 0, 0, 1, 1, 'VND', now(), now() FROM finance.billing_accounts b WHERE b.customer_id = $2 RETURNING *),
     p AS (
       INSERT INTO finance.payments (company_id, invoice_id, order_id, customer_id, method, status, amount, currency, reference, created_at, updated_at)
       SELECT $1, i.id, o.id, $2, 'vnpay', 'initiated', 1, 'VND', $3, now(), now() FROM o, i RETURNING *)
     SELECT o.id AS order_id, p.id AS payment_id FROM o, p`,
    [company.id, customerId, reference],
  );

  return { orderId: Number(row?.order_id), paymentId: Number(row?.payment_id), reference };
}

/** A switch to a target, straight into the table. @returns its id */
async function insertDeployment(company: TestCompany, status: string): Promise<number> {
  const [row] = await queryAsOwner<{ id: string }>(
    testDatabase.adminUrl,
    `INSERT INTO platform.deployments (company_id, status, target, target_id, drain, intent, plan, plan_hash, expires_at, ended_at, created_at, updated_at)
     VALUES ($1, $2, '{}', 'here', 'finish', '{}', '{}', 'secret', now(), CASE WHEN $2 = 'failed' THEN now() END, now(), now()) RETURNING id`,
    [company.id, status],
  );

  return Number(row?.id);
}

/** What each function lets through, and that it lets no more through. A new function needs a test here. */
const exercises: Record<string, () => Promise<void>> = {
  async 'system.find_company(text)'() {
    const { id, slug } = second();

    expect(await call(Prisma.sql`SELECT * FROM system.find_company(${slug})`)).toEqual([
      { id: id, slug, status: 'active' },
    ]);
    expect(await call(Prisma.sql`SELECT * FROM system.find_company('%')`)).toEqual([]);
  },

  async 'system.list_companies(bigint,integer)'() {
    const pages = [
      await call(Prisma.sql`SELECT id FROM system.list_companies(0::bigint, 1)`),
      await call(Prisma.sql`SELECT id FROM system.list_companies(${first().id}::bigint, 10)`),
    ];

    expect(pages).toEqual([[{ id: first().id }], [{ id: second().id }]]);
  },

  async 'system.find_payment(text)'() {
    const { paymentId, reference } = await insertPayment(second());

    expect(await call(Prisma.sql`SELECT * FROM system.find_payment(${reference})`)).toEqual([
      { company_id: second().id, payment_id: paymentId },
    ]);
    expect(await call(Prisma.sql`SELECT * FROM system.find_payment('')`)).toEqual([]);
  },

  async 'system.unsignalled_provider_events(timestamp with time zone,integer)'() {
    const { orderId, paymentId, reference } = await insertPayment(first());
    await queryAsOwner(
      testDatabase.adminUrl,
      `INSERT INTO finance.provider_events (company_id, provider, reference, outcome, payload, received_at)
       VALUES ($1, 'vnpay', $2, 'success', '{"secret": 1}', '2026-01-01T00:00:00Z')`,
      [first().id, reference],
    );
    const relayed = (before: string) =>
      call(Prisma.sql`SELECT * FROM system.unsignalled_provider_events(${new Date(before)}, 10)`);

    expect(await relayed('2026-01-01T00:00:00Z')).toEqual([]);
    expect(await relayed('2026-01-01T00:00:01Z')).toEqual([
      {
        id: expect.any(Number),
        company_id: first().id,
        subscription_id: null,
        payment_id: paymentId,
        order_id: orderId,
      },
    ]);
  },

  async 'system.publish_events(timestamp with time zone,integer)'() {
    await call(Prisma.sql`SELECT * FROM system.publish_events(${now}, 1000)`);

    for (const { id } of companies) {
      await database.withTenant(id, (tx) =>
        appendEvents(tx, { subject: `test/${id}`, events: [{ type: 'company.updated', payload: { id } }], now }),
      );
    }

    const published = await call(Prisma.sql`SELECT * FROM system.publish_events(${now}, 1000)`);

    expect(published.map((event) => [event.company_id, event.subject, event.payload])).toEqual(
      companies.map(({ id }) => [id, `test/${id}`, { id }]),
    );
    expect(await call(Prisma.sql`SELECT * FROM system.publish_events(${now}, 1000)`)).toEqual([]);
  },

  async 'system.unfinished_orders(bigint,integer)'() {
    const { orderId } = await insertPayment(second());
    const unfinished = await call(Prisma.sql`SELECT * FROM system.unfinished_orders(${orderId - 1}::bigint, 1)`);

    expect(unfinished).toEqual([
      {
        company_id: second().id,
        id: orderId,
        customer_id: expect.any(Number),
        business_model: 'retail',
      },
    ]);
  },

  async 'system.unfinished_subscriptions(bigint,integer)'() {
    const ids: number[] = [];

    for (const status of ['active', 'cancelled']) {
      const customerId = await second().addCustomer();
      const [row] = await queryAsOwner<{ id: string }>(
        testDatabase.adminUrl,
        `WITH p AS (
           INSERT INTO product.plans (company_id, name, price, currency, billing_cycle, created_at, updated_at)
           VALUES ($1, 'Plan ' || $3, 1, 'VND', 'monthly', now(), now()) RETURNING id)
         INSERT INTO ordering.subscriptions (company_id, customer_id, billing_account_id, plan_id, plan_name, amount, currency, billing_cycle,
           status, time_zone, billing_timing, renewal_lead_days, collection, created_at, updated_at)
         SELECT $1, $2, b.id, p.id, 'Plan ' || $3, 1, 'VND', 'monthly', $3, 'UTC', 'in_advance', 3, 'send_invoice', now(), now()
           FROM p, finance.billing_accounts b WHERE b.company_id = $1 AND b.customer_id = $2 RETURNING id`,
        [second().id, customerId, status],
      );
      ids.push(Number(row?.id));
    }
    const [active = 0] = ids;

    expect(await call(Prisma.sql`SELECT * FROM system.unfinished_subscriptions(${active - 1}::bigint, 10)`)).toEqual([
      { company_id: second().id, id: active, customer_id: expect.any(Number), plan_name: 'Plan active' },
    ]);
  },

  async 'system.claim_notices(timestamp with time zone,timestamp with time zone,text[],integer)'() {
    const ids: number[] = [];

    for (const [company, priority, status] of [
      [first(), 'normal', 'pending'],
      [second(), 'critical', 'pending'],
      [second(), 'critical', 'skipped'],
    ] as const) {
      const [row] = await queryAsOwner<{ id: string }>(
        testDatabase.adminUrl,
        `INSERT INTO platform.notices (company_id, customer_id, subject, kind, priority, locale, data, status, created_at)
         VALUES ($1, $2, 'subscription/1', 'trial_ending', $3, 'vi-VN', '{"secret": 1}', $4, now()) RETURNING id`,
        [company.id, await company.addCustomer(), priority, status],
      );
      ids.push(Number(row?.id));
    }
    const later = new Date(now.getTime() + 1_000);
    const claim = (at: Date, priorities: string[], limit = 10) =>
      call(Prisma.sql`SELECT * FROM system.claim_notices(${at}, ${later}, ${priorities}::text[], ${limit}::int)`);

    expect(await claim(now, ['critical', 'normal'], 1)).toEqual([{ company_id: second().id, id: ids[1], attempts: 1 }]);
    expect(await claim(now, ['critical', 'important'])).toEqual([]);
    expect(await claim(now, ['critical', 'normal'])).toEqual([{ company_id: first().id, id: ids[0], attempts: 1 }]);
    expect(await claim(later, ['critical', 'normal'], 1)).toEqual([
      { company_id: second().id, id: ids[1], attempts: 2 },
    ]);
  },

  async 'system.active_campaigns(bigint,integer)'() {
    const clocked = await queryAsOwner<{ id: string }>(
      testDatabase.adminUrl,
      'INSERT INTO ordering.test_clocks (company_id, now, created_at, updated_at) VALUES ($1, now(), now(), now()) RETURNING id',
      [second().id],
    );
    const ids: number[] = [];

    for (const [status, clockId] of [
      ['active', null],
      ['finished', null],
      ['active', clocked[0]?.id],
    ] as const) {
      const [row] = await queryAsOwner<{ id: string }>(
        testDatabase.adminUrl,
        `INSERT INTO finance.dunning_campaigns (company_id, billing_account_id, customer_id, test_clock_id, status, next_look_at, finished_at, opened_at)
         SELECT $1, b.id, b.customer_id, $4::bigint, $3, CASE WHEN $3 = 'active' THEN now() END, CASE WHEN $3 = 'finished' THEN now() END, now()
           FROM finance.billing_accounts b WHERE b.company_id = $1 AND b.customer_id = $2 RETURNING id`,
        [second().id, await second().addCustomer(), status, clockId],
      );
      ids.push(Number(row?.id));
    }

    expect(await call(Prisma.sql`SELECT * FROM system.active_campaigns(0::bigint, 10)`)).toEqual([
      { company_id: second().id, id: ids[0] },
    ]);
  },

  async 'system.expired_credits(timestamp with time zone,integer)'() {
    const accounts: number[] = [];
    const give = async (remaining: number, expiresAt: Date | null) => {
      const [row] = await queryAsOwner<{ billing_account_id: string }>(
        testDatabase.adminUrl,
        `INSERT INTO finance.credit_grants (company_id, billing_account_id, customer_id, amount, remaining, currency, reason, expires_at, created_at, updated_at)
         SELECT $1, b.id, b.customer_id, 10, $3, 'VND', 'secret', $4::timestamptz, $4::timestamptz - interval '1 day', now()
           FROM finance.billing_accounts b WHERE b.company_id = $1 AND b.customer_id = $2 RETURNING billing_account_id`,
        [second().id, await second().addCustomer(), remaining, expiresAt],
      );
      accounts.push(Number(row?.billing_account_id));
    };
    await give(10, now);
    await give(0, now);
    await give(10, new Date(now.getTime() + 1));

    expect(await call(Prisma.sql`SELECT * FROM system.expired_credits(${now}::timestamptz, 10)`)).toEqual([
      { company_id: second().id, billing_account_id: accounts[0] },
    ]);
  },

  async 'system.overrides_to_end(timestamp with time zone,integer)'() {
    const customerId = await second().addCustomer();
    const override = (code: string, validUntil: Date | null, endedAt: Date | null) =>
      queryAsOwner<{ id: string }>(
        testDatabase.adminUrl,
        `WITH f AS (INSERT INTO product.features (company_id, code, name, created_at, updated_at) VALUES ($1, $3, 'secret', now(), now()) RETURNING id)
         INSERT INTO ordering.entitlement_overrides (company_id, customer_id, feature_id, effect, reason, valid_until, created_at, ended_at, end_reason)
         SELECT $1, $2, f.id, 'grant', 'secret', $4::timestamptz, now(), $5::timestamptz, CASE WHEN $5::timestamptz IS NOT NULL THEN 'removed' END FROM f RETURNING id`,
        [second().id, customerId, code, validUntil, endedAt],
      );
    const [due] = await override('due', now, null);
    await override('later', new Date(now.getTime() + 1), null);
    await override('for-ever', null, null);
    await override('over', now, now);

    expect(await call(Prisma.sql`SELECT * FROM system.overrides_to_end(${now}::timestamptz, 10)`)).toEqual([
      { company_id: second().id, id: Number(due?.id) },
    ]);
  },

  async 'system.threshold_looks(integer)'() {
    await queryAsOwner(
      testDatabase.adminUrl,
      'INSERT INTO usage.threshold_looks (company_id, subscription_id) VALUES ($1, 9), ($2, 7), ($1, 9), ($1, 8)',
      [first().id, second().id],
    );

    expect(await call(Prisma.sql`SELECT * FROM system.threshold_looks(2)`)).toEqual([
      { company_id: first().id, id: 9 },
      { company_id: second().id, id: 7 },
    ]);
  },

  async 'system.begin_order_numbers()'() {
    const third = await openTestCompany(database, { now });
    const next = (company: TestCompany) =>
      database.withTenantSql(company.id, (tx) =>
        tx.query(Row, Prisma.sql`SELECT nextval(('order_numbers.company_' || ${company.id}::bigint)::regclass) AS id`),
      );

    expect([await next(third), await next(third), await next(second())]).toEqual([
      [{ id: 1 }],
      [{ id: 2 }],
      [{ id: 1 }],
    ]);
    await expect(call(Prisma.sql`SELECT system.begin_order_numbers()`)).rejects.toThrow();
  },

  async 'system.find_customers(text[],text,integer)'() {
    const found = (tx: Pick<TenantSql, 'query'>, limit: number) =>
      tx.query(
        Row,
        Prisma.sql`SELECT * FROM system.find_customers(ARRAY['%sought for%']::text[], '%0909%'::text, ${limit}::integer) ORDER BY id`,
      );
    const rows = await queryAsOwner<{ id: string }>(
      testDatabase.adminUrl,
      `INSERT INTO customer.customers (company_id, name, email, search_text, created_at, updated_at)
       SELECT company, text, company || text, text, now(), now()
         FROM unnest(ARRAY[$1, $2]::bigint[]) company, unnest(ARRAY['sought for 1', 'a 0909', 'sought']) text
        ORDER BY company, text RETURNING id`,
      [first().id, second().id],
    );
    const [phone = 0, , words = 0] = rows.slice(3).map(({ id }) => Number(id));

    expect(await database.withTenantSql(second().id, (tx) => found(tx, 10))).toEqual([{ id: phone }, { id: words }]);
    expect(await database.withTenantSql(second().id, (tx) => found(tx, 1))).toHaveLength(1);
    expect(await found(database.system, 10)).toEqual([]);
  },

  async 'system.unfinished_price_moves(bigint,integer)'() {
    const rows = await queryAsOwner<{ id: string }>(
      testDatabase.adminUrl,
      `WITH plan AS (
         INSERT INTO product.plans (company_id, name, price, currency, billing_cycle, created_at, updated_at)
         VALUES ($1, 'Moved', 1, 'VND', 'monthly', now(), now()) RETURNING id
       ), price AS (
         INSERT INTO product.price_versions (company_id, plan_id, version, price, currency, billing_cycle, valid_from)
         SELECT $1, id, 1, 1, 'VND', 'monthly', now() FROM plan RETURNING id, plan_id
       )
       INSERT INTO ordering.price_moves (company_id, plan_id, price_id, from_price_ids, immediate, notice_days, status, ended_at, created_at, updated_at)
       SELECT $1, price.plan_id, price.id, '{}', false, 0, s.status, s.ended_at, now(), now()
         FROM price, (VALUES (1, 'paused', NULL), (2, 'completed', now())) s (nth, status, ended_at) ORDER BY s.nth RETURNING id`,
      [second().id],
    );

    expect(await call(Prisma.sql`SELECT * FROM system.unfinished_price_moves(0::bigint, 10)`)).toEqual([
      { company_id: second().id, id: Number(rows[0]?.id) },
    ]);
  },

  async 'system.open_work()'() {
    const { orderId } = await insertPayment(second());
    const rows = await call(Prisma.sql`SELECT * FROM system.open_work() WHERE kind = 'orders'`);
    const open = await queryAsOwner<{ count: number }>(
      testDatabase.adminUrl,
      'SELECT count(*)::int AS count FROM ordering.orders WHERE company_id = $1',
      [second().id],
    );

    expect(orderId).toBeGreaterThan(0);
    expect(rows).toContainEqual({ company_id: second().id, kind: 'orders', open: open[0]?.count });
  },

  async 'system.company_needs(bigint)'() {
    await queryAsOwner(
      testDatabase.adminUrl,
      `UPDATE platform.company_settings SET values = '{"taxRatePpm": 1, "sellerName": "secret"}' WHERE company_id = $1`,
      [second().id],
    );

    expect(await call(Prisma.sql`SELECT * FROM system.company_needs(${first().id}::bigint)`)).toContainEqual({
      business_model: 'multi',
      settings: { taxRatePpm: 1 },
      companies: 1,
    });
  },

  async 'system.is_target_taken(text,bigint)'() {
    const taken = (target: string, except: number) =>
      call(Prisma.sql`SELECT system.is_target_taken(${target}, ${except}::bigint) AS taken`);
    const id = await insertDeployment(second(), 'applying');

    expect([await taken('here', 0), await taken('here', id), await taken('elsewhere', 0)]).toEqual([
      [{ taken: true }],
      [{ taken: false }],
      [{ taken: false }],
    ]);
    await queryAsOwner(testDatabase.adminUrl, 'DELETE FROM platform.deployments', []);
  },

  async 'system.company_of_target(text)'() {
    const companyOf = (target: string) => call(Prisma.sql`SELECT system.company_of_target(${target}) AS company_id`);

    expect(await companyOf('here')).toEqual([{ company_id: first().id }]);
    await queryAsOwner(
      testDatabase.adminUrl,
      `UPDATE platform.deployments SET status = 'verifying', committed_at = now() WHERE id = $1`,
      [await insertDeployment(second(), 'applying')],
    );
    expect([await companyOf('here'), await companyOf('elsewhere')]).toEqual([
      [{ company_id: second().id }],
      [{ company_id: first().id }],
    ]);
    await queryAsOwner(testDatabase.adminUrl, 'DELETE FROM platform.deployments', []);
  },

  async 'system.unfinished_deployments(bigint,integer)'() {
    const ids = [await insertDeployment(second(), 'planned'), await insertDeployment(second(), 'failed')];

    expect(await call(Prisma.sql`SELECT * FROM system.unfinished_deployments(0::bigint, 10)`)).toEqual([
      { company_id: second().id, id: ids[0] },
    ]);
    await queryAsOwner(testDatabase.adminUrl, 'DELETE FROM platform.deployments', []);
  },

  async 'system.wake_services()'() {
    const set = (service: string) =>
      queryAsOwner(
        testDatabase.adminUrl,
        `INSERT INTO platform.service_state (service, state, replicas, updated_at) VALUES ($1, 'stopped', 0, now())`,
        [service],
      );
    await set('order-svc');
    await set('billing-svc');
    await openTestCompany(database, { now });
    const rows = await queryAsOwner(
      testDatabase.adminUrl,
      'SELECT service, state, replicas FROM platform.service_state ORDER BY service',
    );

    expect(rows).toEqual([
      { service: 'billing-svc', state: 'stopped', replicas: 0 },
      { service: 'order-svc', state: 'running', replicas: 1 },
    ]);
    await queryAsOwner(testDatabase.adminUrl, 'DELETE FROM platform.service_state', []);
    await expect(call(Prisma.sql`SELECT system.wake_services()`)).rejects.toThrow();
  },

  async 'system.advancing_clocks(bigint,integer)'() {
    const rows = await queryAsOwner<{ id: string }>(
      testDatabase.adminUrl,
      `INSERT INTO ordering.test_clocks (company_id, now, target, status, created_at, updated_at)
       VALUES ($1, now(), NULL, 'ready', now(), now()), ($1, now(), now() + interval '1 day', 'advancing', now(), now()) RETURNING id`,
      [second().id],
    );

    expect(await call(Prisma.sql`SELECT * FROM system.advancing_clocks(0::bigint, 10)`)).toEqual([
      { company_id: second().id, id: Number(rows[1]?.id) },
    ]);
  },
};

interface Definer {
  signature: string;
  owner: string;
  settings: string[] | null;
  is_public: boolean;
  volatility: string;
}

const readDefiners = (): Promise<Definer[]> =>
  queryAsOwner<Definer & Record<string, unknown>>(
    testDatabase.adminUrl,
    `SELECT n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS signature, p.proowner::regrole::text AS owner,
       p.proconfig AS settings, p.provolatile AS volatility,
       EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0) AS is_public
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1`,
  );

describe('functions that work without a tenant', () => {
  it('are exactly those that are tested here', async () => {
    const signatures = (await readDefiners()).map(({ signature }) => signature.replace(/, /g, ','));

    expect(signatures.sort()).toEqual(Object.keys(exercises).sort());
  });

  it('belong to bmms_system, fix their search path, and are for the app alone', async () => {
    for (const { signature, owner, settings, is_public } of await readDefiners()) {
      expect({ signature, owner, settings, is_public }).toEqual({
        signature,
        owner: 'bmms_system',
        settings: ['search_path=pg_catalog'],
        is_public: false,
      });
    }
  });

  it.each(Object.entries(exercises))('%s lets through what it is for', (_, exercise) => exercise());

  it('leave out what else is in the schema: the app cannot isolate, or un-isolate, tables', async () => {
    await expect(call(Prisma.sql`CALL system.isolate_tenant_table('customer.users', 'id')`)).rejects.toMatchObject({
      message: expect.stringContaining('permission denied'),
    });
  });
});
