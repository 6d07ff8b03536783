import { testSystem } from '../../environment/test-system';
import { problemOf } from '../orders/orders-test-shop';
import { openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop({
    taxRatePpm: 0,
    dunningEndAction: 'leave',
    dunningCampaign: { maxAttempts: 2, daysBetween: 2 },
    overdueThresholds: { VND: 150_000 },
  });
});

const eventsOf = (campaignId: number) =>
  testSystem().query<{ type: string; payload: any }>(
    'SELECT type, payload FROM platform.events WHERE company_id = $1 AND subject = $2 ORDER BY subject_seq',
    [shop.company.id, `dunning/${campaignId}`],
  );

async function payAll(subscriptionId: number): Promise<void> {
  for (const { id, status } of await shop.invoicesOf(subscriptionId)) {
    if (status === 'open') {
      const paid = await shop.admin.post(`/invoices/${id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });
      expect(paid.body).toMatchObject({ status: 'success' });
    }
  }
}

it('asks an account for all it owes from the threshold on, after more than the days between, and finishes once', async () => {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const subscribe = async (price: number) => {
    const planId = await shop.addPlan({ price });
    const { id } = await shop.subscribe({ customerId, planId });
    await payAll(id);

    return id as number;
  };
  const requests = async () => (await shop.admin.get(`/customers/${customerId}/payment-requests`)).body.data;
  const balance = async () => (await shop.admin.get(`/customers/${customerId}/balance`)).body;
  const first = await subscribe(149_000);
  await shop.advance(clockId, '2025-10-29T00:00:00+07:00');
  const second = await subscribe(6_000);

  // 149,000 are overdue from the 3rd, 155,000 from the 6th.
  await shop.advance(clockId, '2025-12-05T12:00:00+07:00');
  expect(await requests()).toEqual([]);
  expect(await balance()).toMatchObject({
    overdue: { amount: 149_000 },
    campaign: { status: 'active', attempts: 0, lastRequestOn: null, nextLookAt: '2026-01-02T09:00:00+07:00' },
  });
  await shop.advance(clockId, '2025-12-06T12:00:00+07:00');
  const invoices = [first, second].map(async (id) => (await shop.invoicesOf(id)).at(-1));
  const [ofFirst, ofSecond] = await Promise.all(invoices);
  expect(await requests()).toMatchObject([
    {
      attempt: 1,
      amount: 155_000,
      currency: 'VND',
      requestedOn: '2025-12-06',
      createdAt: '2025-12-06T09:00:00+07:00',
      invoices: [
        { invoiceId: ofFirst.id, invoiceNumber: ofFirst.invoiceNumber, dueAmount: 149_000 },
        { invoiceId: ofSecond.id, invoiceNumber: ofSecond.invoiceNumber, dueAmount: 6_000 },
      ],
    },
  ]);
  await shop.advance(clockId, '2025-12-08T23:00:00+07:00');
  expect(await requests()).toHaveLength(1);
  const { campaign } = await balance();
  expect(campaign).toMatchObject({ attempts: 1, lastRequestOn: '2025-12-06', nextLookAt: '2025-12-09T09:00:00+07:00' });
  await shop.advance(clockId, '2025-12-09T09:00:00+07:00');
  expect(await requests()).toMatchObject([{ attempt: 2, requestedOn: '2025-12-09' }, { attempt: 1 }]);
  await shop.advance(clockId, '2025-12-20T00:00:00+07:00');
  expect((await balance()).campaign).toMatchObject({
    id: campaign.id,
    status: 'finished',
    attempts: 2,
    nextLookAt: null,
  });
  expect((await eventsOf(campaign.id)).map(({ type }) => type)).toEqual([
    'payment_request.created',
    'payment_request.created',
    'dunning_campaign.finished',
  ]);

  const { body: notices } = await shop.admin.get(`/customers/${customerId}/notices?limit=100`);
  const asked = notices.data.filter(({ kind }: { kind: string }) => kind === 'payment_request');
  expect(asked).toMatchObject(
    [2, 1].map((attempt) => ({
      subject: `dunning/${campaign.id}`,
      priority: 'important',
      isTest: true,
      data: {
        attempt,
        amount: 155_000,
        invoices: [ofFirst, ofSecond].map(({ id, invoiceNumber }) => ({ invoiceId: id, number: invoiceNumber })),
      },
    })),
  );

  // Paid, it is closed; the next debt is another campaign.
  await payAll(first);
  expect((await balance()).campaign).toMatchObject({ status: 'finished' });
  await payAll(second);
  expect(await balance()).toMatchObject({ overdue: { amount: 0 }, campaign: null });
  const { report } = await shop.advance(clockId, '2026-01-05T12:00:00+07:00');
  const [latest] = await requests();
  expect(latest).toMatchObject({ attempt: 1, amount: 155_000, requestedOn: '2026-01-05' });
  expect(latest.dunningCampaignId).not.toBe(campaign.id);
  expect(report.events).toMatchObject({ 'payment_request.created': 1 });

  const page = await shop.admin.get(`/customers/${customerId}/payment-requests?limit=2`);
  const rest = await shop.admin.get(`/customers/${customerId}/payment-requests?limit=2&cursor=${page.body.nextCursor}`);
  expect([...page.body.data, ...rest.body.data]).toEqual(await requests());

  const shopper = await shop.company.addShopper();
  const own = shop.company.visitor.with({ token: shopper.token });
  expect((await own.get(`/customers/${shopper.customerId}/payment-requests`)).body).toEqual({
    data: [],
    nextCursor: null,
  });
  expect(problemOf(await own.get(`/customers/${customerId}/payment-requests`))).toBe('404 not_found');
});
