import { testSystem } from '../../environment/test-system';
import { problemOf } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop();
});

/** 310,000 from 26 October on; November's days are 31 from there. */
const subscribed = async () => {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const planId = await shop.addPlan({ price: 310_000 });
  const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });

  return { clockId, id: id as number };
};

describe('what a change costs', () => {
  it('is put on the next invoice, and shown until then', async () => {
    const { clockId, id } = await subscribed();
    await shop.advance(clockId, daysAfter(firstDay, 10));
    const body = { quantity: 2, immediate: true, prorationBehavior: 'next_invoice' };
    const preview = await shop.admin.post(`/subscriptions/${id}/change-plan?preview=true`, body);
    const changed = await shop.admin.post(`/subscriptions/${id}/change-plan`, body);

    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      quantity: 2,
      pendingItems: [
        { kind: 'credit', item: 'plan', quantity: 1, amount: -210_000 },
        { kind: 'charge', item: 'plan', quantity: 2, unitAmount: 310_000, amount: 420_000 },
      ],
    });
    expect(preview.body).toMatchObject({ invoices: [], creditNotes: [], dueAmount: 0 });
    expect(preview.body.pendingItems.map(({ amount }: any) => amount)).toEqual([-210_000, 420_000]);
    const upcoming = await shop.admin.get(`/subscriptions/${id}/upcoming-invoice`);
    const until = encodeURIComponent(daysAfter(firstDay, 32));
    const forecast = await shop.admin.get(`/subscriptions/${id}/forecast?until=${until}`);
    expect(forecast.body.credits).toMatchObject([{ subtotal: -210_000 }]);
    await shop.advance(clockId, daysAfter(firstDay, 29));

    const invoices = await shop.invoicesOf(id);
    expect(invoices).toHaveLength(2);
    expect(invoices[1].lines.map(({ subtotal }: any) => subtotal)).toEqual([620_000, 420_000]);
    expect(upcoming.body.invoices).toMatchObject([{ totalAmount: invoices[1].totalAmount }]);
    expect((await shop.read(id)).pendingItems).toEqual([]);
  });

  it('is for employees to say, and contradictions are refused with their member', async () => {
    const { id } = await subscribed();
    const refused = async (path: string, body: object) =>
      problemOf(await shop.admin.post(`/subscriptions/${id}/${path}`, body));

    expect(await refused('cancel', { creditUnused: 'prorate' })).toBe('422 validation_failed /creditUnused');
    expect(await refused('change-plan', { quantity: 2, prorationBehavior: 'later' })).toBe(
      '422 validation_failed /prorationBehavior',
    );
    const yearly = await shop.addPlan({ price: 3_000_000, billingCycle: 'yearly' });
    const change = { newPlanId: yearly, immediate: true, prorationBehavior: 'none' };
    expect(await refused('change-plan', change)).toBe('422 proration_unavailable /prorationBehavior');
    expect((await shop.read(id)).pendingItems).toEqual([]);
  });

  it('is not for customers to say', async () => {
    const { customerId, token } = await shop.company.addShopper();
    const planId = await shop.addPlan({ price: 310_000 });
    const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
    const shopper = testSystem().api.with({ token });
    const change = { quantity: 2, immediate: true };

    expect(
      problemOf(await shopper.post(`/subscriptions/${id}/change-plan`, { ...change, prorationBehavior: 'none' })),
    ).toBe('403 forbidden /prorationBehavior');
    expect(problemOf(await shopper.post(`/subscriptions/${id}/pause?preview=true`, { creditUnused: 'prorate' }))).toBe(
      '403 forbidden /creditUnused',
    );
    expect((await shop.read(id)).quantity).toBe(1);
  });

  it('cancelled at once, unused service is credited because the request says so', async () => {
    const { clockId, id } = await subscribed();
    await shop.advance(clockId, daysAfter(firstDay, 10));
    const answer = await shop.admin.post(`/subscriptions/${id}/cancel`, {
      cancelAtPeriodEnd: false,
      creditUnused: 'prorate',
    });

    expect(answer.body).toMatchObject({ status: 'cancelled' });
    const types = await shop.typesOf(id);
    expect(types).toContain('credit_note.created');
  });
});
