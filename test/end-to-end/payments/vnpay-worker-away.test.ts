import { createApiClient } from '../../environment/api-client';
import { endProcesses } from '../../environment/child-process';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany } from '../../environment/test-company';
import { startSystem, type StartedSystem } from '../../environment/start-system';
import { openDatabase } from '../../../platform/db/database';
import { orderOf, until } from '../orders/orders-test-shop';
import { createVnpayCaller } from './vnpay-test-caller';

/** A system of its own, because its worker host is halted. */
let own: StartedSystem;

beforeAll(async () => {
  own = await startSystem();
});

afterAll(async () => {
  if (own !== undefined) {
    process.kill(workerPid(), 'SIGCONT');
    await endProcesses(own.description.pids);
    await own.testDatabase.drop();
  }
});

const workerPid = (): number => own.description.pids[1] as number;

describe('while the worker is away', () => {
  it('VNPay is answered, and the orders complete when the worker is back', async () => {
    const { description } = own;
    const vnpay = createVnpayCaller(description);
    const database = openDatabase({ url: description.appUrl, poolSize: 2 });
    const company = await openTestCompany(database, { secret: description.jwtSecret });
    const shopper = await company.addShopper();
    await database.close();
    const manager = createApiClient(description.url, { token: company.manager.token });
    const buyer = createApiClient(description.url, { token: shopper.token });
    const product = await manager.post('/products', { sku: 'AO', name: 'Áo dài', price: 50_000, stock: 10 });
    const orders = [];

    for (let nth = 0; nth < 3; nth += 1) {
      orders.push((await buyer.post('/orders', orderOf(product.body.id))).body);
    }
    const [paid, cancelledLater, failed] = orders;
    const statusOf = async (id: number) => (await buyer.get(`/orders/${id}`)).body;
    const referenceOf = async (paymentId: number) => (await buyer.get(`/payments/${paymentId}`)).body.reference;

    process.kill(workerPid(), 'SIGSTOP');
    await vnpay.pay(paid.paymentUrl);
    await vnpay.pay(cancelledLater.paymentUrl);
    await vnpay.pay(failed.paymentUrl, 'decline');

    for (const order of orders) {
      const { ipn } = await vnpay.transaction(await referenceOf(order.paymentId));
      expect(ipn).toMatchObject({ answers: ['00'], pending: 0 });
      expect(await statusOf(order.id)).toMatchObject({ status: 'pending', paymentStatus: 'pending' });
    }
    expect((await buyer.get(`/payments/${paid.paymentId}`)).body).toMatchObject({
      status: 'success',
      paidAmount: 55_000,
    });

    process.kill(workerPid(), 'SIGCONT');
    const settled = await until(
      () => statusOf(paid.id),
      ({ paymentStatus }) => paymentStatus === 'paid',
    );
    expect(settled).toMatchObject({ status: 'confirmed', paymentStatus: 'paid', invoice: { status: 'paid' } });
    expect(
      await until(
        () => statusOf(failed.id),
        ({ paymentStatus }) => paymentStatus === 'failed',
      ),
    ).toMatchObject({ status: 'pending', paymentStatus: 'failed' });
    await until(
      () => statusOf(cancelledLater.id),
      ({ paymentStatus }) => paymentStatus === 'paid',
    );
    await buyer.post(`/orders/${cancelledLater.id}/cancel`, {});
    expect(
      await until(
        () => statusOf(cancelledLater.id),
        ({ paymentStatus }) => paymentStatus === 'refunded',
      ),
    ).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });

    const count = () =>
      queryAsOwner<{ completed: number; untold: number }>(
        description.adminUrl,
        `SELECT (SELECT count(*)::int FROM platform.events WHERE company_id = $1 AND type = 'order.completed') AS completed,
                (SELECT count(*)::int FROM finance.provider_events WHERE company_id = $1 AND signalled_at IS NULL) AS untold`,
        [company.id],
      );
    // That an order was told is noted after it has taken the news in.
    const [counted] = await until(count, ([found]) => found?.untold === 0);
    expect(counted).toEqual({ completed: 2, untold: 0 });
  });
});
