import { testSystem } from '../../environment/test-system';
import { openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop();
});

const dueDaysOf = ({ dueDate, periodStart }: any) => (Date.parse(dueDate) - Date.parse(periodStart)) / 86_400_000;

it('are set for a customer and for one subscription, shown, and decide when invoices are due', async () => {
  const testClockId = await shop.addClock();
  const customerId = await shop.addCustomer(testClockId);
  const planId = await shop.addPlan({ price: 100_000 });
  expect(await shop.admin.patch(`/customers/${customerId}`, { daysUntilDue: 30 })).toMatchObject({
    status: 200,
    body: { daysUntilDue: 30 },
  });
  const { id } = await shop.subscribe({ customerId, planId });
  expect((await shop.invoicesOf(id)).map(dueDaysOf)).toEqual([30]);

  const set = (body: unknown) => shop.admin.post(`/subscriptions/${id}/payment-terms`, body);
  expect(await set({ daysUntilDue: 10 })).toMatchObject({ status: 200, body: { daysUntilDue: 10 } });
  expect(await set({ daysUntilDue: 10 })).toMatchObject({ status: 422, body: { code: 'no_change' } });
  expect(await set({ daysUntilDue: 366 })).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
  expect(await set({})).toMatchObject({ status: 422 });
  const [first] = await shop.invoicesOf(id);
  await shop.admin.post(`/invoices/${first.id}/payments`, { amount: first.dueAmount, method: 'cash', reference: 'Q1' });
  await shop.advance(testClockId, '2025-11-27T00:00:00+07:00');
  expect((await shop.invoicesOf(id)).map(dueDaysOf)).toEqual([30, 10]);
  expect(await shop.typesOf(id)).toContain('subscription.updated');
});

it('are agreed on at the start by managers, and hold for the first invoice', async () => {
  const customerId = await shop.addCustomer();
  const planId = await shop.addPlan({ price: 100_000 });
  const terms = { customerId, planId, daysUntilDue: 14, usageThreshold: 500_000 };
  const { id } = await shop.subscribe(terms);
  expect(await shop.read(id)).toMatchObject({ daysUntilDue: 14, usageThreshold: 500_000 });
  expect((await shop.invoicesOf(id)).map(dueDaysOf)).toEqual([14]);

  const refused = await shop.admin.post('/subscriptions', { ...terms, daysUntilDue: 366 });
  expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed', field: '/daysUntilDue' } });
  const { token } = await shop.company.addShopper();
  const asked = await testSystem().api.with({ token }).post('/subscriptions', { planId, daysUntilDue: 14 });
  expect(asked).toMatchObject({ status: 403, body: { code: 'forbidden', field: '/daysUntilDue' } });
});
