import { problemOf } from '../orders/orders-test-shop';
import { openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

const from = '2025-12-20T10:00:00+07:00';
const day = (instant: string) => instant.slice(0, 10);

async function onClock(shop: SubscriptionShop, fields: Record<string, unknown>) {
  const clockId = await shop.addClock(from);
  const customerId = await shop.addCustomer(clockId);
  const { id } = await shop.subscribe({ customerId, paymentMethod: 'card', paymentToken: 'tok_ok', ...fields });

  return { id: id as number, clockId };
}

describe('a term from an anchor day', () => {
  const billingAnchorDay = 31;
  const endsAt = '2026-04-15T10:00:00+07:00';
  // 300,000 × 11 / 31 days up to 31 December, from 30 November on; then whole months on the last days; 300,000 × 15 / 30 to the end.
  const expected = [
    ['2025-12-20', '2025-12-31', 106_452],
    ['2025-12-31', '2026-01-31', 300_000],
    ['2026-01-31', '2026-02-28', 300_000],
    ['2026-02-28', '2026-03-31', 300_000],
    ['2026-03-31', '2026-04-15', 150_000],
  ];
  let shop: SubscriptionShop;
  let planId: number;

  beforeAll(async () => {
    shop = await openSubscriptionShop();
    planId = await shop.addPlan({ price: 300_000 });
  });

  it('bills what was foreseen before it began and while it runs, then expires', async () => {
    const quoted = await shop.admin.post('/subscriptions/forecast', {
      planId,
      billingAnchorDay,
      endsAt,
      startsAt: from,
      until: '2027-01-01T00:00:00+07:00',
    });
    const { id, clockId } = await onClock(shop, { planId, billingAnchorDay, endsAt });
    await shop.advance(clockId, '2026-01-10T00:00:00+07:00');
    const seen = await shop.admin.get(`/subscriptions/${id}/forecast?until=2027-01-01T00:00:00Z`);
    await shop.advance(clockId, '2026-06-01T00:00:00+07:00');
    const invoices = await shop.invoicesOf(id);

    const linesOf = (lines: any[]) => lines.map((one) => [day(one.periodStart), day(one.periodEnd), one.subtotal]);
    expect(linesOf(invoices)).toEqual(expected);
    expect(linesOf(quoted.body.invoices)).toEqual(expected);
    expect(linesOf(seen.body.invoices)).toEqual(expected.slice(2));
    expect(quoted.body).toMatchObject({ periods: '3.854838710', totalAmount: 1_272_097, status: 'expired' });
    expect(invoices.map(({ status, createdAt }) => [status, day(createdAt)])).toEqual(
      quoted.body.invoices.map(({ issuedAt }: { issuedAt: string }) => ['paid', day(issuedAt)]),
    );
    expect(invoices[0]).toMatchObject({ periodThrough: '2025-12-31T09:59:59+07:00' });
    expect(await shop.read(id)).toMatchObject({ status: 'expired', billingAnchorDay, endsAt, endedAt: endsAt });
  });

  it('keeps its day in a plan of another length', async () => {
    const other = await openSubscriptionShop({ planChangeOtherCycle: 'keep_anchor_day' });
    const monthly = await other.addPlan({ price: 300_000 });
    const quarterly = await other.addPlan({ price: 1_200_000, billingCycle: 'quarterly' });
    const { id, clockId } = await onClock(other, { planId: monthly, billingAnchorDay });
    await other.advance(clockId, '2026-02-10T10:00:00+07:00');
    await other.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId: quarterly, immediate: true });
    await other.advance(clockId, '2026-06-01T10:00:00+07:00');

    expect((await other.invoicesOf(id)).slice(-2).map((one) => [day(one.periodStart), day(one.periodEnd)])).toEqual([
      ['2026-02-28', '2026-05-31'],
      ['2026-05-31', '2026-08-31'],
    ]);
  });

  it('that makes no sense is refused, and nothing is made', async () => {
    const customerId = await shop.addCustomer();
    const refused = async (fields: Record<string, unknown>) =>
      problemOf(await shop.admin.post('/subscriptions', { customerId, planId, paymentMethod: 'vnpay', ...fields }));
    const { id } = await onClock(shop, { planId });
    const asked = async (until: string) =>
      problemOf(await shop.admin.get(`/subscriptions/${id}/forecast?until=${until}`));

    expect(await refused({ endsAt: '2020-01-01T00:00:00Z' })).toBe('422 invalid_date_sequence /endsAt');
    expect(await refused({ billingAnchorDay: 32 })).toMatch(/validation_failed/);
    expect(await asked('2024-01-01T00:00:00Z')).toBe('422 invalid_date_sequence until');
    expect(await asked('2150-01-01T00:00:00Z')).toMatch(/validation_failed/);
    expect(await asked('9999-12-31T23:59:59Z')).toMatch(/validation_failed/);
    expect((await shop.admin.get(`/subscriptions/customer/${customerId}`)).body.data).toEqual([]);
  });
});

it('the day of a change is charged to the old plan where the company says so', async () => {
  const shop = await openSubscriptionShop({
    planChangeDayOfChange: 'old_plan',
    prorationConvention: 'by_day_inclusive',
  });
  const [cheap, dear] = [await shop.addPlan({ price: 310_000 }), await shop.addPlan({ price: 620_000 })];
  const { id, clockId } = await onClock(shop, { planId: cheap });
  await shop.advance(clockId, '2026-01-09T15:00:00+07:00');
  const { body } = await shop.admin.post(`/subscriptions/${id}/change-plan?preview=true`, { newPlanId: dear });

  // 10 of 31 days are left after the 9th.
  expect(body).toMatchObject({ creditNotes: [{ subtotal: -100_000 }], invoices: [{ subtotal: 200_000 }] });
});
