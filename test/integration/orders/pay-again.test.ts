import { createProviderActivities } from '../../../activities/provider-activities';
import { chargeEffectKey } from '../../../domain/payments/payment-id-rules';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;
let product: number;

beforeAll(async () => {
  world = await openOrderWorld();
  product = await world.addProduct({ price: 50_000, stock: 10_000 });
});

afterAll(() => world?.close());

const buy = async (wish = {}) => {
  const placed = await world.place({ items: [{ productId: product, quantity: 1 }], ...wish });

  return { orderId: placed.orderId, first: placed.payment.paymentId };
};
const settle = (orderId: number, paymentId: number) =>
  world.steps.settleOrder({ companyId: world.company.id, orderId, paymentId });
const pay = (orderId: number, paymentId: number) => world.pay({ orderId, payment: { paymentId } });
const statuses = async (orderId: number) => (await world.read(orderId)).payments.map(({ status }) => status);

describe('paying again', () => {
  it('supersedes the payment under way, so that one waits at most', async () => {
    const { orderId, first } = await buy();
    const second = await world.payAgain(orderId);
    const third = await world.payAgain(orderId);
    const order = await world.read(orderId);

    expect(order.payments).toMatchObject([
      { id: first, attempt: 1, status: 'superseded' },
      { id: second, attempt: 2, status: 'superseded' },
      { id: third, attempt: 3, status: 'initiated', amount: 55_000, paymentUrl: expect.stringContaining('vnp_TxnRef') },
    ]);
    expect((await world.events(`order/${orderId}`)).filter((type) => type === 'payment.initiated')).toHaveLength(3);
    await expect(
      world.query("UPDATE finance.payments SET status = 'initiated' WHERE id = $1", [first]),
    ).rejects.toThrow(/payments_one_initiated_per_invoice/);
  });

  it('after a failure makes the order wait again, also by another method', async () => {
    const { orderId, first } = await buy();
    await world.enter(first, 'failed');
    await settle(orderId, first);
    const second = await world.payAgain(orderId, { paymentMethod: 'card', paymentToken: 'tok_ok' });

    expect(await world.read(orderId)).toMatchObject({
      status: 'pending',
      paymentStatus: 'pending',
      paymentMethod: 'card',
      payments: [{ status: 'failed' }, { id: second, status: 'initiated', method: 'card', paymentUrl: null }],
    });
    // The failure of the older one is no news about the newer one.
    expect(await settle(orderId, first)).toEqual({ kind: 'unchanged' });
    expect(await pay(orderId, second)).toEqual({ kind: 'completed' });
  });

  it('repeated with the same id is the same payment', async () => {
    const { orderId, first } = await buy();
    const again = { companyId: world.company.id, orderId, paymentMethod: null, paymentToken: null, customerIp: null };

    expect(await world.steps.startPayment({ ...again, paymentId: first, locale: 'vi' })).toMatchObject({
      kind: 'done',
      value: { paymentId: first, attempt: 1, status: 'initiated' },
    });
    expect(await statuses(orderId)).toEqual(['initiated']);
  });

  it('is refused for an order that is paid, also when it has not heard of it yet', async () => {
    const { orderId, first } = await buy();
    await world.enter(first, 'success');

    await expect(world.payAgain(orderId)).rejects.toThrow('order_already_paid');
    await settle(orderId, first);
    await expect(world.payAgain(orderId)).rejects.toThrow('order_already_paid');
  });

  it('is refused when the time to pay is over, and until then gets what is left of it', async () => {
    const start = world.now;
    const { orderId } = await buy();

    try {
      world.now = new Date(start.getTime() + 14.5 * 60_000);
      await world.payAgain(orderId);
      const latest = (await world.read(orderId)).payments.at(-1);
      expect(Date.parse(latest?.expiresAt ?? '')).toBe(start.getTime() + 15 * 60_000);

      world.now = new Date(start.getTime() + 15 * 60_000);
      await expect(world.payAgain(orderId)).rejects.toThrow('order_state');
    } finally {
      world.now = start;
    }
  });

  it('ten times at once leaves one payment that waits', async () => {
    const { orderId } = await buy();
    await Promise.all(Array.from({ length: 10 }, () => world.payAgain(orderId)));
    const found = await statuses(orderId);

    expect(found.filter((status) => status === 'initiated')).toHaveLength(1);
    expect(found.filter((status) => status === 'superseded')).toHaveLength(10);
    expect((await world.read(orderId)).payments.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: 11 }, (_, nth) => nth + 1),
    );
  });
});

describe('a late success', () => {
  it('on a superseded payment completes the order when it is unpaid, and sets the newer payment aside', async () => {
    const { orderId, first } = await buy();
    await world.payAgain(orderId);

    expect(await pay(orderId, first)).toEqual({ kind: 'completed' });
    expect(await world.read(orderId)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
    expect(await statuses(orderId)).toEqual(['success', 'superseded']);
  });

  it('on a superseded payment goes back when another one paid, and leaves the order as it is', async () => {
    const { orderId, first } = await buy();
    const second = await world.payAgain(orderId);
    await pay(orderId, second);

    expect(await pay(orderId, first)).toEqual({ kind: 'refund_due', paymentId: first });
    expect(await statuses(orderId)).toEqual(['refund_due', 'success']);
    await world.refund(first, null);
    expect(await statuses(orderId)).toEqual(['refunded', 'success']);
    expect(await world.read(orderId)).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      invoice: { status: 'paid', paidAmount: 55_000 },
    });
  });

  it('that goes back does not hide that a part of the right one was given back', async () => {
    const { orderId, first } = await buy();
    const second = await world.payAgain(orderId);
    await pay(orderId, second);
    await world.refund(second, 5_000);
    await pay(orderId, first);
    await world.refund(first, null);

    expect(await world.read(orderId)).toMatchObject({ paymentStatus: 'partially_refunded' });
    expect(await statuses(orderId)).toEqual(['refunded', 'partially_refunded']);
  });

  it('on both of two payments completes the order once and gives one back', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { orderId, first } = await buy();
      const second = await world.payAgain(orderId);
      const kinds = (await Promise.all([pay(orderId, first), pay(orderId, second)])).map(({ kind }) => kind);

      expect(kinds.sort()).toEqual(['completed', 'refund_due']);
      expect((await statuses(orderId)).sort()).toEqual(['refund_due', 'success']);
    }
  });

  describe('of a card', () => {
    const charge = (paymentId: number, token: string) =>
      createProviderActivities({
        database: world.database,
        gateways: world.gateways,
        clock: { now: () => world.now },
        installation: 'test',
        allowTestPayments: true,
      }).chargePayment({ companyId: world.company.id, paymentId, token });
    const charged = (customerId: number) =>
      world.query('SELECT outcome FROM sandbox.card_charges WHERE token LIKE $1 ORDER BY idempotency_key', [
        `% customer/${customerId}`,
      ]);

    it('superseded while its bank had not answered is asked for, and goes back', async () => {
      const customerId = await world.company.addCustomer();
      const { orderId, first } = await buy({ customerId, paymentMethod: 'card', paymentToken: 'tok_timeout' });
      const [row] = await world.query('SELECT reference, invoice_id FROM finance.payments WHERE id = $1', [first]);
      const sent = await world.gateways.get('card')?.charge?.({
        effectKey: chargeEffectKey('test', row!['invoice_id'], 1),
        reference: row!['reference'],
        token: 'tok_timeout',
        subject: `customer/${customerId}`,
        amount: 55_000,
        currency: 'VND',
        now: world.now.toISOString(),
      });
      expect(sent).toEqual({ outcome: 'unknown', reason: 'timeout' });

      const second = await world.payAgain(orderId, { paymentMethod: 'card', paymentToken: 'tok_ok' });
      expect(await charge(second, 'tok_ok')).toEqual({ outcome: 'success' });
      expect(await settle(orderId, second)).toEqual({ kind: 'completed' });
      expect(await charge(first, 'tok_timeout')).toEqual({ outcome: 'success' });
      expect(await settle(orderId, first)).toEqual({ kind: 'refund_due', paymentId: first });
      expect(await charged(customerId)).toEqual([{ outcome: 'success' }, { outcome: 'success' }]);
    });

    it('superseded before it was sent is not sent any more', async () => {
      const customerId = await world.company.addCustomer();
      const { orderId, first } = await buy({ customerId, paymentMethod: 'card', paymentToken: 'tok_ok' });
      await world.payAgain(orderId);

      expect(await charge(first, 'tok_ok')).toEqual({ outcome: 'failed' });
      expect(await charged(customerId)).toEqual([]);
      expect(await statuses(orderId)).toEqual(['superseded', 'initiated']);
    });

    it('is not declined where its provider knows the key of another charge: a fault of ours, tried again', async () => {
      const customerId = await world.company.addCustomer();
      const { orderId, first } = await buy({ customerId, paymentMethod: 'card', paymentToken: 'tok_ok' });
      const [row] = await world.query('SELECT reference, invoice_id FROM finance.payments WHERE id = $1', [first]);
      await world.gateways.get('card')?.charge?.({
        effectKey: chargeEffectKey('test', row!['invoice_id'], 1),
        reference: row!['reference'],
        token: 'tok_ok',
        subject: `customer/${customerId}`,
        amount: 54_999,
        currency: 'VND',
        now: world.now.toISOString(),
      });

      await expect(charge(first, 'tok_ok')).rejects.toThrow(/idempotency_key_reused/);
      await expect(charge(first, 'tok_ok')).rejects.not.toMatchObject({ nonRetryable: true });
      expect(await statuses(orderId)).toEqual(['initiated']);
    });

    it('is declined where its provider never issued the token', async () => {
      const { orderId, first } = await buy({ paymentMethod: 'card', paymentToken: 'tok_never_issued' });

      expect(await charge(first, 'tok_never_issued')).toEqual({ outcome: 'failed' });
      expect(await statuses(orderId)).toEqual(['failed']);
    });

    it('charged again and again is charged once', async () => {
      const customerId = await world.company.addCustomer();
      const { orderId, first } = await buy({ customerId, paymentMethod: 'card', paymentToken: 'tok_ok' });
      await Promise.all(Array.from({ length: 10 }, () => charge(first, 'tok_ok')));

      expect(await charged(customerId)).toEqual([{ outcome: 'success' }]);
      expect(await settle(orderId, first)).toEqual({ kind: 'completed' });
      // The order waits for the charge itself, so the relay has nothing to tell.
      const inbox = await world.query(
        `SELECT e.outcome, e.signalled_at IS NOT NULL AS "isTold" FROM finance.provider_events e
           JOIN finance.payments p ON p.reference = e.reference WHERE p.id = $1`,
        [first],
      );
      expect(inbox).toEqual([{ outcome: 'success', isTold: true }]);
    });
  });
});
