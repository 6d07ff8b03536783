import { testSystem } from '../../environment/test-system';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

/** A customer on a clock whose card pays, with a monthly plan of 100,000 unless said otherwise. */
async function onClock(
  shop: SubscriptionShop,
  plan: Parameters<SubscriptionShop['addPlan']>[0] = {},
  token = 'tok_ok',
) {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const planId = await shop.addPlan({ price: 100_000, ...plan });
  const made = await shop.subscribe({
    customerId,
    planId,
    useTrial: plan.trialDays !== undefined,
    paymentMethod: 'card',
    paymentToken: token,
  });

  return { clockId, planId, id: made.id as number, made };
}

it('a difference is charged once, however often the plan goes up and down', async () => {
  const shop = await openSubscriptionShop({ planChangeBilling: 'charge_difference' });
  const { id, clockId, planId } = await onClock(shop);
  const dearer = await shop.addPlan({ price: 300_000 });

  for (const [day, newPlanId] of [
    [10, dearer],
    [11, planId],
    [12, dearer],
  ] as const) {
    await shop.advance(clockId, daysAfter(firstDay, day));
    const changed = await shop.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId, immediate: true });
    expect(changed.status).toBe(200);
  }

  // 200,000 × 21 of 31 days.
  expect((await shop.invoicesOf(id)).map(({ subtotal }) => subtotal)).toEqual([100_000, 135_484]);
});

it('a cycle that no calendar knows follows the day it began on, and is renewed', async () => {
  const shop = await openSubscriptionShop({ billingTime: 'calendar' });
  const { id, clockId, made } = await onClock(shop, { billingCycle: 'biweekly' });
  expect(made).toMatchObject({ currentPeriodStart: firstDay, currentPeriodEnd: '2025-11-09T00:00:00+07:00' });
  await shop.advance(clockId, daysAfter(firstDay, 15));

  expect(await shop.read(id)).toMatchObject({ status: 'active', currentPeriodEnd: '2025-11-23T00:00:00+07:00' });
});

it('an invoice ahead is void when the plan changes, and nobody is told of money that did not come', async () => {
  const shop = await openSubscriptionShop();
  const { id, clockId } = await onClock(shop);
  await shop.advance(clockId, daysAfter(firstDay, 29));
  const [, ahead] = await shop.invoicesOf(id);
  expect(ahead).toMatchObject({ status: 'open', purpose: 'renewal' });
  const newPlanId = await shop.addPlan({ price: 600_000 });
  await shop.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId, immediate: true });

  const invoices = await shop.invoicesOf(id);
  expect(invoices.find((one) => one.id === ahead.id)).toMatchObject({ status: 'void', paidAmount: 0 });
  const received = await testSystem().query(
    `SELECT 1 FROM platform.notices WHERE company_id = $1 AND subject = $2 AND kind = 'payment_received'`,
    [shop.company.id, `subscription/${id}`],
  );
  const paid = (await shop.eventsOf(id)).filter(({ type }) => type === 'payment.success');
  expect(received).toHaveLength(paid.length);
});

it('an invoice that was given up is paid late, and revives nothing', async () => {
  const shop = await openSubscriptionShop();
  const { id, clockId } = await onClock(shop, { trialDays: 14 }, 'tok_declined');
  await shop.advance(clockId, daysAfter(firstDay, 30));
  const [invoice] = await shop.invoicesOf(id);
  expect(invoice).toMatchObject({ status: 'uncollectible', dueAmount: 110_000 });
  const paid = await shop.admin.post(`/invoices/${invoice.id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });

  expect(paid).toMatchObject({ status: 200, body: { status: 'success' } });
  expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid', paidAmount: 110_000, dueAmount: 0 }]);
  expect(await shop.read(id)).toMatchObject({ status: 'expired' });
});
