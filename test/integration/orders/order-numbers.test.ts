import { readFile } from 'node:fs/promises';

import { createdWithin } from '../../../api/http/pipeline/created-within';
import { listOrders, type OrderFilter } from '../../../domain/orders/read-orders';
import { readPlacementContext } from '../../../domain/orders/read-placement-context';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;
let product: number;

beforeAll(async () => {
  world = await openOrderWorld();
  product = await world.addProduct();
});

afterAll(() => world?.close());

const placeIn = async (company: OrderWorld, productId: number) => {
  const { orderId } = await company.place({ items: [{ productId, quantity: 1 }] });

  return (await company.read(orderId)).orderNumber;
};

describe('the number of an order', () => {
  it('counts the orders of its company, whatever others sell', async () => {
    const other = await world.another();
    const theirs = await other.addProduct();

    expect(await placeIn(world, product)).toBe('ORD-000001');
    expect(await placeIn(world, product)).toBe('ORD-000002');
    expect(await placeIn(other, theirs)).toBe('ORD-000001');
    expect(await placeIn(world, product)).toBe('ORD-000003');
  });

  it('stands in the order, its invoice, its event, its payment and what the workflow is told', async () => {
    const placed = await world.place({ items: [{ productId: product, quantity: 1 }] });
    const { orderNumber, payments } = await world.read(placed.orderId);
    const [row] = await world.query(
      `SELECT i.order_number, e.payload->>'orderNumber' AS told FROM finance.invoices i, platform.events e
        WHERE i.order_id = $1 AND e.subject = 'order/' || $1 AND e.type = 'order.created'`,
      [placed.orderId],
    );

    expect(row).toEqual({ order_number: orderNumber, told: orderNumber });
    expect(new URL(payments[0]?.paymentUrl ?? '').searchParams.get('vnp_OrderInfo')).toContain(
      orderNumber.replace('-', ' '),
    );
    expect(placed.orderNumber).toBe(orderNumber);
  });

  it('is not used up by an order for nobody, nor by a repeat', async () => {
    const wish = { items: [{ productId: product, quantity: 1 }] };
    const placed = await world.place(wish);

    expect(await world.tryPlace({ ...wish, customerId: 999_999 })).toMatchObject({ kind: 'refused' });
    expect(await world.place({ ...wish, orderId: placed.orderId })).toEqual(placed);
    expect(seriesOf(await placeIn(world, product))).toBe(seriesOf(placed.orderNumber) + 1);
  });

  it('is given while another order of the company is still being placed: none waits for another', async () => {
    const shelf = await world.addProduct();
    const order = { orderId: 777_001, customerId: world.customerId, productIds: [product], codes: [], now: world.now };

    await world.database.withTenantSql(world.company.id, async (tx) => {
      const { order_number: first } = await readPlacementContext(tx, order);

      expect(seriesOf(await placeIn(world, shelf))).toBe(Number(first) + 1);
    });
  });

  it('of a company that had orders before goes on above its highest', async () => {
    const old = await world.another();
    const shelf = await old.addProduct();
    const { orderId } = await old.place({ items: [{ productId: shelf, quantity: 1 }] });
    const { id } = old.company;
    const migration = await readFile('prisma/migrations/20261128150000_order_numbers/migration.sql', 'utf8');
    const backfill = /DO \$\$[\s\S]*?END \$\$;/.exec(migration)?.[0] ?? '';
    const companies = await world.query<{ id: number }>('SELECT id FROM platform.companies');

    await world.query(`UPDATE ordering.orders SET order_number = 'ORD-000155' WHERE id = ${orderId}`);
    await world.query(companies.map((company) => `DROP SEQUENCE order_numbers.company_${company.id}`).join('; '));
    await world.query(backfill);

    expect(await placeIn(old, shelf)).toBe('ORD-000156');
    expect(await placeIn(await world.another(), shelf).catch((error: Error) => error.message)).toContain('not_found');
    expect(await world.query(`SELECT id FROM ordering.orders WHERE company_id = ${id}`)).toHaveLength(2);
  });
});

describe('orders can be looked up', () => {
  let shop: OrderWorld;
  const find = async (query: { from?: string; to?: string; number?: string }) => {
    const { number, ...span } = query;
    const filter: OrderFilter = { number, before: null, limit: 10 };
    const created = await createdWithin(world.database, shop.company.id, span);
    const rows = await world.database.withTenantSql(shop.company.id, (tx) => listOrders(tx, { ...filter, ...created }));

    return rows.map(({ orderNumber }) => orderNumber);
  };

  beforeAll(async () => {
    shop = await world.another();
    const shelf = await shop.addProduct();

    // 23:59:59 on 3 May, and the first and last moment of 4 May in Asia/Ho_Chi_Minh.
    for (const at of ['2026-05-03T16:59:59Z', '2026-05-03T17:00:00Z', '2026-05-04T16:59:59Z', '2026-05-04T17:00:00Z']) {
      shop.now = new Date(at);
      await placeIn(shop, shelf);
    }
  });

  it.each([
    [{ number: 'ORD-000002' }, ['ORD-000002']],
    [{ number: 'ord-000002' }, ['ORD-000002']],
    [{ number: 'ORD-00000' }, []],
    [{ from: '2026-05-04', to: '2026-05-04' }, ['ORD-000003', 'ORD-000002']],
    [{ from: '2026-05-05' }, ['ORD-000004']],
    [{ to: '2026-05-03' }, ['ORD-000001']],
    [{ from: '2026-05-03T17:00:00Z', to: '2026-05-04T23:59:59+07:00' }, ['ORD-000002']],
    [{ from: '2026-05-04T00:00:00 07:00', number: 'ORD-000001' }, []],
  ])('by %j', async (query, numbers) => {
    expect(await find(query)).toEqual(numbers);
  });

  it('by no span that ends before it begins', async () => {
    await expect(find({ from: '2026-05-04', to: '2026-05-03' })).rejects.toMatchObject({
      code: 'validation_failed',
      field: 'to',
    });
  });
});

const seriesOf = (orderNumber: string | undefined): number => Number(orderNumber?.slice('ORD-'.length));
