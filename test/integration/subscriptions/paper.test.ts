import { Pool } from 'pg';
import { z } from 'zod';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { updateSettings } from '../../../domain/companies/update-settings';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewCommand, previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { Prisma } from '../../../platform/db/database';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

const start = new Date('2025-01-31T03:00:00Z');
const changeTo = (newPlanId: number | null, quantity: number | null): RequestedCommand => ({
  type: 'change_plan',
  newPlanId,
  quantity,
  immediate: true,
  prorationDate: null,
});
const commands = (plan: number): RequestedCommand[] => [
  changeTo(plan, 2),
  { type: 'cancel', reason: null, cancelAtPeriodEnd: false },
  { type: 'pause', reason: null, atPeriodEnd: false },
];

let world: SubscriptionWorld;
let owner: Pool;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
  owner = new Pool({ connectionString: world.test.adminUrl, max: 2 });
});
afterAll(async () => {
  await owner?.end();
  await world?.close();
});

const optionsOf = ({ subscriptionId }: Subscribed, now = start) => ({
  companyId: world.company.id,
  subscriptionId,
  gateways: world.gateways,
  now,
});

it('is worked out while others hold every row that billing locks', async () => {
  const living = await world.subscribe(await world.addCustomer());
  await world.advance(living, '2025-02-10T03:00:00Z');
  const options = optionsOf(living);
  const { database } = world.test;
  const until = new Date('2025-12-01T00:00:00Z');
  const planned = { planId: world.plans[1] as number, quantity: 1, useTrial: true, billingAnchorDay: null };
  const holder = await owner.connect();

  try {
    await holder.query('BEGIN');
    const held = await holder.query(
      `SELECT 1 FROM finance.invoice_counters k, ordering.subscriptions s, finance.billing_accounts a, finance.invoices i
        WHERE k.company_id = $1 AND s.id = $2 AND a.customer_id = $3 AND i.subscription_id = s.id FOR UPDATE`,
      [world.company.id, living.subscriptionId, living.customerId],
    );
    expect(held.rowCount).toBeGreaterThan(0);

    for (const command of commands(world.plans[1] as number)) {
      await expect(previewCommand(database, command, options)).resolves.toMatchObject({ currency: 'VND' });
    }
    await expect(previewUpcomingInvoice(database, options)).resolves.toMatchObject({
      invoices: [{ purpose: 'renewal', subtotal: 99_000, tax: 9_900, totalAmount: 108_900, dueAmount: 108_900 }],
    });
    const [foreseen, planning] = await database.withTenantSnapshot(world.company.id, async (tx) => [
      await forecastSubscription(tx, { ...options, until }),
      await forecastPlan(tx, { ...planned, endsAt: null, from: start }, until),
    ]);
    expect(foreseen.invoices).toHaveLength(10);
    expect(planning.invoices).toHaveLength(10);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
});

it('could not write or lock: the database refuses it', async () => {
  const { database } = world.test;
  const one = z.object({ one: z.number() });

  for (const sql of [
    Prisma.sql`SELECT 1 AS one FROM platform.companies FOR UPDATE`,
    Prisma.sql`SELECT nextval('finance.invoices_id_seq') AS one`,
    Prisma.sql`UPDATE platform.companies SET name = name RETURNING 1 AS one`,
  ]) {
    await expect(database.withTenantSnapshot(world.company.id, (tx) => tx.query(one, sql))).rejects.toThrow(
      /read-only transaction/,
    );
  }
});

it('shows what falls due by the change in the same moment, and the credit that is left after it', async () => {
  const { id: companyId } = world.company;
  const { database } = world.test;
  await database.withTenant(companyId, (tx) =>
    updateSettings(tx, { changes: { planChangeBilling: 'grant_days' }, now: start }),
  );

  try {
    const plan = { name: '300', price: 300_000, billingCycle: 'monthly' as const, trialEnabled: false, trialDays: 0 };
    const { id } = await database.withTenant(companyId, (tx) => createPlan(tx, { plan, now: start }));
    const living = await world.subscribe(await world.addCustomer(), { planId: Number(id) });
    await world.advance(living, '2025-02-17T03:00:00Z');
    const command = changeTo(null, 4);
    const preview = await previewCommand(database, command, optionsOf(living));
    expect(preview).toMatchObject({ invoices: [{ purpose: 'renewal', subtotal: 1_200_000, tax: 120_000 }] });

    await world.steps.runSubscription({
      companyId,
      subscriptionId: living.subscriptionId,
      work: { kind: 'command', commandId: String(await reserveId(database, 'payment')), command },
    });
    const issued = await world.rows(
      `SELECT purpose, subtotal::int, tax::int, due_amount::int AS "dueAmount" FROM finance.invoices WHERE subscription_id = $1 ORDER BY id OFFSET 1`,
      [living.subscriptionId],
    );
    expect(issued).toMatchObject(preview.invoices.map(({ purpose, subtotal, tax }) => ({ purpose, subtotal, tax })));
  } finally {
    await database.withTenant(companyId, (tx) =>
      updateSettings(tx, { changes: { planChangeBilling: 'prorate' }, now: start }),
    );
  }
});
