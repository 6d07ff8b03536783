import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

const day = (instant: string) => instant.slice(0, 10);

/** A subscription with a card on a clock that is turned on by so many days: what was billed, oldest first. */
async function bill(shop: SubscriptionShop, options: { from?: string; days: number; plan: { billingCycle: string } }) {
  const { from = firstDay, days, plan } = options;
  const planId = await shop.addPlan(plan);
  const clockId = await shop.addClock(from);
  const customerId = await shop.addCustomer(clockId);
  const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  await shop.advance(clockId, daysAfter(from, days));
  const invoices = await shop.invoicesOf(id);

  return invoices.map((invoice) => ({
    period: `${day(invoice.periodStart)} ${day(invoice.periodEnd)}`,
    amount: invoice.subtotal,
    status: invoice.status,
  }));
}

const whole = (...boundaries: string[]) =>
  boundaries.slice(1).map((end, nth) => ({ period: `${boundaries[nth]} ${end}`, amount: 299_000, status: 'paid' }));

describe('in advance, from the day of the start', () => {
  let shop: SubscriptionShop;

  beforeAll(async () => {
    shop = await openSubscriptionShop();
  });

  it.each([
    ['daily', 2, ['2025-10-26', '2025-10-27', '2025-10-28', '2025-10-29']],
    ['weekly', 8, ['2025-10-26', '2025-11-02', '2025-11-09']],
    ['biweekly', 15, ['2025-10-26', '2025-11-09', '2025-11-23']],
    ['thirty_days', 31, ['2025-10-26', '2025-11-25', '2025-12-25']],
    ['bimonthly', 62, ['2025-10-26', '2025-12-26', '2026-02-26']],
    ['semiannual', 183, ['2025-10-26', '2026-04-26', '2026-10-26']],
    ['yearly', 366, ['2025-10-26', '2026-10-26', '2027-10-26']],
    ['biennial', 731, ['2025-10-26', '2027-10-26', '2029-10-26']],
  ])('%s', async (billingCycle, days, boundaries) => {
    expect(await bill(shop, { days, plan: { billingCycle } })).toEqual(whole(...boundaries));
  });

  it('quarterly from the last of November keeps its day, February aside', async () => {
    const from = '2025-11-30T08:30:00+07:00';

    expect(await bill(shop, { from, days: 184, plan: { billingCycle: 'quarterly' } })).toEqual(
      whole('2025-11-30', '2026-02-28', '2026-05-30', '2026-08-30'),
    );
  });
});

it('by the calendar the first days are a share of the month, then whole months follow', async () => {
  const shop = await openSubscriptionShop({ billingTime: 'calendar' });

  expect(await bill(shop, { days: 40, plan: { billingCycle: 'monthly' } })).toEqual([
    // 299,000 × 6 of 31 days = 57,870.97
    { period: '2025-10-26 2025-11-01', amount: 57_871, status: 'paid' },
    ...whole('2025-11-01', '2025-12-01', '2026-01-01'),
  ]);
});

it('by the calendar with months of thirty days the share is of thirty', async () => {
  const shop = await openSubscriptionShop({ billingTime: 'calendar', fixedDaysOfMonth: 30 });

  expect(await bill(shop, { days: 1, plan: { billingCycle: 'monthly' } })).toEqual([
    // 299,000 × 5 of 30 days: such a month has no 31st
    { period: '2025-10-26 2025-11-01', amount: 49_833, status: 'paid' },
  ]);
});

it('in arrears a period is billed when it has ended', async () => {
  const shop = await openSubscriptionShop({ billingTiming: 'in_arrears' });

  expect(await bill(shop, { days: 20, plan: { billingCycle: 'monthly' } })).toEqual([]);
  expect(await bill(shop, { days: 62, plan: { billingCycle: 'monthly' } })).toEqual(
    whole('2025-10-26', '2025-11-26', '2025-12-26'),
  );
});

it('a cycle that there is not is refused by name', async () => {
  const shop = await openSubscriptionShop();
  const { status, body } = await shop.admin.post('/plans', { name: 'x', price: 1, billingCycle: 'fortnightly' });

  expect({ status, code: body.code, field: body.field }).toEqual({
    status: 422,
    code: 'validation_failed',
    field: '/billingCycle',
  });
});
