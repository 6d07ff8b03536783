import { createProviderActivities } from '../../../activities/provider-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { startVnpaySandbox, type VnpaySandbox } from '../../../sandboxes/vnpay/start-vnpay-sandbox';
import { openOrderWorld, type OrderWorld } from './order-world';

const vnpay = { tmnCode: 'BMMSTEST', hashSecret: 'refund-tests-only-secret-0123456' };
/** What time it is for everybody. */
let at = new Date('2026-05-04T03:00:00.000Z');
let world: OrderWorld;
let sandbox: VnpaySandbox;

beforeAll(async () => {
  sandbox = await startVnpaySandbox({
    port: 0,
    ...vnpay,
    ipnUrl: 'http://127.0.0.1:9/nobody',
    now: () => at,
  });
  world = await openOrderWorld({
    env: {
      VNPAY_TMN_CODE: vnpay.tmnCode,
      VNPAY_HASH_SECRET: vnpay.hashSecret,
      VNPAY_PAY_URL: sandbox.payUrl,
      VNPAY_API_URL: sandbox.apiUrl,
    },
  });
  Object.defineProperty(world, 'now', { get: () => at });
});

afterAll(async () => {
  await sandbox?.close();
  await world?.close();
});

const control = async (method: 'GET' | 'POST', path: string, body?: object) => {
  const answer = await fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);

  return (method === 'GET' ? answer.json() : undefined) as Promise<any>;
};
const providers = () =>
  createProviderActivities({
    database: world.database,
    gateways: world.gateways,
    clock: { now: () => at },
    installation: 'test',
    allowTestPayments: false,
  });

/** Paid at VNPay on 4 May; its refund is entered on the same day, a minute before midnight in Hà Nội. */
async function enterRefund() {
  at = new Date('2026-05-04T03:00:00.000Z');
  const productId = await world.addProduct();
  const { orderId, payment } = await world.place({ items: [{ productId, quantity: 1 }] });
  const { paymentId } = payment;
  const { reference, paymentUrl } = (
    await world.query<{ reference: string; paymentUrl: string }>(
      'SELECT reference, payment_url AS "paymentUrl" FROM finance.payments WHERE id = $1',
      [paymentId],
    )
  )[0]!;
  await control('POST', '/pay', { paymentUrl, behaviour: 'ipn_lost' });
  const of = { companyId: world.company.id, paymentId };
  expect(await providers().queryPayment(of)).toEqual({ outcome: 'success' });
  await world.steps.settleOrder({ ...of, orderId });
  at = new Date('2026-05-04T16:59:00.000Z');
  const begun = await world.steps.beginRefund({
    ...of,
    refundId: await reserveId(world.database, 'refund'),
    amount: null,
    reason: 'hỏng',
  });

  if (begun.kind === 'refused') {
    throw new Error(JSON.stringify(begun.error));
  }

  return { refund: begun.value, sent: async () => (await control('GET', `/transactions/${reference}`)).refunds };
}

const firstMinuteOfNextDay = new Date('2026-05-04T17:00:30.000Z');

describe('a refund at VNPay', () => {
  it('that is first sent on the day after it was entered is sent, and once', async () => {
    const { refund, sent } = await enterRefund();
    at = firstMinuteOfNextDay;

    const answer = await providers().refundAtProvider(refund);
    expect(answer).toMatchObject({ kind: 'succeeded', transactionId: expect.stringMatching(/./) });
    expect(await sent()).toMatchObject([{ amount: 5_500_000 }]);

    // Its answer was lost: on a later day it is looked up.
    at = new Date('2026-05-06T03:00:00.000Z');
    expect(await providers().refundAtProvider(refund)).toEqual(answer);
    expect(await sent()).toHaveLength(1);
  });

  it('that may have been sent on the day before is not sent again, but looked up', async () => {
    const { refund, sent } = await enterRefund();
    await control('POST', '/faults', { fault: 'http_500', times: 1 });
    await expect(providers().refundAtProvider(refund)).rejects.toThrow('http_500');
    at = firstMinuteOfNextDay;

    await expect(providers().refundAtProvider(refund)).rejects.toThrow('sent_on_an_earlier_day');
    expect(await sent()).toEqual([]);
  });
});
