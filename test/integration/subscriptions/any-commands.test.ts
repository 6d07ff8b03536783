import { randomUUID } from 'node:crypto';

import fc from 'fast-check';

import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** Seeds explore: `FUZZ_SEED=$RANDOM npm test -- any-commands`. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);
const patience = 240_000;
const start = new Date('2026-01-30T17:00:00.000Z');

let shop: SubscriptionWorld;
const carriedOut = new Map<string, number>();

beforeAll(async () => {
  shop = await openSubscriptionWorld(start);
});
afterAll(() => shop?.close());

type Action =
  { days: number } | { command: 'credit' } | { command: RequestedCommand['type']; of: Record<string, unknown> };

const someAction = fc.oneof(
  { weight: 5, arbitrary: fc.record({ days: fc.constantFrom(1, 3, 14, 28, 31, 70) }) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        newPlanId: fc.option(fc.nat({ max: 3 }), { freq: 4, nil: null }),
        quantity: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
        immediate: fc.option(fc.boolean(), { nil: null }),
      })
      .map((of) => ({ command: 'change_plan' as const, of: { ...of, prorationDate: null } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .boolean()
      .map((atEnd) => ({ command: 'cancel' as const, of: { cancelAtPeriodEnd: atEnd, reason: null } })),
  },
  {
    weight: 2,
    arbitrary: fc.boolean().map((atPeriodEnd) => ({ command: 'pause' as const, of: { atPeriodEnd, reason: null } })),
  },
  { weight: 2, arbitrary: fc.constant({ command: 'resume' as const, of: {} }) },
  { weight: 1, arbitrary: fc.constant({ command: 'reactivate' as const, of: {} }) },
  { weight: 1, arbitrary: fc.constant({ command: 'credit' as const }) },
);

async function advance({ clockId }: Subscribed, days: number): Promise<void> {
  const [clock] = await shop.rows<{ now: Date }>('SELECT now FROM ordering.test_clocks WHERE id = $1', [clockId]);
  await shop.advance({ clockId }, new Date((clock?.now ?? start).getTime() + days * 86_400_000));
}

async function act(world: Subscribed, action: Action): Promise<void> {
  if ('days' in action) {
    return advance(world, action.days);
  }
  const command = await commandOf(world, action);

  if (command === null) {
    return;
  }
  const work = { kind: 'command' as const, commandId: randomUUID(), command };
  const run = () =>
    shop.steps.runSubscription({ companyId: shop.company.id, subscriptionId: world.subscriptionId, work });
  carriedOut.set(command.type, (carriedOut.get(command.type) ?? 0) + ((await run()).kind === 'done' ? 1 : 0));
  const once = await fingerprint(world);
  await run();

  expect(await fingerprint(world)).toEqual(once);
}

async function commandOf({ subscriptionId }: Subscribed, action: Exclude<Action, { days: number }>): Promise<any> {
  if (action.command !== 'credit') {
    const { of } = action as { of: Record<string, unknown> };
    const plan = typeof of['newPlanId'] === 'number' ? { newPlanId: shop.plans[of['newPlanId']] } : {};

    return { type: action.command, ...of, ...plan };
  }
  const [invoice] = await shop.rows<{ id: string }>(
    "SELECT id FROM finance.invoices WHERE subscription_id = $1 AND status = 'paid' AND total_amount > 1000 ORDER BY id DESC LIMIT 1",
    [subscriptionId],
  );

  return invoice === undefined
    ? null
    : { type: 'credit_invoice', invoiceId: Number(invoice.id), amount: 1_000, notes: null };
}

async function fingerprint({ subscriptionId, customerId }: Subscribed): Promise<unknown> {
  return shop.rows(
    `SELECT (SELECT to_jsonb(s) - 'updated_at' FROM ordering.subscriptions s WHERE id = $1) AS subscription,
            (SELECT count(*) FROM ordering.subscription_history WHERE subscription_id = $1) AS history,
            (SELECT count(*) FROM platform.events WHERE subject = 'subscription/' || $1) AS events,
            (SELECT jsonb_agg(to_jsonb(i) - 'updated_at' ORDER BY id) FROM finance.invoices i WHERE subscription_id = $1) AS invoices,
            (SELECT count(*) FROM finance.credit_notes WHERE customer_id = $2) AS notes,
            (SELECT count(*) FROM finance.payments WHERE subscription_id = $1) AS payments`,
    [subscriptionId, customerId],
  );
}

/** Everything that must hold of money and service, whatever was asked. Each query lists what breaks its rule. */
async function expectSound({ subscriptionId, customerId }: Subscribed): Promise<void> {
  const broken = {
    'an invoice that does not add up': await shop.rows(
      `SELECT id, status, total_amount, paid_amount, balance_applied, credited_amount, due_amount FROM finance.invoices
        WHERE subscription_id = $1 AND status IN ('open', 'paid')
          AND (total_amount <> paid_amount + balance_applied + credited_amount + due_amount OR (status = 'paid') <> (due_amount = 0))`,
      [subscriptionId],
    ),
    'an invoice paid by other than its payments': await shop.rows(
      `SELECT i.id FROM finance.invoices i WHERE i.subscription_id = $1
          AND i.paid_amount <> (SELECT coalesce(sum(p.paid_amount), 0) FROM finance.payments p WHERE p.invoice_id = i.id AND p.status = 'success')`,
      [subscriptionId],
    ),
    'a charge of the bank that no payment knows, or two for one': await shop.rows(
      `SELECT p.invoice_id, count(*) FROM finance.payments p WHERE p.subscription_id = $1 AND p.status = 'success' GROUP BY 1 HAVING count(*) > 1`,
      [subscriptionId],
    ),
    'a line credited beyond its amount': await shop.rows(
      `SELECT l.id FROM finance.invoice_lines l JOIN finance.invoices i ON i.id = l.invoice_id
         JOIN finance.credit_note_lines c ON c.invoice_line_id = l.id
        WHERE i.subscription_id = $1 GROUP BY l.id, l.subtotal, l.tax HAVING sum(c.subtotal) > l.subtotal OR sum(c.tax) > l.tax`,
      [subscriptionId],
    ),
    'a balance that is not the sum of its entries, or below nothing': await shop.rows(
      `SELECT a.id, a.balance FROM finance.billing_accounts a WHERE a.customer_id = $1
          AND (a.balance < 0 OR a.balance <> (SELECT coalesce(sum(e.amount), 0) FROM finance.balance_entries e WHERE e.billing_account_id = a.id))`,
      [customerId],
    ),
    'an instant of paid service that is billed never, or twice': await shop.rows(
      `SELECT s.id, s.status, s.current_period_start, k.now FROM ordering.subscriptions s JOIN ordering.test_clocks k ON k.id = s.test_clock_id
        WHERE s.id = $1 AND s.status IN ('active', 'past_due') AND s.current_period_end > k.now
          AND 1 <> (SELECT count(*) FROM finance.billed_service g WHERE g.subscription_id = s.id AND g.item = 'plan' AND g.released_at IS NULL
                       AND g.service @> k.now)`,
      [subscriptionId],
    ),
    'service billed while it is paused or in trial': await shop.rows(
      `SELECT s.id, s.status FROM ordering.subscriptions s JOIN ordering.test_clocks k ON k.id = s.test_clock_id
         JOIN finance.billed_service g ON g.subscription_id = s.id AND g.released_at IS NULL AND g.service @> k.now
        WHERE s.id = $1 AND s.status IN ('paused', 'trial')`,
      [subscriptionId],
    ),
    'a gap in the numbers of invoices': await shop.rows(
      `SELECT k.last_number, count(i.id) FROM finance.invoice_counters k LEFT JOIN finance.invoices i ON i.company_id = k.company_id AND i.invoice_number IS NOT NULL
        WHERE k.company_id = $1 AND k.series = 'test/company' GROUP BY 1 HAVING k.last_number <> count(DISTINCT i.invoice_number)`,
      [shop.company.id],
    ),
  };

  expect(Object.entries(broken).filter(([, found]) => found.length > 0)).toEqual([]);
}

it(
  'whatever is asked of a subscription, in whatever order, its books stay sound, and a repeat changes nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 3 }),
        fc.constantFrom('tok_ok', 'tok_ok', 'tok_fails_twice', 'tok_declined'),
        fc.array(someAction, { minLength: 4, maxLength: 12 }),
        async (plan, token, actions) => {
          const world = await shop.subscribe(await shop.addCustomer(), { plan, token, useTrial: plan === 1 });
          await expectSound(world);

          for (const action of actions) {
            await act(world, action as Action);
            await expectSound(world);
          }
        },
      ),
      { seed, numRuns: Number(process.env['FUZZ_RUNS'] ?? 30), endOnFailure: true },
    );

    // Refusals alone would prove little.
    for (const command of ['change_plan', 'cancel', 'pause', 'resume', 'reactivate', 'credit_invoice']) {
      expect(`${command} ${(carriedOut.get(command) ?? 0) > 0}`).toBe(`${command} true`);
    }
  },
  patience,
);
