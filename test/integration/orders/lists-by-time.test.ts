import { listInvoices } from '../../../domain/billing/invoices/list-invoices';
import { listOrders } from '../../../domain/orders/read-orders';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;
let orderIds: number[];

/** Of five orders, in the order in which they are placed: as clocks of tests may have it, two of them at one instant. */
const days = ['2026-03-05', '2026-03-02', '2026-03-09', '2026-03-02', '2026-04-01'];

beforeAll(async () => {
  world = await openOrderWorld();
  const productId = await world.addProduct();
  orderIds = [];

  for (const day of days) {
    const { orderId } = await world.place({ items: [{ productId, quantity: 1 }] });
    orderIds.push(orderId);
    await world.query('UPDATE ordering.orders SET created_at = $2 WHERE id = $1', [orderId, day]);
    await world.query('UPDATE finance.invoices SET created_at = $2 WHERE order_id = $1', [orderId, day]);
  }
});
afterAll(() => world?.close());

const march = { createdFrom: new Date('2026-03-01'), createdBefore: new Date('2026-04-01') };
const nth = (id: number) => orderIds.indexOf(id);

/** All pages, as places in `days`. */
async function paged(read: (before: number | null) => Promise<{ id: number; order: number }[]>): Promise<number[][]> {
  const pages: number[][] = [];
  let before: number | null = null;

  do {
    const page: { id: number; order: number }[] = await read(before);
    pages.push(page.map(({ order }) => nth(order)));
    before = page.at(-1)?.id ?? null;
  } while (before !== null);

  return pages;
}

const orders = (filter: object, limit: number) =>
  paged(async (before) => {
    const rows = await world.database.withTenantSql(world.company.id, (tx) =>
      listOrders(tx, { ...filter, before, limit }),
    );

    return rows.map(({ id }) => ({ id, order: id }));
  });
const invoices = (filter: object, limit: number) =>
  paged(async (before) => {
    const rows = await world.database.withTenant(world.company.id, (tx) =>
      listInvoices(tx, { ...filter, before, limit }),
    );

    return rows.map(({ id, orderId }) => ({ id: Number(id), order: Number(orderId) }));
  });

describe.each([
  ['orders', orders],
  ['invoices', invoices],
])('%s', (_what, list) => {
  it.each([1, 2, 3, 10])('between two instants go by the instant, on pages of %i, each once', async (limit) => {
    const pages = await list(march, limit);

    expect(pages.flat()).toEqual([2, 0, 3, 1]);
    expect(pages.every((page) => page.length <= limit)).toBe(true);
  });

  it.each([
    ['from', { createdFrom: march.createdFrom }, [4, 2, 0, 3, 1]],
    ['to', { createdBefore: new Date('2026-03-05') }, [3, 1]],
  ])('with %s alone', async (_bound, filter, expected) => {
    expect((await list(filter, 2)).flat()).toEqual(expected);
  });

  it('without a time go by when they were made', async () => {
    expect((await list({}, 2)).flat()).toEqual([4, 3, 2, 1, 0]);
  });
});

it('an invoice is found by its number, however that and what is typed are written', async () => {
  const other = await world.another({ invoiceNumberPrefix: 'hd/Q1-' });
  const placed = await other.place({ items: [{ productId: await other.addProduct(), quantity: 1 }] });
  await other.pay(placed);
  const found = (number: string, before: number | null = null) =>
    other.database.withTenant(other.company.id, async (tx) => {
      const rows = await listInvoices(tx, { number, before, limit: 2, createdFrom: new Date(0) });

      return rows.map(({ orderId }) => Number(orderId));
    });

  for (const number of ['hd/Q1-000001', 'HD/Q1-000001', 'hd/q1-000001']) {
    expect(await found(number)).toEqual([placed.orderId]);
  }
  expect(await found('HD/Q1-00000_')).toEqual([]);
  const { invoice } = await other.read(placed.orderId);
  expect(await found('HD/Q1-000001', Number(invoice?.id))).toEqual([]);
});
