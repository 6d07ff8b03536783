import { randomUUID } from 'node:crypto';

import { testSystem } from '../../environment/test-system';
import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let planId: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan({ trialDays: 14 });
});

const onClock = async (fields: Record<string, unknown> = {}) => {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const subscription = await shop.subscribe({
    customerId,
    planId,
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
    ...fields,
  });

  return { clockId, customerId, id: subscription.id as number, subscription };
};

describe('a subscription without a trial (flow 2)', () => {
  it('is active at once with a recurring invoice for its first month, due in seven days', async () => {
    const { id, subscription } = await onClock();
    const [invoice, ...others] = await shop.invoicesOf(id);

    expect(subscription).toMatchObject({
      status: 'active',
      amount: 299_000,
      currentPeriodStart: '2025-10-26T00:00:00+07:00',
      currentPeriodEnd: '2025-11-26T00:00:00+07:00',
      activatedAt: '2025-10-26T00:00:00+07:00',
      isTrialUsed: false,
    });
    expect(others).toEqual([]);
    expect(invoice).toMatchObject({
      subscriptionId: id,
      invoiceType: 'recurring',
      status: 'paid',
      subtotal: 299_000,
      tax: 29_900,
      totalAmount: 328_900,
      dueAmount: 0,
      periodStart: '2025-10-26T00:00:00+07:00',
      periodEnd: '2025-11-26T00:00:00+07:00',
      dueDate: '2025-11-02T00:00:00+07:00',
      metadata: { billingMode: 'recurring', businessModel: 'subscription', nextBillingDate: '2025-11-26' },
    });
    expect(invoice.invoiceNumber).toMatch(/^TEST-INV-\d{6}$/);
    expect(await shop.typesOf(id)).toEqual([
      'subscription.created',
      'invoice.created',
      'payment.initiated',
      'payment.success',
      'invoice.updated',
      'subscription.activated',
    ]);
  });

  it('whose customer pays by VNPay gets an address to pay at, and is activated by the payment', async () => {
    const customerId = await shop.addCustomer();
    const { id, openPaymentId, paymentUrl, ...created } = await shop.subscribe({
      customerId,
      planId,
      paymentMethod: 'vnpay',
    });
    expect(created).toMatchObject({ status: 'active', activatedAt: null, collection: 'send_invoice' });
    expect(paymentUrl).toMatch(/vnp_Amount=32890000/);
    const paid = await shop.admin.post(`/payments/${openPaymentId}/test/success`);

    expect(paid.body).toMatchObject({ status: 'success', paidAmount: 328_900 });
    expect(await shop.read(id)).toMatchObject({ activatedAt: expect.any(String), openPaymentId: null });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid', paidAmount: 328_900 }]);
  });

  it('that is not paid within a day expires, and its invoice is void', async () => {
    const { id, clockId } = await onClock({ paymentToken: null });
    await shop.advance(clockId, daysAfter(firstDay, 1));

    expect(await shop.read(id)).toMatchObject({ status: 'expired', nextDeadline: null });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'void', dueAmount: 0 }]);
  });
});

describe('a first invoice that is sent', () => {
  it('stays open until it is due, is dunned then, and activates when it is paid', async () => {
    const { id, clockId } = await onClock({ paymentMethod: null, paymentToken: null });
    await shop.advance(clockId, daysAfter(firstDay, 6));
    expect(await shop.read(id)).toMatchObject({ status: 'active', activatedAt: null, nextDeadline: 'invoice_overdue' });
    await shop.advance(clockId, daysAfter(firstDay, 8));
    expect(await shop.read(id)).toMatchObject({ status: 'past_due', activatedAt: null });
    const [invoice] = await shop.invoicesOf(id);
    await shop.admin.post(`/invoices/${invoice.id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });

    expect(await shop.read(id)).toMatchObject({ status: 'active', activatedAt: expect.any(String) });
  });

  it('is replaced by that of another plan, and nothing is active before it is paid', async () => {
    const cheaper = await shop.addPlan({ price: 30_000 });
    const { id, clockId } = await onClock({ paymentToken: null });
    await shop.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId: cheaper, immediate: true });

    expect(await shop.read(id)).toMatchObject({ activatedAt: null, nextDeadline: 'first_invoice_expiry' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'void' }, { status: 'open', totalAmount: 33_000 }]);
    await shop.advance(clockId, daysAfter(firstDay, 1));
    expect(await shop.read(id)).toMatchObject({ status: 'expired', activatedAt: null });
    expect(await shop.typesOf(id)).not.toContain('subscription.activated');
  });
});

describe('changes that wait', () => {
  it('are shown, hold together, and are taken back one by one', async () => {
    const cheaper = await shop.addPlan({ price: 99_000 });
    const { id, clockId } = await onClock({ quantity: 2 });
    await shop.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId: cheaper });
    await shop.admin.post(`/subscriptions/${id}/change-plan`, { quantity: 3, immediate: false });
    const { body } = await shop.admin.post(`/subscriptions/${id}/cancel`, {});
    const ids = body.waitingChanges.map((change: { id: number }) => change.id);

    expect(body).toMatchObject({
      cancelAtPeriodEnd: true,
      scheduledChange: { planId: cheaper, quantity: 3 },
      waitingChanges: [
        { kind: 'plan', planId: cheaper, effectiveAt: '2025-11-26T00:00:00+07:00' },
        { kind: 'quantity', quantity: 3 },
        { kind: 'cancel', waitsFor: 'period_end' },
      ],
    });
    const back = await shop.admin.post(`/subscriptions/${id}/cancel-change`, { changeId: ids[2] });
    expect(back.body).toMatchObject({ cancelAtPeriodEnd: false, cancelledAt: null, scheduledChange: { quantity: 3 } });
    expect(problemOf(await shop.admin.post(`/subscriptions/${id}/cancel-change`, { changeId: ids[2] }))).toBe(
      '404 not_found /changeId',
    );
    await shop.advance(clockId, '2025-11-26T00:00:00+07:00');

    expect(await shop.read(id)).toMatchObject({ planId: cheaper, quantity: 3, waitingChanges: [] });
    expect((await shop.invoicesOf(id)).at(-1)).toMatchObject({ subtotal: 297_000, status: 'paid' });
  });
});

describe('a trial (flow 1)', () => {
  it('bills nothing, is told of three days before its end, then converts and is paid by itself', async () => {
    const { id, clockId, subscription } = await onClock({ useTrial: true });
    expect(subscription).toMatchObject({ status: 'trial', isTrialUsed: true, trialEnd: '2025-11-09T00:00:00+07:00' });
    expect(await shop.invoicesOf(id)).toEqual([]);
    expect(await shop.typesOf(id)).toEqual(['subscription.created', 'subscription.trial.started']);

    await shop.advance(clockId, daysAfter(firstDay, 11));
    expect((await shop.typesOf(id)).at(-1)).toBe('subscription.trial.ending');

    await shop.advance(clockId, daysAfter(firstDay, 14));
    expect(await shop.read(id)).toMatchObject({
      status: 'active',
      currentPeriodStart: '2025-11-09T00:00:00+07:00',
      currentPeriodEnd: '2025-12-09T00:00:00+07:00',
    });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid', totalAmount: 328_900 }]);
    const ended = (await shop.eventsOf(id)).find(({ type }) => type === 'subscription.trial.ended');
    expect(ended?.payload).toMatchObject({ convertedToActive: true });
  });

  it('is given once to each customer', async () => {
    const { customerId } = await onClock({ useTrial: true });
    const again = await shop.admin.post('/subscriptions', { customerId, planId, useTrial: true });

    expect(problemOf(again)).toBe('409 trial_unavailable /useTrial');
  });
});

describe('a renewal (flow 3)', () => {
  it('is announced and invoiced three days ahead, collected at the boundary, and told with its payload', async () => {
    const { id, clockId, customerId } = await onClock();
    await shop.advance(clockId, '2025-11-23T00:00:00+07:00');
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid' }, { status: 'open', dueAmount: 328_900 }]);
    expect((await shop.typesOf(id)).slice(-2)).toEqual(['invoice.created', 'subscription.renewal.upcoming']);

    await shop.advance(clockId, '2025-11-26T00:00:00+07:00');
    const renewed = (await shop.eventsOf(id)).find(({ type }) => type === 'subscription.renewed');
    expect(renewed?.payload).toMatchObject({
      subscriptionId: id,
      customerId,
      planId,
      previousPeriodEnd: '2025-11-25T17:00:00.000Z',
      currentPeriodStart: '2025-11-25T17:00:00.000Z',
      currentPeriodEnd: '2025-12-25T17:00:00.000Z',
      amount: 299_000,
    });
    const { body: told } = await shop.admin.get(`/events?subject=subscription/${id}&type=subscription.renewed`);
    expect(told.data[0].payload).toMatchObject({
      currentPeriodStart: '2025-11-26T00:00:00+07:00',
      currentPeriodEnd: '2025-12-26T00:00:00+07:00',
    });
    expect(await shop.invoicesOf(id)).toMatchObject([
      { status: 'paid' },
      { status: 'paid', periodEnd: '2025-12-26T00:00:00+07:00' },
    ]);
    const { body: history } = await shop.admin.get(`/subscriptions/${id}/history`);
    expect(history.data.map(({ action }: { action: string }) => action)).toEqual(['renewed', 'created']);
  });

  it('of the 31st keeps its day through February and April', async () => {
    const clockId = await shop.addClock('2026-01-31T09:30:00+07:00');
    const customerId = await shop.addCustomer(clockId);
    const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
    await shop.advance(clockId, '2026-05-01T00:00:00+07:00');

    expect((await shop.invoicesOf(id)).map(({ periodStart }) => periodStart)).toEqual([
      '2026-01-31T09:30:00+07:00',
      '2026-02-28T09:30:00+07:00',
      '2026-03-31T09:30:00+07:00',
      '2026-04-30T09:30:00+07:00',
    ]);
  });
});

describe('a failed charge', () => {
  it('makes it past due, is tried again after days, and heals it when it succeeds', async () => {
    const { id, clockId } = await onClock({ useTrial: true, paymentToken: 'tok_fails_twice' });
    await shop.advance(clockId, daysAfter(firstDay, 14));
    expect(await shop.read(id)).toMatchObject({ status: 'past_due', nextDeadline: 'dunning_attempt' });

    await shop.advance(clockId, daysAfter(firstDay, 15));
    expect(await shop.read(id)).toMatchObject({ status: 'past_due' });
    await shop.advance(clockId, daysAfter(firstDay, 17));

    expect(await shop.read(id)).toMatchObject({ status: 'active' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid' }]);
    expect((await shop.typesOf(id)).filter((type) => type === 'payment.retry')).toHaveLength(2);
  });

  it('that fails to the last try ends it, with the invoice given up', async () => {
    const { id, clockId } = await onClock({ useTrial: true, paymentToken: 'tok_declined' });
    await shop.advance(clockId, daysAfter(firstDay, 30));

    expect(await shop.read(id)).toMatchObject({ status: 'expired', endedAt: '2025-11-16T00:00:00+07:00' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'uncollectible', dueAmount: 328_900 }]);
    expect((await shop.typesOf(id)).filter((type) => type === 'payment.failed')).toHaveLength(5);
  });

  it('is healed at once by a customer who pays by hand in between', async () => {
    const { id, clockId } = await onClock({ useTrial: true, paymentToken: 'tok_declined' });
    await shop.advance(clockId, daysAfter(firstDay, 14));
    const [invoice] = await shop.invoicesOf(id);
    const paid = await shop.admin.post(`/invoices/${invoice.id}/pay`, {
      paymentMethod: 'card',
      paymentToken: 'tok_ok',
    });

    expect(paid.status).toBe(200);
    expect(await shop.read(id)).toMatchObject({ status: 'active', nextDeadline: 'renewal_invoice' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid' }]);
  });
});

describe('a refund', () => {
  const paymentsOf = async (id: number) => {
    const { latestInvoiceId } = await shop.read(id);

    return (await shop.admin.get(`/payments?invoiceId=${latestInvoiceId}`)).body.data;
  };

  it('of a charge that waits for its provider is refused at once', async () => {
    const customerId = await shop.addCustomer();
    await testSystem().query(
      `INSERT INTO sandbox.card_outages (subject, starts_at, ends_at) VALUES ($1, '-infinity', 'infinity')`,
      [`customer/${customerId}`],
    );
    const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
    const [payment] = await paymentsOf(id);
    const { status, body } = await shop.admin.post(`/payments/${payment.id}/refund`, { reason: 'too early' });

    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'payment_state', status: 409 } });
  });

  it('of a renewal gives the money back, is told, and leaves the subscription active', async () => {
    const { id } = await onClock();
    const [payment] = await paymentsOf(id);
    const { status, body } = await shop.admin.post(`/payments/${payment.id}/refund`, {
      amount: 8_900,
      reason: 'sorry',
    });

    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'partially_refunded', refundedAmount: 8_900 },
    });
    expect((await shop.eventsOf(id)).at(-1)).toMatchObject({
      type: 'payment.refunded',
      payload: { paymentId: payment.id, subscriptionId: id, amount: 8_900, currency: 'VND' },
    });
    expect((await shop.read(id)).status).toBe('active');
  });
});

describe('a cancellation (flow 4)', () => {
  it('for the end of the period keeps it active until then, then it expires and nothing more is billed', async () => {
    const { id, clockId } = await onClock();
    const cancelled = await shop.admin.post(`/subscriptions/${id}/cancel`, {
      reason: 'Too expensive',
      cancelAtPeriodEnd: true,
    });
    expect(cancelled.body).toMatchObject({
      status: 'active',
      cancelAtPeriodEnd: true,
      cancellationReason: 'Too expensive',
    });
    await shop.advance(clockId, daysAfter(firstDay, 90));

    expect(await shop.read(id)).toMatchObject({ status: 'expired', endedAt: '2025-11-26T00:00:00+07:00' });
    expect(await shop.invoicesOf(id)).toHaveLength(1);
    expect((await shop.typesOf(id)).slice(-2)).toEqual(['subscription.cancelled', 'subscription.expired']);
  });

  it('at once ends it there', async () => {
    const { id, clockId } = await onClock();
    const cancelled = await shop.admin.post(`/subscriptions/${id}/cancel`, { reason: 'no', cancelAtPeriodEnd: false });
    expect(cancelled.body).toMatchObject({ status: 'cancelled', nextDeadline: null });
    await shop.advance(clockId, daysAfter(firstDay, 90));

    expect(await shop.invoicesOf(id)).toHaveLength(1);
    expect(problemOf(await shop.admin.post(`/subscriptions/${id}/pause`, {}))).toBe('409 subscription_state');
  });

  it('in the days before the renewal takes its invoice back, and a reactivation issues it again', async () => {
    const { id, clockId } = await onClock();
    await shop.advance(clockId, '2025-11-24T00:00:00+07:00');
    await shop.admin.post(`/subscriptions/${id}/cancel`, { cancelAtPeriodEnd: true });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid' }, { status: 'void' }]);
    await shop.admin.post(`/subscriptions/${id}/reactivate`, {});
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid' }, { status: 'void' }, { status: 'open' }]);
    await shop.advance(clockId, '2025-11-27T00:00:00+07:00');

    expect(await shop.read(id)).toMatchObject({ status: 'active', currentPeriodEnd: '2025-12-26T00:00:00+07:00' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid' }, { status: 'void' }, { status: 'paid' }]);
  });
});

describe('a change of plan (flow 5)', () => {
  it('at once bills to the dong what its preview said', async () => {
    const dearer = await shop.addPlan({ price: 599_000 });
    const { id, clockId } = await onClock();
    await shop.advance(clockId, '2025-11-10T15:00:00+07:00');
    const preview = await shop.admin.post(`/subscriptions/${id}/change-plan?preview=true`, { newPlanId: dearer });
    expect(preview.body).toMatchObject({
      // 16 of 31 days: 299,000 × 16/31 back, 599,000 × 16/31 to pay, with 10 % tax each
      creditNotes: [{ subtotal: -154_323, tax: -15_432, toBalance: 169_755 }],
      invoices: [{ subtotal: 309_161, tax: 30_916, balanceApplied: 169_755, dueAmount: 170_322 }],
      dueAmount: 170_322,
    });
    expect(await shop.invoicesOf(id)).toHaveLength(1);
    const changed = await shop.admin.post(`/subscriptions/${id}/change-plan`, {
      newPlanId: dearer,
      immediate: true,
      prorationDate: preview.body.prorationDate,
    });
    expect(changed.body).toMatchObject({
      planId: dearer,
      amount: 599_000,
      currentPeriodEnd: '2025-11-26T00:00:00+07:00',
    });
    expect((await shop.invoicesOf(id)).at(-1)).toMatchObject({
      status: 'paid',
      totalAmount: 340_077,
      paidAmount: 170_322,
      dueAmount: 0,
    });
    const told = (await shop.typesOf(id)).slice(6);
    expect(told).toEqual(
      expect.arrayContaining(['subscription.plan.changed', 'credit_note.created', 'invoice.created']),
    );
  });

  it('for the end of the period is used by the next renewal', async () => {
    const cheaper = await shop.addPlan({ price: 99_000 });
    const { id, clockId } = await onClock();
    const scheduled = await shop.admin.post(`/subscriptions/${id}/change-plan`, {
      newPlanId: cheaper,
      immediate: false,
    });
    expect(scheduled.body).toMatchObject({ planId, scheduledChange: { planId: cheaper } });
    expect((await shop.eventsOf(id)).at(-1)).toMatchObject({
      type: 'subscription.updated',
      payload: { changed: ['scheduledChange'], newPlanId: cheaper, effectiveAt: '2025-11-25T17:00:00.000Z' },
    });
    const upcoming = await shop.admin.get(`/subscriptions/${id}/upcoming-invoice`);
    expect(upcoming.body).toMatchObject({ dueAmount: 108_900, invoices: [{ purpose: 'renewal', subtotal: 99_000 }] });
    await shop.advance(clockId, '2025-11-26T00:00:00+07:00');

    expect(await shop.read(id)).toMatchObject({ planId: cheaper, amount: 99_000, scheduledChange: null });
    expect((await shop.invoicesOf(id)).at(-1)).toMatchObject({ totalAmount: 108_900, status: 'paid' });
    expect((await shop.eventsOf(id)).find(({ type }) => type === 'subscription.plan.changed')?.payload).toMatchObject({
      previousPlanId: planId,
      newPlanId: cheaper,
    });
  });

  it('of the quantity bills the seats that come for the rest of the period', async () => {
    const { id, clockId } = await onClock({ quantity: 2 });
    await shop.advance(clockId, '2025-11-10T00:00:00+07:00');
    await shop.admin.post(`/subscriptions/${id}/change-plan`, { quantity: 5 });

    // (5 − 2) × 299,000 × 16/31 = 462,968 (each side rounded once: 771,613 − 308,645), and 10 % tax
    expect((await shop.invoicesOf(id)).at(-1)).toMatchObject({ subtotal: 771_613, paidAmount: 509_264 });
  });

  it.each([
    ['an unknown plan', async () => 999_999_999, '422 plan_not_found /newPlanId'],
    ['the plan it has', async () => planId, '422 no_change /newPlanId'],
    ['a plan in another currency', () => shop.addPlan({ currency: 'USD' }), '422 price_not_in_currency /newPlanId'],
  ])('to %s is refused and changes nothing', async (_name, newPlan, problem) => {
    const { id } = await onClock();
    const before = await shop.read(id);
    const refused = await shop.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId: await newPlan() });

    expect(problemOf(refused)).toBe(problem);
    expect(await shop.read(id)).toEqual(before);
  });
});

describe('a pause', () => {
  it('gives back what is unused, bills nothing while it lasts, and a resumption bills the rest of its period', async () => {
    const { id, clockId } = await onClock();
    await shop.advance(clockId, '2025-11-10T00:00:00+07:00');
    const paused = await shop.admin.post(`/subscriptions/${id}/pause`, {});
    expect(paused.body).toMatchObject({ status: 'paused', nextDeadline: null });
    await shop.advance(clockId, '2026-01-10T00:00:00+07:00');
    expect(await shop.invoicesOf(id)).toHaveLength(1);
    const resumed = await shop.admin.post(`/subscriptions/${id}/resume`, {});

    expect(resumed.body).toMatchObject({ status: 'active', currentPeriodEnd: '2026-01-26T00:00:00+07:00' });
    // 16 of 31 days again: the credit of the pause pays all of it
    expect((await shop.invoicesOf(id)).at(-1)).toMatchObject({
      subtotal: 154_323,
      balanceApplied: 169_755,
      dueAmount: 0,
      status: 'paid',
    });
  });
});

describe('creating a subscription', () => {
  it('twice with one Idempotency-Key makes one', async () => {
    const customerId = await shop.addCustomer();
    const create = () =>
      shop.admin.call('POST', '/subscriptions', {
        body: { customerId, planId, paymentMethod: 'vnpay' },
        headers: { 'idempotency-key': key },
      });
    const key = randomUUID();
    const [first, second] = [await create(), await create()];

    expect(second.body).toEqual(first.body);
    const { body } = await shop.admin.get(`/subscriptions/customer/${customerId}`);
    expect(body.data).toHaveLength(1);
  });

  it('is refused where the company has no free tier, or sells no subscriptions', async () => {
    const other = await openSubscriptionShop();
    const customerId = await other.addCustomer();
    const [free, paid] = [await other.addPlan({ price: 0 }), await other.addPlan()];
    const subscribe = async (plan: number) =>
      problemOf(await other.admin.post('/subscriptions', { customerId, planId: plan, paymentMethod: 'vnpay' }));

    await other.admin.put('/company/settings', { freeTier: false });
    expect(await subscribe(free)).toBe('409 model_not_accepting');
    await other.admin.put('/company/settings', { subscriptionEnabled: false });
    expect(await subscribe(paid)).toBe('409 model_not_accepting');
    await other.admin.put('/company/settings', { freeTier: true, subscriptionEnabled: true });
    expect((await other.subscribe({ customerId, planId: free })).isFreeTier).toBe(true);
  });

  it.each([
    ['an unknown plan', { planId: 999_999_999 }, '422 plan_not_found /planId'],
    ['an unknown customer', { customerId: 999_999_999 }, '422 customer_not_found /customerId'],
    ['no seats', { quantity: 0 }, '422 validation_failed /quantity'],
    ['a method that is not offered', { paymentMethod: 'stripe' }, '422 payment_method_unavailable /paymentMethod'],
  ])('with %s is refused', async (_name, fields, problem) => {
    const customerId = await shop.addCustomer();
    const refused = await shop.admin.post('/subscriptions', { customerId, planId, ...fields });

    expect(problemOf(refused)).toBe(problem);
  });

  it('on a test clock takes simulated payment methods only', async () => {
    const customerId = await shop.addCustomer(await shop.addClock());
    const refused = await shop.admin.post('/subscriptions', { customerId, planId, paymentMethod: 'vnpay' });

    expect(problemOf(refused)).toBe('422 payment_method_unavailable /paymentMethod');
  });

  it('to a free plan bills nothing and waits for nothing', async () => {
    const free = await shop.addPlan({ price: 0 });
    const { id, subscription } = await onClock({ planId: free });

    expect(subscription).toMatchObject({ status: 'active', isFreeTier: true, nextDeadline: null });
    expect(await shop.invoicesOf(id)).toEqual([]);
  });

  it('lets customers see and change only their own', async () => {
    const { id } = await onClock();
    const stranger = await shop.company.addShopper();
    const api = shop.company.visitor.with({ token: stranger.token });

    expect((await api.get(`/subscriptions/${id}`)).status).toBe(404);
    expect((await api.post(`/subscriptions/${id}/cancel`, {})).status).toBe(404);
    expect((await api.get('/subscriptions')).body.data).toEqual([]);
    const own = await api.post('/subscriptions', { planId, paymentMethod: 'vnpay' });
    expect(own.body).toMatchObject({ customerId: stranger.customerId });
    const another = await shop.addCustomer();
    const forAnother = await api.post('/subscriptions', { planId, customerId: another, paymentMethod: 'vnpay' });
    expect(forAnother).toMatchObject({ status: 403, body: { code: 'forbidden', field: '/customerId' } });
    expect((await api.get('/subscriptions')).body.data).toHaveLength(1);
    expect((await shop.admin.get(`/subscriptions?customerId=${another}`)).body.data).toEqual([]);
  });
});

describe('money of a customer', () => {
  it('shows the credit of a change with where it came from and went to', async () => {
    const dearer = await shop.addPlan({ price: 599_000 });
    const { id, clockId, customerId } = await onClock();
    await shop.advance(clockId, '2025-11-10T00:00:00+07:00');
    await shop.admin.post(`/subscriptions/${id}/change-plan`, { newPlanId: dearer });
    const { body } = await shop.admin.get(`/customers/${customerId}/balance`);
    const { body: notes } = await shop.admin.get(`/credit-notes?customerId=${customerId}`);

    expect(body).toMatchObject({
      balance: 0,
      entries: [
        { kind: 'applied', amount: -169_755, balanceAfter: 0 },
        { kind: 'credit_note', amount: 169_755, balanceAfter: 169_755, creditNoteId: notes.data[0].id },
      ],
    });
    expect(notes.data).toMatchObject([
      { reason: 'plan_change', creditNoteNumber: expect.stringMatching(/^TEST-CN-\d{6}$/), totalAmount: -169_755 },
    ]);
  });

  it('shows what is overdue, by the names that the company has for its age', async () => {
    const other = await openSubscriptionShop({
      overdueStates: [
        { name: 'debtor', afterDays: 20 },
        { name: 'reminded', afterDays: 3 },
      ],
      overdueThresholds: { VND: 100_000 },
    });
    const clockId = await other.addClock();
    const customerId = await other.addCustomer(clockId);
    const plan = await other.addPlan({ price: 100_000 });
    const { id } = await other.subscribe({ customerId, planId: plan });
    const [first] = await other.invoicesOf(id);
    await other.admin.post(`/invoices/${first.id}/pay`, { paymentMethod: 'card', paymentToken: 'tok_ok' });
    const overdue = async () => (await other.admin.get(`/customers/${customerId}/balance`)).body.overdue;

    await other.advance(clockId, '2025-12-02T00:00:00+07:00');
    expect(await overdue()).toEqual({ amount: 0, since: null, days: 0, state: null, timeline: [] });
    await other.advance(clockId, '2025-12-05T12:00:00+07:00');
    expect(await overdue()).toEqual({
      amount: 110_000,
      since: '2025-12-03T00:00:00+07:00',
      days: 2,
      state: null,
      timeline: [
        { state: 'reminded', entersOn: '2025-12-06' },
        { state: 'debtor', entersOn: '2025-12-23' },
      ],
    });
    await other.advance(clockId, '2025-12-06T12:00:00+07:00');
    expect(await overdue()).toMatchObject({ days: 3, state: 'reminded' });
    expect((await other.typesOf(id)).filter((type) => type === 'invoice.overdue')).toHaveLength(1);
    expect((await other.admin.get(`/customers/${customerId}/balance`)).body).toMatchObject({
      dueAmount: 110_000,
      accountBalance: 110_000,
    });
  });

  it('takes part of a paid invoice back as credit, and no more than is left of it', async () => {
    const { id, customerId } = await onClock();
    const [invoice] = await shop.invoicesOf(id);
    const credited = await shop.admin.post(`/invoices/${invoice.id}/credit-notes`, { amount: 99_000, notes: 'sorry' });
    const tooMuch = await shop.admin.post(`/invoices/${invoice.id}/credit-notes`, { amount: 200_001 });

    expect(credited.body).toMatchObject({ subtotal: -99_000, tax: -9_900, toBalance: 108_900, notes: 'sorry' });
    expect(problemOf(tooMuch)).toBe('422 amount_out_of_range /amount');
    expect((await shop.admin.get(`/customers/${customerId}/balance`)).body.balance).toBe(108_900);
  });

  it('voids an unpaid renewal, after which its service may be billed again', async () => {
    const { id, clockId } = await onClock();
    await shop.advance(clockId, '2025-11-24T00:00:00+07:00');
    const renewal = (await shop.invoicesOf(id)).at(-1);
    const voided = await shop.admin.post(`/invoices/${renewal.id}/void`, {});

    expect(voided.body).toMatchObject({ status: 'void', dueAmount: 0 });
    await shop.advance(clockId, '2025-11-27T00:00:00+07:00');
    expect((await shop.invoicesOf(id)).map(({ status }) => status)).toEqual(['paid', 'void', 'paid']);
  });

  it('charges another card at once for a first invoice that was declined, and previews nothing of what has ended', async () => {
    const customerId = await shop.addCustomer();
    const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_declined' });
    const path = `/subscriptions/${id}`;
    await until(
      () => shop.read(id),
      ({ status }) => status === 'past_due',
    );
    const card = await shop.admin.post(`/customers/${customerId}/payment-methods`, { paymentToken: 'tok_ok' });
    const set = { paymentMethodId: card.body.id };
    expect((await shop.admin.post(`${path}/payment-method`, set)).status).toBe(200);
    const paid = await until(
      () => shop.read(id),
      ({ activatedAt }) => activatedAt !== null,
    );
    expect(paid).toMatchObject({ status: 'active' });
    expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid', dueAmount: 0 }]);

    await shop.admin.post(`${path}/cancel`, { cancelAtPeriodEnd: false });
    expect(problemOf(await shop.admin.post(`${path}/payment-method?preview=true`, set))).toBe('409 subscription_state');
    expect(problemOf(await shop.admin.post(`${path}/payment-method`, set))).toBe('409 subscription_state');
    expect(problemOf(await shop.admin.post(`${path}/change-plan?preview=true`, { newPlanId: 999_999 }))).toBe(
      '409 subscription_state',
    );
  });

  it('saves no card for a subscription that is refused', async () => {
    const customerId = await shop.addCustomer();
    const card = { paymentMethod: 'card', paymentToken: 'tok_ok' };
    const methods = async () => (await shop.admin.get(`/customers/${customerId}/payment-methods`)).body.data.length;

    expect(problemOf(await shop.admin.post('/subscriptions', { customerId, planId: 999_999, ...card }))).toBe(
      '422 plan_not_found /planId',
    );
    expect(await methods()).toBe(0);
    await shop.subscribe({ customerId, planId, ...card });
    expect(problemOf(await shop.admin.post('/subscriptions', { customerId, planId: 999_999, ...card }))).toBe(
      '422 plan_not_found /planId',
    );
    expect(await methods()).toBe(1);
    expect(problemOf(await shop.admin.post('/subscriptions', { customerId: 999_999, planId, ...card }))).toBe(
      '422 customer_not_found /customerId',
    );
  });

  it('saves a card once, never shows its token, and takes it away', async () => {
    const customerId = await shop.addCustomer();
    const save = () => shop.admin.post(`/customers/${customerId}/payment-methods`, { paymentToken: 'tok_ok' });
    const [first, second] = [await save(), await save()];

    expect(first.body).toMatchObject({ method: 'card', isDefault: true });
    expect(second.body).toEqual(first.body);
    expect(first.text).not.toContain('tok_ok');
    await shop.admin.delete(`/customers/${customerId}/payment-methods/${first.body.id}`);
    expect((await shop.admin.get(`/customers/${customerId}/payment-methods`)).body.data).toEqual([]);
  });
});
