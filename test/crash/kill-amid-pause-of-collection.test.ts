import { findLostWorkflows, killOnce, type Progress, untilSound } from './amid-an-advance';
import { advance, type BilledCompany, openBilledCompany, target } from './billed-company';
import { type Part, type RunningShop, startShop } from './running-shop';
import { readInvoiceNumbers, readSubscriptionBooks, type SubscriptionBooks } from './subscription-books';

const advancedWithinMs = 150_000;

/** Of four anchors, five each. All of them go on at one instant, after two renewals, or at none. */
const anchors = 4;
const resumesAt = '2026-01-06T09:00:00+07:00';
const pauses = [
  { behavior: 'keep_as_draft', resumesAt },
  { behavior: 'keep_as_draft', resumesAt },
  { behavior: 'keep_as_draft', resumesAt: null },
  { behavior: 'mark_uncollectible', resumesAt },
  { behavior: 'void', resumesAt },
];

let shop: RunningShop;
let undisturbed: { books: SubscriptionBooks[]; numbers: string[]; drafts: number };

const booksOf = ({ companyId }: BilledCompany) => ({ adminUrl: shop.adminUrl, companyId });
const ofInvoices = (books: readonly SubscriptionBooks[]) => books.flatMap(({ invoices }) => invoices as string[][]);

/** Subscriptions whose collection is paused right after they began, some of which cannot be charged when it goes on. */
async function openPausedCompany(): Promise<BilledCompany> {
  const company = await openBilledCompany(shop, { anchors, cards: ['tok_ok'] });
  const ask = async (id: number, what: string, body: object) => {
    const { status, text } = await company.api.post(`/subscriptions/${id}/${what}`, body);
    expect(`${status} ${status === 200 ? '' : text}`).toBe('200 ');
  };

  for (const [nth, id] of company.subscriptionIds.entries()) {
    await ask(id, 'pause-collection', pauses[nth % pauses.length] ?? {});

    if (nth % 7 === 0) {
      const { customerId } = (await company.api.get(`/subscriptions/${id}`)).body;
      const saved = await company.api.post(`/customers/${customerId}/payment-methods`, {
        paymentToken: 'tok_declined',
      });
      await ask(id, 'payment-method', { paymentMethodId: saved.body.id });
    }
  }

  return company;
}

beforeAll(async () => {
  shop = await startShop();
  const company = await openPausedCompany();
  await advance(company, resumesAt.replace('T09', 'T08'), advancedWithinMs);
  const drafts = ofInvoices(await readSubscriptionBooks(booksOf(company))).filter(([, status]) => status === 'draft');
  await advance(company, target, advancedWithinMs);
  undisturbed = {
    books: await readSubscriptionBooks(booksOf(company)),
    numbers: await readInvoiceNumbers(booksOf(company)),
    drafts: drafts.length,
  };
}, 240_000);
afterAll(() => shop?.stop());

test('the undisturbed run keeps drafts, asks for them when it goes on, some in vain, and lets the others off', () => {
  const statuses = ofInvoices(undisturbed.books).map(([, status]) => status);

  expect(undisturbed.drafts).toBeGreaterThanOrEqual(2 * 2 * anchors);
  expect(new Set(statuses)).toEqual(new Set(['paid', 'draft', 'uncollectible', 'void']));
  expect(new Set(undisturbed.books.map(({ standing }) => (standing as { status: string }).status))).toEqual(
    new Set(['active', 'expired']),
  );
});

test.each<[Part, string, (seen: Progress) => boolean]>([
  ['Worker host', 'while periods are renewed as drafts', ({ drafts }) => drafts >= undisturbed.drafts / 2],
  ['Worker host', 'while drafts are numbered and asked for', ({ resumed }) => resumed >= anchors],
  ['PostgreSQL', 'while drafts are numbered and asked for', ({ resumed }) => resumed >= anchors],
])('kill -9 of %s %s leaves the books that an undisturbed run leaves', async (part, _when, isThere) => {
  const company = await openPausedCompany();
  const reportsBefore = shop.reports(part).length;
  const arrived = advance(company, target, advancedWithinMs);
  const killed = await killOnce({ shop, part }, company, isThere);
  await arrived;
  const damage = await untilSound(shop, company);

  expect({ damage, logs: damage.length === 0 ? '' : shop.logs() }).toEqual({ damage: [], logs: '' });
  expect(killed.clock).toBe('advancing');
  expect(killed.resumed).toBeLessThan((pauses.length - 1) * anchors);
  expect(await readSubscriptionBooks(booksOf(company))).toEqual(undisturbed.books);
  expect(await readInvoiceNumbers(booksOf(company))).toEqual(undisturbed.numbers);
  expect(await findLostWorkflows(shop, company)).toEqual([]);
  expect((await shop.reportsOnceUp(part)).slice(reportsBefore)).toEqual([
    `! ${part} ended unexpectedly (by SIGKILL); starting it again`,
    `! ${part} is up again`,
  ]);
});
