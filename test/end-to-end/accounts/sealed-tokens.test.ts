import { Client, Connection } from '@temporalio/client';

import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, until } from '../orders/orders-test-shop';
import { openSubscriptionShop } from '../subscriptions/subscriptions-test-shop';

/** Tokens that customers pay with never stand in a history in the clear. */

const system = testSystem();
const token = 'tok_declined';

let connection: Connection;
let temporal: Client;

beforeAll(async () => {
  connection = await Connection.connect({ address: system.temporalAddress });
  temporal = new Client({ connection, namespace: system.temporalNamespace });
});
afterAll(() => connection?.close());

/** Everything that the server keeps of a workflow, payloads in plain text. */
async function historyOf(workflowId: string): Promise<string> {
  const history = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (value instanceof Uint8Array) {
      texts.push(Buffer.from(value).toString('utf8'));
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(collect);
    } else if (typeof value === 'string') {
      texts.push(value);
    }
  };
  collect(history);

  return texts.join('\n');
}

it('an order is placed and paid again by tokens that its history does not tell', async () => {
  const shop = await openShop();
  const buyer = await shop.addBuyer();
  const placing = orderOf(await shop.addProduct(), { paymentMethod: 'card', paymentToken: token });
  const { body: placed } = await buyer.api.post('/orders', placing);
  // The bank usually answers before the request is answered, and not always.
  const becomes = (paymentStatus: string) =>
    until(
      async () => (await buyer.api.get(`/orders/${placed.id}`)).body,
      (now) => now.paymentStatus === paymentStatus,
    );
  const order = await becomes('failed');
  await buyer.api.post(`/orders/${order.id}/pay`, { paymentToken: 'tok_ok' });
  const paid = await becomes('paid');
  const history = await historyOf(`order/${order.id}`);

  expect(order.payments).toMatchObject([{ status: 'failed', failureReason: 'card_declined' }]);
  expect(paid.status).toBe('confirmed');
  expect(history.match(/sealed:/g)?.length).toBeGreaterThanOrEqual(2);
  expect(history).not.toMatch(/tok_(declined|ok)/);
});

it.each(['on a clock', 'in real time'])('an invoice is paid %s by a token that no history tells', async (when) => {
  const shop = await openSubscriptionShop();
  const planId = await shop.addPlan();
  const customerId = await shop.addCustomer(when === 'on a clock' ? await shop.addClock() : undefined);
  const { id } = await shop.subscribe({ customerId, planId });
  const [invoice] = await shop.invoicesOf(id);
  const pay = (paymentToken: string) =>
    shop.admin.post(`/invoices/${invoice.id}/pay`, { paymentMethod: 'card', paymentToken });

  const [declined, paid] = [await pay(token), await pay('tok_ok')];
  const history = await historyOf(`subscription/${id}`);

  expect(declined.body).toMatchObject({ status: 'failed', failureReason: 'card_declined' });
  expect(paid.body).toMatchObject({ status: 'success' });
  // The command, and in real time the charge that its own run makes.
  expect(history.match(/sealed:/g)?.length).toBeGreaterThanOrEqual(when === 'on a clock' ? 2 : 4);
  expect(history).not.toMatch(/tok_(declined|ok)/);
});

it('a sealed token is no token that can be saved', async () => {
  const shop = await openSubscriptionShop();
  const saved = await shop.admin.post(`/customers/${await shop.addCustomer()}/payment-methods`, {
    paymentToken: 'sealed:AAAA',
  });

  expect(saved).toMatchObject({ status: 422, body: { code: 'payment_token_unknown', field: '/paymentToken' } });
});
