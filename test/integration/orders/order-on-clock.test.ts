import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { insertCustomer } from '../../../domain/customers/insert-customer';
import { createTestClock } from '../../../domain/test-clocks/create-test-clock';
import { openOrderWorld, type OrderWorld } from './order-world';

/** Orders of a customer on a test clock: play money, numbers of their own, and no mail to anybody (D26). */
let world: OrderWorld;
let product: number;
let customerId: number;

beforeAll(async () => {
  world = await openOrderWorld();
  product = await world.addProduct({ price: 50_000, stock: 100 });
  const id = await reserveId(world.database, 'testClock');
  const now = world.now;
  customerId = await world.database.withTenant(world.company.id, async (tx) => {
    await createTestClock(tx, { id, name: null, at: now, isProduction: false, now });
    const customer = await insertCustomer(tx, { name: 'Lan', email: 'lan@example.test', testClockId: id, now });

    return Number(customer?.id);
  });
});

afterAll(() => world?.close());

const scope = () => ({ companyId: world.company.id });
const buy = (paymentMethod: 'card' | 'cod' | 'vnpay', of = customerId) =>
  world.tryPlace({
    customerId: of,
    items: [{ productId: product, quantity: 1 }],
    paymentMethod,
    paymentToken: paymentMethod === 'card' ? 'tok_ok' : null,
  });
const paidByCard = async (of = customerId) => {
  const placed = await buy('card', of);

  if (placed.kind === 'refused') {
    throw new Error(placed.error.detail);
  }
  await world.pay(placed);

  return { orderId: placed.orderId, paymentId: placed.payment.paymentId };
};
const creditNotesOf = async (orderId: number) =>
  (
    await world.query<{ number: string }>(
      `SELECT c.credit_note_number AS number FROM finance.credit_notes c JOIN finance.invoices i ON i.id = c.invoice_id
        WHERE i.order_id = $1 ORDER BY c.id`,
      [orderId],
    )
  ).map(({ number }) => number);
const mails = () =>
  world.query<{ is_test: boolean; kind: string }>(
    'SELECT DISTINCT is_test, kind FROM platform.notices WHERE customer_id = $1 ORDER BY kind',
    [customerId],
  );

it('take no payment that a provider would really move', async () => {
  const refusal = { code: 'payment_method_unavailable', field: '/paymentMethod' };

  expect(await buy('vnpay')).toMatchObject({ kind: 'refused', error: refusal });
  const placed = await buy('card');
  const again = await world.steps.startPayment({
    ...scope(),
    orderId: placed.orderId,
    paymentId: await reserveId(world.database, 'payment'),
    paymentMethod: 'vnpay',
    paymentToken: null,
    customerIp: null,
    locale: 'vi',
  });
  expect(again).toMatchObject({ kind: 'refused', error: refusal });
});

it('have invoices and credit notes of the test series, whose mail goes to the catcher', async () => {
  const cancelled = await paidByCard();
  await world.steps.cancelOrder({ ...scope(), orderId: cancelled.orderId, reason: 'x', cause: 'request' });
  const refunded = await paidByCard();
  await world.refund(refunded.paymentId, 10_000);
  const cash = await buy('cod');
  const real = await paidByCard(world.customerId);
  await world.refund(real.paymentId, null);
  const numberOf = async ({ orderId }: { orderId: number }) => (await world.read(orderId)).invoice?.invoiceNumber;

  expect(await Promise.all([cancelled, refunded, cash, real].map(numberOf))).toEqual([
    'TEST-INV-000001',
    'TEST-INV-000002',
    'TEST-INV-000003',
    'INV-000001',
  ]);
  expect(await creditNotesOf(cancelled.orderId)).toEqual(['TEST-CN-000001']);
  expect(await creditNotesOf(refunded.orderId)).toEqual(['TEST-CN-000002']);
  expect(await creditNotesOf(real.orderId)).toEqual(['CN-000001']);
  expect((await mails()).filter(({ is_test }) => !is_test)).toEqual([]);
});
