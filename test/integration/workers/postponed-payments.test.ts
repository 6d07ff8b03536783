import { DefaultLogger, Runtime } from '@temporalio/worker';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { readPayment } from '../../../domain/payments/read-payment';
import { recordOutcome } from '../../../domain/payments/record-outcome';
import { systemClock } from '../../../platform/clock';
import type { Database } from '../../../platform/db/database';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import type { OrderWorkflowInput } from '../../../workflows/order/order-messages';
import type { CommandAnswer, SubscriptionWorkflowInput } from '../../../workflows/subscription/subscription-messages';
import { claimNamespace } from '../../environment/claim-namespace';
import { runServices, serviceResources } from '../../environment/run-services';
import { testServers } from '../../environment/servers';
import { until } from '../events/outbox';
import { openOrderWorld, type OrderWorld } from '../orders/order-world';
import { openSubscriptionWorld, type SubscriptionWorld } from '../subscriptions/subscription-world';

let orders: OrderWorld;
let subscriptions: SubscriptionWorld;
let temporal: TemporalClient;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  temporal = openTemporal({ address: testServers().temporalAddress, namespace: await claimNamespace() });
  orders = await openOrderWorld();
  orders.now = systemClock.now();
  subscriptions = await openSubscriptionWorld(systemClock.now());
});

afterAll(async () => {
  await temporal?.close();
  await orders?.close();
  await subscriptions?.close();
});

afterEach(async () => {
  for (const stop of stops.splice(0)) {
    await stop();
  }
});

type Ask = (sql: string, values: unknown[]) => Promise<unknown[]>;

/** Services of this file's namespace on this database, until the test is over. */
async function serve(services: string[], { database, gateways }: Pick<OrderWorld, 'database' | 'gateways'>) {
  stops.push(
    await runServices({
      namespace: temporal.namespace,
      services,
      resources: serviceResources({ database, gateways, clock: systemClock, temporal: temporal.client }),
    }),
  );
}

/** Money came by VNPay, and nobody has been told. */
const enterSuccess = (database: Database, companyId: number, paymentId: number) =>
  database.withTenantSql(companyId, async (tx) => {
    const payment = await readPayment(tx, paymentId);

    return recordOutcome(
      tx,
      {
        reference: payment?.reference ?? 'none',
        provider: 'vnpay',
        outcome: 'success',
        paidAmount: payment?.amount ?? 0,
        transactionId: `T${paymentId}`,
        paidAt: null,
        failureReason: null,
        payload: {},
      },
      systemClock.now(),
    );
  });

/** A defect, as far as any step knows: no payment can be marked to go back. @returns how it is mended */
async function breakRefunds(ask: Ask): Promise<() => Promise<void>> {
  await ask(
    "CREATE FUNCTION public.no_refunds() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a defect'; END $$",
    [],
  );
  await ask(
    `CREATE TRIGGER no_refunds BEFORE UPDATE OF status ON finance.payments FOR EACH ROW
       WHEN (NEW.status = 'refund_due') EXECUTE FUNCTION public.no_refunds()`,
    [],
  );

  return async () => {
    await ask('DROP TRIGGER no_refunds ON finance.payments', []);
    await ask('DROP FUNCTION public.no_refunds()', []);
  };
}

/** The money goes back, whether or not the provider has answered yet; this file runs no provider. */
async function goesBack(ask: Ask, paymentId: number): Promise<void> {
  await until(`payment ${paymentId} goes back`, async () => {
    const rows = await ask('SELECT 1 FROM finance.refunds WHERE payment_id = $1', [paymentId]);

    return rows.length === 1;
  });
  await temporal.client.workflow.getHandle(`payment/${paymentId}`).terminate('the test is over');
}

const isDefect = { cause: { type: 'internal' } };

it('an order that ends before it could enter a payment hands it over, and the money goes back', async () => {
  const { company, database } = orders;
  await serve(['order-svc', 'payment-svc'], orders);
  const productId = await orders.addProduct({ price: 50_000, stock: 10 });
  const orderId = await reserveId(database, 'order');
  const input: OrderWorkflowInput = {
    companyId: company.id,
    orderId,
    customerId: orders.customerId,
    items: [{ productId, quantity: 1 }],
    shippingAddress: '12 Tràng Tiền, Hà Nội',
    billingAddress: null,
    paymentMethod: 'vnpay',
    paymentToken: null,
    customerIp: null,
    locale: 'vi',
  };
  const handle = await temporal.client.workflow.start('order', {
    workflowId: `order/${orderId}`,
    taskQueue: 'order-svc',
    args: [input],
  });
  await handle.executeUpdate('placeOrder');
  const [first] = (await orders.read(orderId)).payments;
  const paymentId = await reserveId(database, 'payment');
  const again = { paymentId, paymentMethod: 'vnpay', paymentToken: null, customerIp: null, locale: 'vi' };
  await handle.executeUpdate('pay', { args: [again] });
  await enterSuccess(database, company.id, paymentId);
  await handle.executeUpdate('settlePayment', { args: [{ paymentId }] });

  const late = Number(first?.id);
  const mend = await breakRefunds(orders.query);
  await enterSuccess(database, company.id, late);
  await expect(handle.executeUpdate('settlePayment', { args: [{ paymentId: late }] })).rejects.toMatchObject(isDefect);
  await mend();
  await handle.executeUpdate('ship', { args: [{ carrier: null, trackingNumber: null }] });
  await handle.executeUpdate('deliver');
  await handle.result();

  await goesBack(orders.query, late);
});

it('a subscription takes it along into its next run, and hands it over at its end', async () => {
  const { company, test, rows } = subscriptions;
  const [planId = 0, , weekly = 0] = subscriptions.plans;
  await serve(['subscription-svc', 'payment-svc'], { database: test.database, gateways: subscriptions.gateways });
  const subscriptionId = await reserveId(test.database, 'subscription');
  const input: SubscriptionWorkflowInput = {
    companyId: company.id,
    subscriptionId,
    renewalsPerRun: 1,
    create: {
      subscriptionId,
      customerId: await company.addCustomer(),
      planId: weekly,
      useTrial: false,
      quantity: 1,
      paymentMethod: null,
      paymentMethodId: null,
    },
  };
  const { firstExecutionRunId } = await temporal.client.workflow.start('subscription', {
    workflowId: `subscription/${subscriptionId}`,
    taskQueue: 'subscription-svc',
    args: [input],
  });
  const handle = temporal.client.workflow.getHandle(`subscription/${subscriptionId}`);
  await handle.executeUpdate('createSubscription');
  const [invoice] = await rows<{ id: number }>('SELECT id::int FROM finance.invoices WHERE subscription_id = $1', [
    subscriptionId,
  ]);
  const pay = async () => {
    const paymentId = await reserveId(test.database, 'payment');
    const command = {
      type: 'pay_invoice',
      invoiceId: invoice?.id,
      paymentId,
      paymentMethod: 'vnpay',
      customerIp: null,
    };
    await handle.executeUpdate<CommandAnswer, [object]>('payInvoice', {
      args: [{ commandId: `pay ${paymentId}`, command }],
    });

    return paymentId;
  };
  const [late, second] = [await pay(), await pay()];
  await enterSuccess(test.database, company.id, second);
  await handle.executeUpdate('settlePayment', { args: [{ paymentId: second }] });

  const mend = await breakRefunds(rows);
  await enterSuccess(test.database, company.id, late);
  await expect(handle.executeUpdate('settlePayment', { args: [{ paymentId: late }] })).rejects.toMatchObject(isDefect);
  const change = { type: 'change_plan', newPlanId: planId, immediate: true };
  await handle.executeUpdate('changePlan', { args: [{ commandId: 'change', command: change }] });
  await until('its next run has tried it', async () => {
    const status = await handle.query<{ rejected: { message: string }[] } | null>('status').catch(() => null);
    const { runId } = await handle.describe();

    return runId !== firstExecutionRunId && status?.rejected[0]?.message === 'paymentSettled';
  });
  await mend();
  const [unpaid] = await rows<{ id: number }>(
    "SELECT id::int FROM finance.invoices WHERE subscription_id = $1 AND status = 'open'",
    [subscriptionId],
  );
  const giveUp = { type: 'void_invoice', invoiceId: unpaid?.id };
  await handle.executeUpdate('voidInvoice', { args: [{ commandId: 'void', command: giveUp }] });
  const cancel = { type: 'cancel', cancelAtPeriodEnd: false, reason: null };
  await handle.executeUpdate('cancel', { args: [{ commandId: 'cancel', command: cancel }] });
  await handle.result();

  await goesBack(rows, late);
});
