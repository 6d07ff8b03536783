import { testSystem } from '../../environment/test-system';
import { problemOf } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let planId: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan();
});

const onTrial = async (trial: Record<string, unknown>) => {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const begun = { customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok', ...trial };

  return { clockId, customerId, ...(await shop.subscribe(begun)) };
};

describe('the trial of a subscription', () => {
  it('is set at the start without one of the plan, extended, and followed by the first paid period', async () => {
    const { id, clockId, ...subscription } = await onTrial({ trialDays: 10 });
    expect(subscription).toMatchObject({ status: 'trial', trialEnd: daysIn(10), isTrialUsed: true });
    const end = (trialEnd: string) => shop.admin.post(`/subscriptions/${id}/trial`, { trialEnd });

    expect(await end('2025-11-30')).toMatchObject({ status: 200, body: { trialEnd: '2025-11-30T00:00:00+07:00' } });
    expect(problemOf(await end('2025-11-30'))).toBe('422 no_change /trialEnd');
    expect(problemOf(await end('2025-10-20'))).toBe('422 invalid_date_sequence /trialEnd');
    expect(problemOf(await end('2027-12-01'))).toBe('422 invalid_date_sequence /trialEnd');
    expect(problemOf(await end('soon'))).toBe('422 validation_failed /trialEnd');
    await shop.advance(clockId, daysAfter(firstDay, 36));

    expect(await shop.read(id)).toMatchObject({ status: 'active', currentPeriodStart: '2025-11-30T00:00:00+07:00' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid', periodStart: '2025-11-30T00:00:00+07:00' }]);
    expect(problemOf(await end('now'))).toBe('409 subscription_state');
  });

  it('ends now, with the invoice that the preview has shown', async () => {
    const { id, clockId } = await onTrial({ trialEnd: '2025-12-24T18:00:00+07:00' });
    await shop.advance(clockId, daysAfter(firstDay, 3));
    const { body: preview } = await shop.admin.post(`/subscriptions/${id}/trial?preview=true`, { trialEnd: 'now' });
    expect(preview).toMatchObject({ invoices: [{ purpose: 'first', totalAmount: 328_900 }] });
    const { body } = await shop.admin.post(`/subscriptions/${id}/trial`, { trialEnd: 'now' });

    expect(body).toMatchObject({ status: 'active', trialEnd: daysIn(3), currentPeriodStart: daysIn(3) });
    expect(await shop.invoicesOf(id)).toMatchObject([{ totalAmount: 328_900 }]);
    expect(await shop.typesOf(id)).toContain('subscription.trial.ended');
  });

  it('is for employees to give', async () => {
    const { token } = await shop.company.addShopper();
    const customer = testSystem().api.with({ token });
    const start = { planId, paymentMethod: 'vnpay' };
    expect(problemOf(await customer.post('/subscriptions', { ...start, trialDays: 30 }))).toBe(
      '403 forbidden /trialDays',
    );
    const { body } = await customer.post('/subscriptions', start);

    expect(problemOf(await customer.post(`/subscriptions/${body.id}/trial`, { trialEnd: 'now' }))).toBe(
      '403 forbidden',
    );
  });
});

const daysIn = (days: number) => {
  const at = new Date(Date.parse(firstDay) + days * 86_400_000 + 7 * 3_600_000);

  return `${at.toISOString().slice(0, 19)}+07:00`;
};
