import { readdirSync, readFileSync } from 'node:fs';

/*
 * Every table has one owner, which alone writes it (others compose its expressions or call its operations). This reads all
 * SQL and all ORM calls of the product and fails when somebody else writes.
 */

/** Who owns what; the owner is a folder. A schema without a table stands for all of its tables. */
const owners: Record<string, string> = {
  'finance.payments': 'domain/payments',
  'finance.refunds': 'domain/payments',
  'finance.provider_events': 'domain/payments',
  'finance.payment_methods': 'domain/payments',
  'finance.invoices': 'domain/billing/invoices',
  'finance.invoice_lines': 'domain/billing/invoices',
  'finance.invoice_counters': 'domain/billing/invoices',
  'finance.billed_service': 'domain/billing/service-guard',
  'finance.credit_notes': 'domain/billing/credit-notes',
  'finance.credit_note_lines': 'domain/billing/credit-notes',
  'finance.billing_accounts': 'domain/billing/account',
  'finance.balance_entries': 'domain/billing/account',
  'finance.credit_grants': 'domain/billing/account',
  'finance.credit_grant_draws': 'domain/billing/account',
  'finance.dunning_runs': 'domain/billing/dunning',
  'finance.dunning_attempts': 'domain/billing/dunning',
  'finance.dunning_campaigns': 'domain/billing/dunning',
  'finance.payment_requests': 'domain/billing/dunning',
  'finance.payment_request_invoices': 'domain/billing/dunning',
  'customer.customers': 'domain/customers',
  'customer.users': 'domain/identity',
  'customer.refresh_tokens': 'domain/identity',
  'customer.login_attempts': 'domain/identity',
  product: 'domain/catalogue',
  'product.promotions': 'domain/promotions',
  'product.promotion_codes': 'domain/promotions',
  'product.promotion_customers': 'domain/promotions',
  'product.promotion_redemptions': 'domain/promotions',
  usage: 'domain/usage',
  'ordering.orders': 'domain/orders',
  'ordering.order_items': 'domain/orders',
  'ordering.inventory': 'domain/inventory',
  'ordering.inventory_reservations': 'domain/inventory',
  'ordering.inventory_movements': 'domain/inventory',
  'ordering.subscriptions': 'domain/subscriptions',
  'ordering.subscription_history': 'domain/subscriptions',
  'ordering.user_addons': 'domain/subscriptions',
  'ordering.price_moves': 'domain/subscriptions',
  'ordering.price_move_subscriptions': 'domain/subscriptions',
  'ordering.test_clocks': 'domain/test-clocks',
  'ordering.entitlement_overrides': 'domain/entitlements',
  'ordering.entitlements_told': 'domain/entitlements',
  'platform.companies': 'domain/companies',
  'platform.company_settings': 'domain/companies',
  'platform.notices': 'domain/notifications',
  'platform.entity_commands': 'domain/subscriptions',
  'platform.target_drift': 'domain/deployments',
  'platform.idempotency_keys': 'api/http/idempotency',
  'platform.installation': 'cli/installation',
  'platform.service_state': 'domain/deployments',
  'platform.local_revisions': 'domain/deployments',
  'platform.deployments': 'domain/deployments',
  sandbox: 'gateways/card',
  'public._prisma_migrations': 'platform/db',
};

/** Writes by somebody else that are meant, each with its reason. */
const exceptions: Record<string, string> = {
  'domain/customers/insert-customer.ts > finance.billing_accounts':
    'A customer never stands without a billing account; customers do not know billing, which knows them.',
  'domain/customers/update-customer.ts > customer.users':
    'The address of a customer is the one it signs in with; customers do not know identity, which knows them.',
};

const folders = ['domain', 'activities', 'workflows', 'api', 'workers', 'gateways', 'cli', 'platform'];
const sources = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => !file.endsWith('.spec.ts') && !file.includes('generated'));

const tableOfModel = new Map(
  readdirSync('prisma/schema').flatMap((file) =>
    [...readFileSync(`prisma/schema/${file}`, 'utf8').matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)].map(
      ([, model = '', body = '']) => {
        const [, table = ''] = /@@map\("(\w+)"\)/.exec(body) ?? [];
        const [, schema = ''] = /@@schema\("(\w+)"\)/.exec(body) ?? [];

        return [model.charAt(0).toLowerCase() + model.slice(1), `${schema}.${table}`] as const;
      },
    ),
  ),
);
const sqlWrite =
  /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?"?([a-z_]+)"?\s*\.\s*"?([a-z_]+)"?/gi;
const schemas = new Set([...tableOfModel.values(), ...Object.keys(owners)].map((table) => table.split('.')[0]));
const ormWrite = /\borm\s*\.\s*(\w+)\s*\.\s*(?:create|update|upsert|delete)\w*\s*\(/g;

/** The tables that a piece of the product writes. */
function tablesWritten(text: string): string[] {
  const bySql = [...text.matchAll(sqlWrite)]
    .filter(([, schema = '']) => schemas.has(schema))
    .map(([, schema = '', table = '']) => `${schema}.${table}`);
  const byOrm = [...text.matchAll(ormWrite)].map(([, model = '']) => tableOfModel.get(model) ?? `unknown.${model}`);

  return [...new Set([...bySql, ...byOrm])];
}

const writes = sources.flatMap((file) => tablesWritten(readFileSync(file, 'utf8')).map((table) => ({ file, table })));
const ownerOf = (table: string) => owners[table] ?? owners[table.split('.')[0] ?? ''];

it('finds the writes of a statement, of a common table expression and of the ORM', () => {
  const text = `WITH a AS (UPDATE finance.payments p SET x = 1), b AS (INSERT INTO "customer"."users" (id) VALUES (1))
    DELETE FROM ordering.orders; await tx.orm.plan.updateMany({}); SELECT 1 FROM finance.invoices FOR UPDATE OF i`;

  expect(tablesWritten(text)).toEqual(['finance.payments', 'customer.users', 'ordering.orders', 'product.plans']);
});

it('lets only its owner write a table', () => {
  const strangers = writes
    .filter(({ file, table }) => !file.startsWith(`${ownerOf(table)}/`))
    .map(({ file, table }) => `${file} > ${table}`);

  expect(strangers.sort()).toEqual(Object.keys(exceptions).sort());
});

it('knows an owner of every table but the outbox, which functions of the database write', () => {
  const unowned = [...tableOfModel.values()].filter((table) => ownerOf(table) === undefined);

  expect(unowned.sort()).toEqual(['platform.event_subjects', 'platform.events']);
});

it('names no owner of a table that nobody writes', () => {
  const written = new Set(writes.map(({ table }) => table));
  const idle = Object.keys(owners).filter((owned) => ![...written].some((table) => table.startsWith(owned)));

  expect(idle).toEqual([]);
});
