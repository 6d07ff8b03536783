import { reserveId } from '../../api/http/idempotency/reserve-id';
import { placeOrder } from '../../domain/orders/place-order';
import { openGateways } from '../../gateways/open-gateways';
import { systemClock } from '../../platform/clock';
import { readConfig } from '../../platform/config';
import { openDatabase } from '../../platform/db/database';
import { createLogger } from '../../platform/logger';
import { closedLoop, Timings } from '../closed-loop';
import { call, openShop } from '../orders/shop';
import type { BenchSystem } from '../start-system';
import { verifyInvoices } from './verify-invoices';

const clientCounts = [1, 8];
const lines = 10;
const code = 'BENCH10';

/**
 * Invoices of ten lines, two taxes and a code: orders that are paid in cash, whose invoice is numbered in the transaction
 * that places them. The step of the workflow is run by itself, without Temporal and HTTP, so that what is measured is
 * pricing and SQL. Comes last: the worker host would find these orders without a workflow 45 s later.
 */
export async function measureInvoices(system: BenchSystem, { seconds }: { seconds: number }): Promise<void> {
  const { companyId, productIds, customerIds } = await openTaxedShop(system);
  const config = readConfig({ NODE_ENV: 'development' });
  const database = openDatabase({ url: system.databaseUrl, poolSize: 8 });

  try {
    const gateways = await openGateways({ config, database, logger: createLogger({ level: 'silent', name: 'bench' }) });
    let issued = 0;
    const issue = async (client: number) => {
      const orderId = await reserveId(database, 'order');
      const items = productIds.slice(0, lines).map((productId, nth) => ({ productId, quantity: 1 + (nth % 3) }));
      const customerId = customerIds[client % customerIds.length] ?? 0;
      await database.withTenantSql(companyId, (tx) =>
        placeOrder(
          tx,
          {
            ...{ companyId, orderId, customerId, items, promotionCodes: [code] },
            ...{ shippingAddress: '1 Bench Street', billingAddress: null, locale: 'vi', customerIp: null },
            ...{ paymentMethod: 'cod', paymentToken: null },
          },
          { gateways, now: systemClock.now() },
        ),
      );
      issued += 1;
    };
    console.log(`\ninvoices of ${lines} lines, 2 taxes and a code, ${seconds} s each after 2 s of warming up`);
    console.log('clients  invoices/s  p50/p95 ms  failures');

    for (const clients of clientCounts) {
      await closedLoop(clients, 2, issue);
      const timings = new Timings();
      const {
        completed,
        failures,
        seconds: took,
      } = await closedLoop(clients, seconds, async (client) => {
        const from = performance.now();
        await issue(client);
        timings.add(performance.now() - from);
      });
      console.log(
        [
          String(clients).padStart(7),
          (completed / took).toFixed(0).padStart(11),
          `${timings.percentile(0.5).toFixed(1)} / ${timings.percentile(0.95).toFixed(1)}`.padStart(11),
          String(failures.length).padStart(9),
        ].join(' '),
      );
      failures.slice(0, 3).forEach((failure) => console.log(`  ${failure}`));
    }
    console.log(`books: ${await verifyInvoices(system.adminUrl, { issued, lines, code })}`);
  } finally {
    await database.close();
  }
}

/** Twenty products that bear two taxes, customers who pay in cash, and a code of 10 % that nothing limits. */
async function openTaxedShop({ api }: BenchSystem) {
  const { productIds } = await openShop(api, 0);
  const { accessToken: token, user } = await call<{ accessToken: string; user: { companyId: number } }>(
    api,
    'POST',
    '/auth/login',
    { body: { email: 'admin@demo.test', password: 'demo-password-1' } },
  );
  const post = (path: string, body: unknown) => call<{ id: number }>(api, 'POST', path, { token, body });
  await post('/tax-rates', { code: 'BENCH_VAT', name: 'Bench VAT', ratePpm: 80_000 });
  await post('/tax-rates', { code: 'BENCH_LEVY', name: 'Bench levy', ratePpm: 20_000 });
  await post('/promotions', { name: 'Bench', code, discount: { kind: 'percent', ratePpm: 100_000 } });
  const customerIds: number[] = [];

  for (let nth = 0; nth < 8; nth += 1) {
    customerIds.push((await post('/customers', { name: `Payer ${nth}`, email: `payer-${nth}@example.test` })).id);
  }

  return { companyId: user.companyId, productIds, customerIds };
}
