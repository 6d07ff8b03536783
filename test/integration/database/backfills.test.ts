import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Client } from 'pg';

import { migrateDatabase } from '../../../platform/db/migrate';
import { asOwner, withDatabase } from '../../environment/admin';
import { projectFolder, testServers } from '../../environment/servers';

/*
 * Rows as versions before wrote them, through the migrations that give them their new columns. Triggers and foreign keys are
 * off while they are written, so that each row says no more than it is about; constraints hold all the same.
 */

const migrations = path.join(projectFolder, 'prisma', 'migrations');
const firstWithItems = '20261128120010_subscription_items';
const firstWithPlanPrices = '20261129320100_plan_prices';
const firstWithCountedUses = '20261130100200_uses_of_promotions';
const at = '2026-03-01T03:00:00Z';

let name: string;
let url: string;
let client: Client;
let before: string;

beforeAll(async () => {
  const { postgresAdminUrl } = testServers();
  name = `test_${randomBytes(6).toString('hex')}`;
  url = withoutTriggers(withDatabase(postgresAdminUrl, name));
  before = mkdtempSync(path.join(tmpdir(), 'bmms-migrations-'));
  await asOwner(postgresAdminUrl, (owner) => owner.query(`CREATE DATABASE ${name}`));
  await migrateUpTo(firstWithItems);
  client = new Client({ connectionString: url });
  await client.connect();
  await writeOldRows();
  await migrateUpTo(firstWithPlanPrices);
  await writeOldPrices();
  await migrateUpTo(firstWithCountedUses);
  await writeOldRedemptions();
  await migrateDatabase({ adminUrl: url, directory: migrations });
});
afterAll(async () => {
  await client?.end();
  rmSync(before, { recursive: true, force: true });
  await asOwner(testServers().postgresAdminUrl, (owner) => owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
});

/** All migrations before this one. */
async function migrateUpTo(first: string): Promise<void> {
  for (const migration of readdirSync(migrations).filter((one) => one < first)) {
    cpSync(path.join(migrations, migration), path.join(before, migration), { recursive: true });
  }
  await migrateDatabase({ adminUrl: url, directory: before });
}

function withoutTriggers(adminUrl: string): string {
  const changed = new URL(adminUrl);
  changed.searchParams.set('options', '-c session_replication_role=replica');

  return changed.toString().replaceAll('+', '%20');
}

const undated = ['finance.billed_service', 'product.promotion_customers', 'product.promotion_redemptions'];

/** Inserts a row; what it leaves out is what every row of its table has here. */
async function insert(table: string, row: Record<string, unknown>): Promise<void> {
  const full = undated.includes(table) ? { company_id: 1, ...row } : { company_id: 1, created_at: at, ...row };
  const columns = Object.keys(full).join(', ');
  await client.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1::jsonb)`,
    [JSON.stringify(full)],
  );
}

const invoice = (id: number, fields: Record<string, unknown> = {}) =>
  insert('finance.invoices', {
    id,
    billing_account_id: 1,
    customer_id: 1,
    invoice_number: `INV-${id}`,
    invoice_type: 'recurring',
    status: 'paid',
    purpose: 'first',
    subtotal: 100_000,
    tax: 10_000,
    discount: 0,
    total_amount: 110_000,
    paid_amount: 110_000,
    balance_applied: 0,
    credited_amount: 0,
    due_amount: 0,
    currency: 'VND',
    metadata: {},
    finalised_at: at,
    updated_at: at,
    ...fields,
  });
const payment = (id: number, fields: Record<string, unknown> = {}) =>
  insert('finance.payments', {
    id,
    invoice_id: id,
    customer_id: 1,
    method: 'card',
    status: 'success',
    attempt: 1,
    amount: 110_000,
    paid_amount: 110_000,
    refunded_amount: 0,
    currency: 'VND',
    reference: `p${id}`,
    settled_at: at,
    is_hard_decline: false,
    updated_at: at,
    ...fields,
  });
const refund = (id: number, amount: number, status: string) =>
  insert('finance.refunds', { id, payment_id: id, amount, currency: 'VND', status, effect_key: `r${id}` });
const note = (id: number, amount: number) =>
  insert('finance.credit_notes', {
    id,
    credit_note_number: `CN-${id}`,
    billing_account_id: 1,
    customer_id: 1,
    invoice_id: id,
    reason: 'adjustment',
    subtotal: -amount,
    tax: 0,
    discount: 0,
    total_amount: -amount,
    reduced_due: 0,
    to_balance: amount,
    currency: 'VND',
  });

const kinds = {
  paid: 1,
  partlyRefunded: 2,
  refundDue: 3,
  refundPending: 4,
  voidWithCredit: 5,
  credited: 6,
  backTwice: 7,
  paidTooMuch: 8,
  unpaid: 9,
};

async function writeOldRows(): Promise<void> {
  await invoice(kinds.paid);
  await payment(kinds.paid);

  await invoice(kinds.partlyRefunded);
  await payment(kinds.partlyRefunded, { status: 'partially_refunded', refunded_amount: 60_000 });
  await refund(kinds.partlyRefunded, 60_000, 'succeeded');

  await invoice(kinds.refundDue, { status: 'void', paid_amount: 0 });
  await payment(kinds.refundDue, { status: 'refund_due', settled_at: null });

  await invoice(kinds.refundPending);
  await payment(kinds.refundPending);
  await refund(kinds.refundPending, 110_000, 'pending');

  await invoice(kinds.voidWithCredit, { status: 'void', paid_amount: 0, balance_applied: 20_000 });

  await invoice(kinds.credited);
  await payment(kinds.credited);
  await note(kinds.credited, 30_000);

  await invoice(kinds.backTwice);
  await payment(kinds.backTwice, { status: 'refunded', refunded_amount: 110_000 });
  await refund(kinds.backTwice, 110_000, 'succeeded');
  await note(kinds.backTwice, 110_000);

  await invoice(kinds.paidTooMuch);
  await payment(kinds.paidTooMuch, { amount: 160_000, paid_amount: 160_000 });
  await insert('finance.balance_entries', {
    id: 1,
    billing_account_id: 1,
    kind: 'late_payment',
    amount: 50_000,
    balance_after: 50_000,
    currency: 'VND',
    payment_id: kinds.paidTooMuch,
  });

  await invoice(kinds.unpaid, { status: 'open', paid_amount: 0, due_amount: 110_000 });
  await payment(kinds.unpaid, { status: 'initiated', paid_amount: 0, settled_at: null });

  for (const [id, item] of [
    [1, 'plan'],
    [2, 'plan-change/7'],
    [3, 'plan-change/9'],
  ] as const) {
    await insert('finance.billed_service', {
      id,
      subscription_id: 1,
      item,
      service: '[2026-03-01,2026-04-01)',
      invoice_line_id: id,
    });
  }
  const plan = { planId: 2, planName: 'Pro', amount: 300_000, billingCycle: 'monthly' };
  await insert('ordering.subscriptions', {
    id: 1,
    customer_id: 1,
    billing_account_id: 1,
    plan_id: 1,
    plan_name: 'Basic',
    amount: 100_000,
    currency: 'VND',
    billing_cycle: 'monthly',
    quantity: 1,
    status: 'active',
    is_free_tier: false,
    is_trial_used: false,
    trial_ending_told: false,
    time_zone: 'Asia/Ho_Chi_Minh',
    period_index: 0,
    billing_timing: 'in_advance',
    renewal_lead_days: 3,
    collection: 'send_invoice',
    first_invoice_id: 1,
    first_invoice_by: at,
    renewal_invoice_id: 2,
    upcoming_told: true,
    cancel_at_period_end: true,
    pause_at_period_end: false,
    scheduled_change: { plan, quantity: 3 },
    metadata: { postponed: { type: 'cancel' }, source: 'shop' },
    updated_at: at,
  });
}

/** Two codes of a promotion: uses of the first were given back and are counted all the same, those of the second are not. */
async function writeOldRedemptions(): Promise<void> {
  const promotion = { kind: 'percent', rate_ppm: 100_000, basis: 'on_total', duration: 'once', status: 'active' };
  const limits = { min_subtotal: 0, priority: 100, is_combinable: false, product_ids: [], categories: [] };
  const made = { plan_ids: [], addon_keys: [], search_text: '', updated_at: at };
  await insert('product.promotions', { id: 1, name: 'Off', used: 4, ...promotion, ...limits, ...made });
  await insert('product.promotions', { id: 2, name: 'Never used', used: 2, ...promotion, ...limits, ...made });
  const code = { batch: 1, used: 2 };
  await insert('product.promotion_codes', { id: 1, promotion_id: 1, code: 'ONE', ...code });
  await insert('product.promotion_codes', { id: 2, promotion_id: 1, code: 'TWO', ...code });
  await insert('product.promotion_codes', { id: 3, promotion_id: 2, code: 'NONE', ...code });
  await insert('product.promotion_customers', { promotion_id: 1, customer_id: 1, used: 2 });
  await insert('product.promotion_customers', { promotion_id: 1, customer_id: 2, used: 2 });
  const redemption = { promotion_id: 1, currency: 'VND', redeemed_at: at };
  const back = { ...redemption, promotion_code_id: 1, customer_id: 1, subscription_id: 1, released_at: at };
  const used = { ...redemption, promotion_code_id: 2, customer_id: 2, discount: 1 };
  await insert('product.promotion_redemptions', { id: 1, ...back });
  await insert('product.promotion_redemptions', { id: 2, ...back });
  await insert('product.promotion_redemptions', { id: 3, ...used, order_id: 1 });
  await insert('product.promotion_redemptions', { id: 4, ...used, order_id: 2 });
}

/** Of two plans and an add-on, which each had one price at a time. */
async function writeOldPrices(): Promise<void> {
  await client.query(
    `INSERT INTO product.plans (id, company_id, name, price, currency, billing_cycle, phases, search_text, created_at, updated_at)
     VALUES (1, 1, 'Ramp', 1, 'VND', 'monthly', '[{"price": 1, "periods": 3}]', '', now(), now())`,
  );
  const prices = [
    { plan_id: 1, version: 1, currency: 'VND' },
    { plan_id: 1, version: 2, currency: 'VND' },
    { plan_id: 1, version: 3, currency: 'USD' },
    { plan_id: 1, version: 4, currency: 'VND' },
    { plan_id: 2, version: 1, currency: 'VND' },
    { addon_id: 1, version: 1, currency: 'EUR' },
    { addon_id: 1, version: 2, currency: 'VND' },
  ];

  for (const [index, price] of prices.entries()) {
    const validFrom = `2026-03-0${price.version}T03:00:00Z`;
    const row = { id: index + 1, price: 1, billing_cycle: 'monthly', valid_from: validFrom, company_id: 1, ...price };
    await client.query(
      `INSERT INTO product.price_versions (${Object.keys(row).join(', ')})
       SELECT ${Object.keys(row).join(', ')} FROM jsonb_populate_record(NULL::product.price_versions, $1::jsonb)`,
      [JSON.stringify(row)],
    );
  }
}

const rows = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;

it('what became account credit, or is on its way back, is no longer kept for an invoice, and never more than came', async () => {
  const returned = await rows(
    `SELECT id::int, returned_amount::int AS returned, (paid_amount + balance_applied - returned_amount)::int AS kept FROM finance.invoices ORDER BY id`,
  );

  expect(returned).toEqual([
    { id: kinds.paid, returned: 0, kept: 110_000 },
    { id: kinds.partlyRefunded, returned: 60_000, kept: 50_000 },
    { id: kinds.refundDue, returned: 0, kept: 0 },
    { id: kinds.refundPending, returned: 110_000, kept: 0 },
    { id: kinds.voidWithCredit, returned: 20_000, kept: 0 },
    { id: kinds.credited, returned: 30_000, kept: 80_000 },
    { id: kinds.backTwice, returned: 110_000, kept: 0 },
    { id: kinds.paidTooMuch, returned: 0, kept: 110_000 },
    { id: kinds.unpaid, returned: 0, kept: 0 },
  ]);
});

it('what of a payment stands in its invoice is what was neither refunded nor made account credit', async () => {
  expect(await rows(`SELECT id::int, applied_amount::int AS applied FROM finance.payments ORDER BY id`)).toEqual([
    { id: kinds.paid, applied: 110_000 },
    { id: kinds.partlyRefunded, applied: 50_000 },
    { id: kinds.refundDue, applied: 0 },
    { id: kinds.refundPending, applied: 110_000 },
    { id: kinds.credited, applied: 110_000 },
    { id: kinds.backTwice, applied: 0 },
    { id: kinds.paidTooMuch, applied: 110_000 },
    { id: kinds.unpaid, applied: 0 },
  ]);
  expect(
    await rows(
      `SELECT id::int, invoice_amount::int AS invoice, balance_amount::int AS balance FROM finance.refunds ORDER BY id`,
    ),
  ).toEqual([
    { id: kinds.partlyRefunded, invoice: 0, balance: 0 },
    { id: kinds.refundPending, invoice: 110_000, balance: 0 },
    { id: kinds.backTwice, invoice: 0, balance: 0 },
  ]);
});

it('differences that were billed for the same days stand in layers over the price', async () => {
  expect(await rows(`SELECT id::int, item, layer FROM finance.billed_service ORDER BY id`)).toEqual([
    { id: 1, item: 'plan', layer: 0 },
    { id: 2, item: 'plan', layer: 1 },
    { id: 3, item: 'plan', layer: 2 },
  ]);
});

it('what waited for a subscription waits on, and its invoices have their roles', async () => {
  const [subscription] = await rows(
    `SELECT waiting_changes, last_change_id, invoice_roles, metadata FROM ordering.subscriptions`,
  );

  expect(subscription).toEqual({
    waiting_changes: [
      {
        id: 1,
        kind: 'plan',
        item: 'plan',
        terms: expect.objectContaining({ planId: 2 }),
        takesEffect: { on: 'period_end' },
      },
      { id: 2, kind: 'quantity', item: 'plan', quantity: 3, takesEffect: { on: 'period_end' } },
      { id: 3, kind: 'cancel', takesEffect: { on: 'period_end' } },
      { id: 5, kind: 'cancel', takesEffect: { on: 'charge_answer' } },
    ],
    last_change_id: 5,
    invoice_roles: [
      { role: 'first', invoiceId: 1, payBy: Date.parse(at), fallback: null },
      { role: 'ahead', invoiceId: 2 },
    ],
    metadata: { source: 'shop' },
  });
});

it('a price of a plan or an add-on ended with the first one in another currency', async () => {
  const ends = await rows(
    `SELECT coalesce('plan ' || plan_id, 'addon ' || addon_id) AS of, version, extract(day FROM ended_at)::int AS ended
       FROM product.price_versions ORDER BY id`,
  );

  expect(ends.map(({ of, version, ended }) => `${of} ${version}: ${ended}`)).toEqual([
    'plan 1 1: null',
    'plan 1 2: 3',
    'plan 1 3: 4',
    'plan 1 4: null',
    'plan 2 1: null',
    'addon 1 1: 2',
    'addon 1 2: null',
  ]);
});

it('a price of today has the phases of its plan, and of one before nobody knows them', async () => {
  const kept = await rows(`SELECT id::int, phases FROM product.price_versions WHERE phases IS NOT NULL`);

  expect(kept).toEqual([{ id: 4, phases: [{ price: 1, periods: 3 }] }]);
});

it('uses of codes are counted by what was not given back', async () => {
  const used = async (table: string, of: string) =>
    (await rows(`SELECT ${of} || ': ' || used AS shown FROM product.${table} ORDER BY 1`)).map(({ shown }) => shown);

  expect(await used('promotions', 'name')).toEqual(['Never used: 0', 'Off: 2']);
  expect(await used('promotion_codes', 'code')).toEqual(['NONE: 0', 'ONE: 0', 'TWO: 2']);
  expect(await used('promotion_customers', 'customer_id')).toEqual(['1: 0', '2: 2']);
});

it('no constraint is left that old rows break', async () => {
  const unchecked = await rows(
    `SELECT conrelid::regclass::text AS "table", conname FROM pg_constraint WHERE NOT convalidated AND connamespace::regnamespace::text IN ('finance', 'ordering')`,
  );

  expect(unchecked).toEqual([]);
});
