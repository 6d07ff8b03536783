import { findLostWorkflows, killOnce, untilSound } from './amid-an-advance';
import { advance, type BilledCompany, openBilledCompany, subscriptions, target } from './billed-company';
import { type Part, type RunningShop, startShop } from './running-shop';
import { readInvoiceNumbers, readSubscriptionBooks, type SubscriptionBooks } from './subscription-books';

const advancedWithinMs = 150_000;

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
afterAll(() => shop?.stop());

const booksOf = ({ companyId }: BilledCompany) => ({ adminUrl: shop.adminUrl, companyId });

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
    const third = before + Math.ceil((undisturbed.numbers.length - before) / 3);
    const killed = await killOnce({ shop, part }, company, ({ made }) => made >= third);
    await arrived;
    const damage = await untilSound(shop, company);

    expect({ damage, logs: damage.length === 0 ? '' : shop.logs() }).toEqual({ damage: [], logs: '' });
    expect(killed.clock).toBe('advancing');
    expect(killed.made).toBeLessThan((undisturbed.numbers.length * 2) / 3);
    expect(await readSubscriptionBooks(booksOf(company))).toEqual(undisturbed.books);
    expect(await readInvoiceNumbers(booksOf(company))).toEqual(undisturbed.numbers);
    expect(undisturbed.numbers).toEqual(
      undisturbed.numbers.map((_, nth) => `TEST-INV-${String(nth + 1).padStart(6, '0')}`),
    );
    expect(await findLostWorkflows(shop, company)).toEqual([]);
    expect(await shop.reportsOnceUp(part)).toEqual([
      `! ${part} ended unexpectedly (by SIGKILL); starting it again`,
      `! ${part} is up again`,
    ]);
  },
);
