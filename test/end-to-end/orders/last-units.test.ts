import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, type TestShop } from './orders-test-shop';

const system = testSystem();
let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

describe('the last units', () => {
  it('go to exactly as many of a thousand buyers at once as there are units', async () => {
    const units = 10;
    const productId = await shop.addProduct({ stock: units, reorderLevel: 3 });
    const buyers: Awaited<ReturnType<TestShop['addBuyer']>>[] = [];

    while (buyers.length < 25) {
      buyers.push(await shop.addBuyer());
    }
    const answers = await Promise.all(
      buyers.flatMap(({ api }) => Array.from({ length: 40 }, () => api.post('/orders', orderOf(productId)))),
    );
    const tally = new Map<string, number>();

    for (const { status, body } of answers) {
      const outcome = status === 201 ? '201' : `${status} ${body.code}`;
      tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    }
    expect(Object.fromEntries(tally)).toEqual({ '201': units, '409 out_of_stock': 1_000 - units });
    expect((await shop.staff.get(`/inventory/${productId}`)).body).toMatchObject({
      quantity: units,
      reserved: units,
      available: 0,
    });

    const placed = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    await Promise.all(placed.map((order) => shop.company.visitor.post(`/payments/${order.paymentId}/test/success`)));
    expect((await shop.staff.get(`/inventory/${productId}`)).body).toMatchObject({
      quantity: 0,
      reserved: 0,
      available: 0,
      isLowStock: true,
    });

    const rows = await system.query<{ orders: number; paid: number; numbers: number; last: number }>(
      `SELECT (SELECT count(*)::int FROM ordering.orders WHERE company_id = $1) AS orders,
              count(*) FILTER (WHERE status = 'paid')::int AS paid, count(DISTINCT invoice_number)::int AS numbers,
              max(substring(invoice_number FROM '[0-9]+$')::int) AS last
         FROM finance.invoices WHERE company_id = $1`,
      [shop.company.id],
    );
    expect(rows).toEqual([{ orders: units, paid: units, numbers: units, last: units }]);
    expect(await shop.eventsOf(`inventory/${productId}`)).toContain('inventory.low_stock');
    expect(
      (await shop.eventsOf(`inventory/${productId}`)).filter((type) => type === 'inventory.low_stock'),
    ).toHaveLength(1);
  });
});
