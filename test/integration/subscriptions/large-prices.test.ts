import { randomUUID } from 'node:crypto';

import { readBalance, viewBalance } from '../../../domain/billing/account/read-balance';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { updateSettings } from '../../../domain/companies/update-settings';
import { listCustomers } from '../../../domain/customers/list-customers';
import { viewCustomer } from '../../../domain/customers/customer-view';
import { previewPriceMove } from '../../../domain/subscriptions/price-moves/preview-price-move';
import { openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

const start = new Date('2026-02-28T17:00:00.000Z');
const day = 86_400_000;
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterAll(() => world?.close());

interface Line {
  subtotal: bigint;
  tax: bigint;
}

async function linesOf(table: string, subscriptionId: number): Promise<Line[]> {
  const rows = await world.rows<{ subtotal: string; tax: string }>(
    table === 'credit_note_lines'
      ? `SELECT l.subtotal::text, l.tax::text FROM finance.credit_note_lines l
           JOIN finance.invoice_lines i ON i.id = l.invoice_line_id JOIN finance.invoices v ON v.id = i.invoice_id
          WHERE v.subscription_id = $1 ORDER BY l.id`
      : `SELECT l.subtotal::text, l.tax::text FROM finance.invoice_lines l JOIN finance.invoices v ON v.id = l.invoice_id
          WHERE v.subscription_id = $1 ORDER BY l.id`,
    [subscriptionId],
  );

  return rows.map(({ subtotal, tax }) => ({ subtotal: BigInt(subtotal), tax: BigInt(tax) }));
}

/** Half up, with nothing but whole numbers. */
const share = (price: bigint, part: bigint, whole: bigint) => (2n * price * part + whole) / (2n * whole);

it.each([
  ['by_second', 3_000_000_000n, 90_000_000_001n],
  ['by_day_exclusive_end', 40_000_000_007n, 700_719_925_474_099n],
  ['by_day_inclusive', 25_000_000_003n, 99_999_999_999_999n],
] as const)(
  'shares of a period %s are exact from %d to %d, in the books too',
  async (convention, oldPrice, newPrice) => {
    await world.test.database.withTenant(world.company.id, (tx) =>
      updateSettings(tx, { changes: { prorationConvention: convention }, now: start }),
    );
    const [cheap, dear] = await Promise.all(
      [oldPrice, newPrice].map((price) =>
        world.test.database.withTenant(world.company.id, async (tx) => {
          const plan = { name: `Plan ${randomUUID()}`, price: Number(price), billingCycle: 'monthly' as const };
          return Number(
            (await createPlan(tx, { plan: { ...plan, trialEnabled: false, trialDays: 0 }, now: start })).id,
          );
        }),
      ),
    );
    const { subscriptionId, clockId } = await world.subscribe(await world.addCustomer(), { planId: cheap });
    await world.rows('UPDATE ordering.test_clocks SET now = $2 WHERE id = $1', [
      clockId,
      new Date(start.getTime() + 10 * day),
    ]);
    const changed = await world.steps.runSubscription({
      companyId: world.company.id,
      subscriptionId,
      work: {
        kind: 'command',
        commandId: randomUUID(),
        command: {
          type: 'change_plan',
          newPlanId: dear as number,
          quantity: null,
          immediate: true,
          prorationDate: null,
        },
      },
    });
    expect(changed).toMatchObject({ kind: 'done' });

    // 21 of the 31 days of March are left.
    const [credited, charged] = [share(oldPrice, 21n, 31n), share(newPrice, 21n, 31n)];
    const taxOf = (amount: bigint) => share(amount, 1n, 10n);
    const [first, second] = await linesOf('invoice_lines', subscriptionId);
    expect(first).toEqual({ subtotal: oldPrice, tax: taxOf(oldPrice) });
    expect(second).toEqual({ subtotal: charged, tax: taxOf(charged) });
    expect(await linesOf('credit_note_lines', subscriptionId)).toEqual([
      // Tax of a credit is a share of the line's exact tax, rounded once.
      { subtotal: -credited, tax: -share(oldPrice, 21n, 310n) },
    ]);
  },
);

describe('sums of amounts that are each as large as can be', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const price = 8_000_000_000_000_000;

  it('are shown as the largest number, and everything else of them with it', async () => {
    const { database } = world.test;
    const plan = { name: `Plan ${randomUUID()}`, price, billingCycle: 'daily' as const };
    const planId = await database.withTenant(world.company.id, async (tx) =>
      Number((await createPlan(tx, { plan: { ...plan, trialEnabled: false, trialDays: 0 }, now: start })).id),
    );
    const [paying, owing] = [await world.addCustomer(), await world.addCustomer()];
    for (const [customer, token] of [
      [paying, 'tok_ok'],
      [owing, null],
    ] as const) {
      await world.subscribe(customer, { planId, token });
      await world.subscribe(customer, { planId, token });
    }

    const customers = await database.withTenant(world.company.id, (tx) =>
      listCustomers(tx, { before: null, limit: 100 }),
    );
    const spent = customers.map(viewCustomer).find(({ id }) => id === paying.customerId)?.totalSpent;
    expect(spent).toBe(most);

    const account = await database.withTenant(world.company.id, (tx) =>
      readBalance(tx, { customerId: owing.customerId, now: start }),
    );
    expect(account && viewBalance(account)).toMatchObject({ dueAmount: most, accountBalance: most });

    const move = { of: { planId }, priceId: null, fromPriceIds: [], immediate: false, noticeDays: 0 };
    await database.withTenant(world.company.id, (tx) =>
      updatePlan(tx, { id: planId, changes: { price: price + 1 }, now: start }),
    );
    expect(await database.withTenantSql(world.company.id, (tx) => previewPriceMove(tx, move))).toMatchObject({
      subscriptions: 4,
      revenueBefore: most,
      revenueAfter: most,
      sample: Array.from({ length: 4 }, () => ({ amountBefore: price, amountAfter: price + 1 })),
    });
  });
});
