import { setTimeout as delay } from 'node:timers/promises';

import { asOwner, queryAsOwner } from '../environment/admin';
import { advance, type BilledCompany, openBilledCompany, subscriptions, target } from './billed-company';
import { findDamage } from './find-damage';
import { type Part, type RunningShop, startShop } from './running-shop';
import { readInvoiceNumbers, readSubscriptionBooks, type SubscriptionBooks } from './subscription-books';

const advancedWithinMs = 60_000;
const settledWithinMs = 10_000;

let shop: RunningShop;
let undisturbed: { books: SubscriptionBooks[]; numbers: string[] };

beforeAll(async () => {
  shop = await startShop();
  const company = await openBilledCompany(shop);
  await advance(company, target, advancedWithinMs);
  undisturbed = {
    books: await readSubscriptionBooks(booksOf(company)),
    numbers: await readInvoiceNumbers(booksOf(company)),
  };
}, 240_000);
afterAll(() => shop?.stop(), 60_000);

const booksOf = ({ companyId }: BilledCompany) => ({ adminUrl: shop.adminUrl, companyId });

/** Kills the part once a third of the advance is done. @returns how far it was, read right before and nothing after it */
async function killMidway(
  part: Part,
  company: BilledCompany,
  before: number,
): Promise<{ made: number; clock: string }> {
  const third = before + Math.ceil((undisturbed.numbers.length - before) / 3);

  return asOwner(shop.adminUrl, async (client) => {
    // PostgreSQL takes this connection along when it dies.
    client.on('error', () => undefined);

    for (const until = performance.now() + advancedWithinMs; performance.now() < until; await delay(20)) {
      const { rows } = await client.query<{ made: number; clock: string }>(
        `SELECT (SELECT count(*)::int FROM finance.invoices WHERE company_id = $1) AS made, k.status AS clock
           FROM ordering.test_clocks k WHERE k.company_id = $1 AND k.id = $2`,
        [company.companyId, company.clockId],
      );
      const [seen] = rows;

      if (seen !== undefined && seen.made >= third) {
        shop.kill(part);

        return seen;
      }
    }

    throw new Error('The clock did not get to a third of its way.');
  }).catch((error: unknown) => {
    throw new Error('The kill did not come about.', { cause: error });
  });
}

/** Events are published after what they tell of. */
async function untilSound(company: BilledCompany): Promise<string[]> {
  for (const until = performance.now() + settledWithinMs; ; await delay(250)) {
    const damage = await findDamage(booksOf(company));

    if (damage.length === 0 || performance.now() > until) {
      return damage;
    }
  }
}

/** Subscriptions that are not over need their workflow, and only they. */
async function findLostWorkflows({ companyId }: BilledCompany): Promise<string[]> {
  const rows = await queryAsOwner<{ id: string; is_over: boolean }>(
    shop.adminUrl,
    'SELECT id, next_deadline_at IS NULL AS is_over FROM ordering.subscriptions WHERE company_id = $1 ORDER BY id',
    [companyId],
  );
  const states = await Promise.all(
    rows.map(async ({ id, is_over }) => {
      const { status } = await shop.temporal.client.workflow.getHandle(`subscription/${id}`).describe();

      return status.name === (is_over ? 'COMPLETED' : 'RUNNING') ? [] : [`subscription/${id} is ${status.name}`];
    }),
  );

  return states.flat();
}

test('the undisturbed run renews by cards that pay, that decline and that do not answer', () => {
  const standings = undisturbed.books.map(({ standing }) => (standing as { status: string }).status);
  const charges = undisturbed.books.flatMap((books) => books.charges as [string][]).map(([outcome]) => outcome);

  expect(undisturbed.books).toHaveLength(subscriptions);
  expect(new Set(standings)).toEqual(new Set(['active', 'expired']));
  expect(new Set(charges)).toEqual(new Set(['success', 'card_declined', 'insufficient_funds', 'expired_card']));
  expect(undisturbed.numbers.length).toBeGreaterThan(3 * subscriptions);
});

test.each<Part>(['Worker host', 'PostgreSQL'])(
  'kill -9 of %s amid an advance of fifty subscriptions leaves the books that an undisturbed run leaves',
  async (part) => {
    const company = await openBilledCompany(shop);
    const before = (await readInvoiceNumbers(booksOf(company))).length;
    const arrived = advance(company, target, advancedWithinMs);
    const killed = await killMidway(part, company, before);
    await arrived;
    const damage = await untilSound(company);

    expect({ damage, logs: damage.length === 0 ? '' : shop.logs() }).toEqual({ damage: [], logs: '' });
    expect(killed.clock).toBe('advancing');
    expect(killed.made).toBeLessThan((undisturbed.numbers.length * 2) / 3);
    expect(await readSubscriptionBooks(booksOf(company))).toEqual(undisturbed.books);
    expect(await readInvoiceNumbers(booksOf(company))).toEqual(undisturbed.numbers);
    expect(undisturbed.numbers).toEqual(
      undisturbed.numbers.map((_, nth) => `TEST-INV-${String(nth + 1).padStart(6, '0')}`),
    );
    expect(await findLostWorkflows(company)).toEqual([]);
    expect(shop.reports(part)).toEqual([
      `! ${part} ended unexpectedly (by SIGKILL); starting it again`,
      `! ${part} is up again`,
    ]);
  },
  120_000,
);
