/**
 * Records the histories of this folder against a system that runs: real API, real worker, real Temporal.
 *
 *   npm start                                   in one terminal
 *   node test/histories/record.mjs [name …]     in another; about 80 s, because one path waits for a payment window
 *
 * Histories of released code are never recorded again: they prove that running workflows survive an upgrade. A new path
 * gets a new name here and a line in manifest.json.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { openRecorder } from './recorder.mjs';

const { endpoints, workflow, call, logIn, save, record } = await openRecorder();
const admin = await logIn('admin@demo.test');
const customer = await logIn('customer@demo.test');
const sku = `REC-${process.pid}`;
const product = await addProduct(sku, 50_000);
const gift = await addProduct(`${sku}-FREE`, 0);

async function addProduct(name, price) {
  const { id } = await call('POST', '/products', { token: admin, body: { sku: name, name, price, currency: 'VND' } });
  await call('PUT', `/inventory/${id}`, { token: admin, body: { quantity: 1_000, reorderLevel: 0 } });

  return id;
}

const order = (fields = {}, may = []) =>
  call('POST', '/orders', {
    token: customer,
    body: { items: [{ productId: product, quantity: 1 }], shippingAddress: '12 Tràng Tiền, Hà Nội', ...fields },
    may,
  });
const succeed = (paymentId) => call('POST', `/payments/${paymentId}/test/success`, { body: {} });
const fail = (paymentId) => call('POST', `/payments/${paymentId}/test/fail`, { body: {} });
const act = (id, what, body = {}, token = admin) => call('POST', `/orders/${id}/${what}`, { token, body });
const signal = (id, name, ...args) => workflow.getHandle(`order/${id}`).signal(name, ...args);
const settled = () => sleep(1_500);
const sandbox = (where, body) => call('POST', where, { base: `${endpoints.vnpaySandbox}/sandbox`, body });

async function shortWindow(work) {
  await call('PUT', '/company/settings', { token: admin, body: { orderPaymentWindowMinutes: 1, paymentExpiryMarginSeconds: 0 } });
  try {
    return await work();
  } finally {
    await call('PUT', '/company/settings', { token: admin, body: { orderPaymentWindowMinutes: null, paymentExpiryMarginSeconds: null } });
  }
}

/** Each path: does it, and answers the histories to keep. */
const paths = {
  async 'order/waiting-for-payment'() {
    return { 'order/waiting-for-payment': `order/${(await order()).id}` };
  },
  async 'order/paid-waiting-to-ship'() {
    const { id, paymentId } = await order();
    await succeed(paymentId);

    return { 'order/paid-waiting-to-ship': `order/${id}` };
  },
  async 'order/paid-by-notification'() {
    const { id, paymentUrl } = await order();
    await sandbox('/pay', { paymentUrl, behaviour: 'pay' });
    await settled();

    return { 'order/paid-by-notification': `order/${id}` };
  },
  async 'order/shipped-and-delivered'() {
    const { id, paymentId } = await order();
    await succeed(paymentId);
    await act(id, 'ship', { carrier: 'GHN', trackingNumber: 'GHN-1' });
    await act(id, 'deliver');

    return { 'order/shipped-and-delivered': `order/${id}` };
  },
  async 'order/cash-on-delivery'() {
    const { id } = await order({ paymentMethod: 'cod' });
    await act(id, 'ship');
    await act(id, 'deliver');

    return { 'order/cash-on-delivery': `order/${id}` };
  },
  async 'order/refused-out-of-stock'() {
    const { refused } = { refused: await refusedOrder() };

    return { 'order/refused-out-of-stock': refused };
  },
  async 'order/free'() {
    const { id } = await order({ items: [{ productId: gift, quantity: 1 }] });
    await settled();

    return { 'order/free': `order/${id}` };
  },
  async 'order/failed-then-paid-again'() {
    const { id, paymentId } = await order();
    await fail(paymentId);
    const again = await act(id, 'pay', {}, customer);
    await succeed(again.paymentId);

    return { 'order/failed-then-paid-again': `order/${id}` };
  },
  async 'order/card-accepted'() {
    return { 'order/card-accepted': `order/${(await order({ paymentMethod: 'card', paymentToken: 'tok_ok' })).id}` };
  },
  async 'order/card-declined-then-accepted'() {
    const { id } = await order({ paymentMethod: 'card', paymentToken: 'tok_declined' });
    await act(id, 'pay', { paymentToken: 'tok_ok' }, customer);

    return { 'order/card-declined-then-accepted': `order/${id}` };
  },
  async 'order/card-without-an-answer'() {
    return { 'order/card-without-an-answer': `order/${(await order({ paymentMethod: 'card', paymentToken: 'tok_timeout' })).id}` };
  },
  async 'order/cancelled-unpaid'() {
    const { id } = await order();
    await act(id, 'cancel', { reason: 'changed my mind' }, customer);

    return { 'order/cancelled-unpaid': `order/${id}` };
  },
  async 'order/cancelled-by-signal'() {
    const { id } = await order();
    await signal(id, 'cancel', { reason: 'by an operator' });
    await settled();

    return { 'order/cancelled-by-signal': `order/${id}` };
  },
  async 'order/signals-refused'() {
    const { id, paymentId } = await order();
    await signal(id, 'cancel', { reason: 7 });
    await succeed(paymentId);
    await act(id, 'ship');
    await signal(id, 'cancel', { reason: 'too late' });
    await signal(id, 'paymentSettled', { paymentId: 'none' });
    await settled();

    return { 'order/signals-refused': `order/${id}` };
  },
  async 'order/cancelled-after-payment'() {
    const { id, paymentId } = await order({ paymentMethod: 'card', paymentToken: 'tok_ok' });
    await act(id, 'cancel', { reason: 'changed my mind' }, customer);
    await settled();

    return { 'order/cancelled-after-payment': `order/${id}`, 'payment/owner-cancelled': `payment/${paymentId}` };
  },
  async 'order/superseded-payment-succeeds'() {
    const { id, paymentId } = await order();
    await act(id, 'pay', {}, customer);
    await succeed(paymentId);

    return { 'order/superseded-payment-succeeds': `order/${id}` };
  },
  async 'order/second-payment-refunded'() {
    const { id, paymentId } = await order();
    const again = await act(id, 'pay', {}, customer);
    await succeed(again.paymentId);
    await succeed(paymentId);
    await settled();

    return { 'order/second-payment-refunded': `order/${id}`, 'payment/second-payment': `payment/${paymentId}` };
  },
  async 'payment/owner-is-over'() {
    const { id, paymentId, paymentUrl } = await order();
    await act(id, 'cancel', { reason: 'changed my mind' }, customer);
    await sandbox('/pay', { paymentUrl, behaviour: 'pay' });
    await sleep(6_000);

    return { 'payment/owner-is-over': `payment/${paymentId}` };
  },
  async 'payment/refund-requested'() {
    const { paymentId } = await order({ paymentMethod: 'card', paymentToken: 'tok_ok' });
    await call('POST', `/payments/${paymentId}/refund`, { token: admin, body: { amount: 5_000, reason: 'goodwill' } });

    return { 'payment/refund-requested': `payment/${paymentId}` };
  },
  async 'payment/refund-refused'() {
    const { paymentId } = await order({ paymentMethod: 'card', paymentToken: 'tok_ok' });
    await call('POST', `/payments/${paymentId}/refund`, { token: admin, body: { amount: 56_000 }, may: [422] });

    return { 'payment/refund-refused': `payment/${paymentId}` };
  },
  async 'order/window-ended'() {
    const ended = await shortWindow(() => order());
    await sleep(63_000);

    return { 'order/window-ended': `order/${ended.id}` };
  },
  async 'order/window-ended-provider-away'() {
    const ended = await shortWindow(() => order());
    await sleep(55_000);
    await sandbox('/faults', { fault: 'http_500', times: 10 });
    await sleep(25_000);

    return { 'order/window-ended-provider-away': `order/${ended.id}` };
  },
};

/** The answer of a refused order does not tell its id: it is the newest workflow that ended so. */
async function refusedOrder() {
  await order({ items: [{ productId: product, quantity: 100_000 }] }, [409]);

  for (let tries = 0; tries < 20; tries += 1) {
    for await (const found of workflow.list({ query: `WorkflowType = 'order' AND ExecutionStatus = 'Completed'` })) {
      if ((await workflow.getHandle(found.workflowId).result()).refusal?.code === 'out_of_stock') {
        return found.workflowId;
      }
    }
    await sleep(500);
  }
  throw new Error('The refused order cannot be found.');
}

await record(
  Object.fromEntries(
    Object.entries(paths).map(([name, walk]) => [
      name,
      async () => {
        for (const [file, workflowId] of Object.entries(await walk())) {
          await save(file, workflowId);
        }
      },
    ]),
  ),
);
