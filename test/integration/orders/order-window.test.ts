import { DefaultLogger, Runtime } from '@temporalio/worker';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import type { PlaceOrderInput } from '../../../domain/orders/order-types';
import type { OrderRow } from '../../../domain/orders/order-view';
import { startVnpaySandbox, type VnpaySandbox } from '../../../sandboxes/vnpay/start-vnpay-sandbox';
import { systemClock } from '../../../platform/clock';
import { createLogger } from '../../../platform/logger';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { runPaymentRelay } from '../../../workers/payment-relay';
import { claimNamespace } from '../../environment/claim-namespace';
import { runServices, serviceResources } from '../../environment/run-services';
import { testServers } from '../../environment/servers';
import { openOrderWorld, type OrderWorld } from './order-world';

/**
 * The shortest window is a minute. The clock of the database steps is behind the one of Temporal by most of it, so that
 * an order that they place has only seconds left when its workflow begins to wait.
 */
let behindMs = 57_000;
const clock = { now: () => new Date(systemClock.now().getTime() - behindMs) };
const vnpay = { tmnCode: 'BMMSTEST', hashSecret: 'window-tests-only-secret-0123456' };

let world: OrderWorld;
let sandbox: VnpaySandbox;
let temporal: TemporalClient;
let product: number;
let stopWorkers: () => Promise<void>;
/** Orders wait side by side: each test looks at one. */
let orders: Record<'unpaid' | 'failed' | 'doubted' | 'paidUnheard' | 'paidAgain' | 'late', OrderRow>;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  sandbox = await startVnpaySandbox({ port: 0, ...vnpay, ipnUrl: 'http://127.0.0.1:9/nobody', now: clock.now });
  world = await openOrderWorld({
    settings: { orderPaymentWindowMinutes: 1, paymentExpiryMarginSeconds: 0 },
    env: {
      VNPAY_TMN_CODE: vnpay.tmnCode,
      VNPAY_HASH_SECRET: vnpay.hashSecret,
      VNPAY_PAY_URL: sandbox.payUrl,
      VNPAY_API_URL: sandbox.apiUrl,
    },
  });
  Object.defineProperty(world, 'now', { get: clock.now });
  product = await world.addProduct({ price: 50_000, stock: 100 });
  const namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  stopWorkers = await runWorkers(namespace);

  // Those to which something happens before the end get more time until it comes.
  behindMs = 30_000;
  const [failed, doubted, paidUnheard, paidAgain] = [await place(), await place(), await place(), await place()];
  behindMs = 57_000;
  const [unpaid, late] = [await place(), await place()];
  orders = { failed, doubted, paidUnheard, paidAgain, unpaid, late };
  await world.enter(failed.payments[0]!.id, 'failed');
  await tell(failed.id, failed.payments[0]!.id);
  await world.enter(doubted.payments[0]!.id, 'failed');
  await tell(doubted.id, doubted.payments[0]!.id);
  await payAtSandbox(doubted);
  await payAtSandbox(paidUnheard);
  await payAgain(paidAgain.id);
  await payAtSandbox(await world.read(paidAgain.id));
});

afterAll(async () => {
  await stopWorkers?.();
  await temporal?.close();
  await sandbox?.close();
  await world?.close();
});

/** order-svc, payment-svc and the relay, as the worker host runs them. @returns how to stop them */
async function runWorkers(namespace: string): Promise<() => Promise<void>> {
  const { database, gateways } = world;
  const stopServices = await runServices({
    namespace,
    services: ['order-svc', 'payment-svc'],
    resources: serviceResources({ database, gateways, clock, temporal: temporal.client }),
  });
  const abort = new AbortController();
  const relay = runPaymentRelay({
    database,
    // The relay waits for those who took a callback in; its own clock is right.
    clock,
    temporal: temporal.client,
    logger: createLogger({ level: 'silent', name: 'test' }),
    signal: abort.signal,
  });

  return async () => {
    abort.abort();
    await Promise.all([stopServices(), relay]);
  };
}

/** Starts `order/<id>` as the API does. */
async function place(wish: Partial<PlaceOrderInput> = {}): Promise<OrderRow> {
  const orderId = await reserveId(world.database, 'order');
  const input: PlaceOrderInput = {
    companyId: world.company.id,
    orderId,
    customerId: world.customerId,
    items: [{ productId: product, quantity: 1 }],
    shippingAddress: '12 Tràng Tiền, Hà Nội',
    billingAddress: null,
    paymentMethod: 'vnpay',
    paymentToken: null,
    customerIp: null,
    locale: 'vi',
    ...wish,
  };
  await temporal.client.workflow.start('order', {
    workflowId: `order/${orderId}`,
    taskQueue: 'order-svc',
    args: [input],
  });
  await temporal.client.workflow.getHandle(`order/${orderId}`).executeUpdate('placeOrder');

  return world.read(orderId);
}

/** Pays at VNPay, whose notification gets lost. */
async function payAtSandbox(order: OrderRow): Promise<void> {
  const { status } = await fetch(`${sandbox.url}/sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paymentUrl: order.payments.at(-1)?.paymentUrl, behaviour: 'ipn_lost' }),
  });
  expect(status).toBe(200);
}

const workflowOf = (orderId: number) => temporal.client.workflow.getHandle(`order/${orderId}`);
const tell = (orderId: number, paymentId: number) => workflowOf(orderId).signal('paymentSettled', { paymentId });

async function payAgain(orderId: number): Promise<void> {
  const paymentId = await reserveId(world.database, 'payment');
  await workflowOf(orderId).executeUpdate('pay', {
    args: [{ paymentId, paymentMethod: null, paymentToken: null, customerIp: null, locale: 'vi' }],
  });
}

async function until(orderId: number, isReached: (order: OrderRow) => boolean): Promise<OrderRow> {
  const end = performance.now() + 90_000;

  for (;;) {
    const order = await world.read(orderId);

    if (isReached(order) || performance.now() > end) {
      return order;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const isOver = ({ status }: OrderRow) => status === 'cancelled';
const isPaid = ({ paymentStatus }: OrderRow) => paymentStatus === 'paid';

describe('the end of the window', () => {
  it('cancels an order that nobody paid, and tells why', async () => {
    const { id } = orders.unpaid;

    expect(orders.unpaid).toMatchObject({ paymentDueAt: expect.any(String) });
    expect(await until(id, isOver)).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'cancelled',
      cancelReason: 'not paid in time',
      invoice: { status: 'void', invoiceNumber: null },
      payments: [{ status: 'cancelled' }],
    });
    expect(await world.query('SELECT status FROM ordering.inventory_reservations WHERE order_id = $1', [id])).toEqual([
      { status: 'released' },
    ]);
    expect((await world.events(`order/${id}`)).slice(4)).toEqual([
      'inventory.released',
      'invoice.updated',
      'order.cancelled',
    ]);
    expect(await workflowOf(id).result()).toMatchObject({ status: 'cancelled' });
  });

  it('cancels an order whose payment failed and was not repeated', async () => {
    expect(await until(orders.failed.id, isOver)).toMatchObject({
      status: 'cancelled',
      cancelReason: 'not paid in time',
      payments: [{ status: 'failed' }],
    });
    expect(await world.events(`order/${orders.failed.id}`)).toContain('payment.failed');
  });

  it('does not cancel an order that VNPay, asked first, says was paid', async () => {
    const { id } = orders.paidUnheard;

    expect(await until(id, isPaid)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      payments: [{ status: 'success', paidAmount: 55_000 }],
    });
    const [entry] = await world.query<{ payload: unknown }>(
      'SELECT e.payload FROM finance.provider_events e JOIN finance.payments p ON p.reference = e.reference WHERE p.order_id = $1',
      [id],
    );
    expect(entry?.payload).toEqual({ source: 'query' });
  });

  it('asks also about a payment that was said to have failed: it may have been in doubt', async () => {
    expect(await until(orders.doubted.id, isPaid)).toMatchObject({
      status: 'confirmed',
      payments: [{ status: 'success', paidAmount: 55_000, failureReason: null }],
    });
  });

  it('asks about the newest payment', async () => {
    const { id } = orders.paidAgain;

    expect(await until(id, isPaid)).toMatchObject({ payments: [{ status: 'superseded' }, { status: 'success' }] });
    expect(await workflowOf(id).query('status')).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      payBy: null,
    });
  });

  it('gives money back that comes after it', async () => {
    const { id, payments } = orders.late;
    await until(id, isOver);
    await workflowOf(id).result();
    await world.enter(payments[0]!.id, 'success', { provider: 'test' });
    // As the test endpoint notes it: no provider saw this money, so none is asked to give it back.
    await world.query("UPDATE finance.payments SET transaction_id = 'TEST-' || id WHERE id = $1", [payments[0]!.id]);

    expect(await until(id, ({ paymentStatus }) => paymentStatus === 'refunded')).toMatchObject({
      status: 'cancelled',
      paymentStatus: 'refunded',
      invoice: { status: 'void' },
      payments: [{ status: 'refunded', refundedAmount: 55_000 }],
    });
  });

  it('does not come for an order that is paid in cash', async () => {
    const { id, paymentDueAt } = await place({ paymentMethod: 'cod' });

    expect(paymentDueAt).toBeNull();
    expect(await workflowOf(id).query('status')).toMatchObject({ status: 'confirmed', payBy: null });
  });

  it('comes all the same when the provider does not answer', async () => {
    const { id } = await place();
    await sandbox.close();

    expect(await until(id, isOver)).toMatchObject({ status: 'cancelled', cancelReason: 'not paid in time' });
  });
});
