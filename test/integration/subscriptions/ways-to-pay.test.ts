import { randomUUID } from 'node:crypto';

import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import { updateSettings } from '../../../domain/companies/update-settings';
import { createCustomer } from '../../../domain/customers/create-customer';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

const start = new Date('2026-02-28T17:00:00.000Z');
const day = 86_400_000;
let now = start;
let world: SubscriptionWorld;

beforeEach(async () => {
  now = start;
  world = await openSubscriptionWorld(start, { now: () => now });
});
afterEach(() => world?.close());

const tenant: SubscriptionWorld['test']['database']['withTenant'] = (...of) => world.test.database.withTenant(...of);
const set = (changes: Partial<Settings>) =>
  tenant(world.company.id, (tx) => updateSettings(tx, { changes, now: start }));

async function addPlan(price: number, currency: string): Promise<number> {
  const plan = { name: `Plan ${randomUUID()}`, price, currency, billingCycle: 'weekly' as const };
  const terms = { trialEnabled: true, trialDays: 7 };

  return tenant(world.company.id, async (tx) =>
    Number((await createPlan(tx, { plan: { ...plan, ...terms }, now: start })).id),
  );
}

/** Lives by the time of the machine, and so may be asked to pay at a real provider. */
async function addCustomer(currency: string): Promise<{ customerId: number }> {
  const customerId = await reserveId(world.test.database, 'customer');
  const of = { name: 'Hà', email: `ha-${customerId}@x.test`, billingAccount: { currency } };
  await tenant(world.company.id, (tx) => createCustomer(tx, { id: customerId, ...of, now: start }));

  return { customerId };
}

const refusal = async (asked: ReturnType<SubscriptionWorld['command']>) => {
  const answer = await asked;

  return answer.kind === 'refused' ? `${answer.error.code} ${answer.error.field}` : answer.kind;
};
const paymentMethod = (method: string) => ({
  type: 'set_payment_method',
  paymentMethodId: null,
  paymentMethod: method,
});
const due = ({ subscriptionId }: { subscriptionId: number }) =>
  world.steps.runSubscription({ companyId: world.company.id, subscriptionId, work: { kind: 'due' } });

async function invoicesOf({ subscriptionId }: { subscriptionId: number }): Promise<string[]> {
  const rows = await world.rows<{ shown: string }>(
    `SELECT i.status || ' ' || i.due_amount || ' ' || coalesce(string_agg(p.method || ' ' || p.status, ', '), 'unasked') AS shown
       FROM finance.invoices i LEFT JOIN finance.payments p ON p.invoice_id = i.id WHERE i.subscription_id = $1 GROUP BY i.id ORDER BY i.id`,
    [subscriptionId],
  );

  return rows.map(({ shown }) => shown);
}

it('a way to pay that takes another currency is not chosen, at the start nor later', async () => {
  const planId = await addPlan(1_000, 'JPY');
  const customer = await addCustomer('JPY');
  const sent = (method: string) => ({ planId, token: null, fields: { paymentMethod: method as 'vnpay' } });

  expect(await world.refusedTo(customer, { ...sent('vnpay'), useTrial: true })).toBe(
    'currency_mismatch /paymentMethod',
  );
  const subscribed = await world.subscribe(customer, { ...sent('cod'), useTrial: true });
  expect(await refusal(world.command(subscribed, paymentMethod('vnpay')))).toBe('currency_mismatch /paymentMethod');
});

it('a way to pay that is not offered, or not on a test clock, is not chosen later either', async () => {
  const subscribed = await world.subscribe(await world.addCustomer(), { token: null });

  expect(await refusal(world.command(subscribed, paymentMethod('vnpay')))).toBe(
    'payment_method_unavailable /paymentMethod',
  );
  await set({ paymentMethods: ['card'] });
  expect(await refusal(world.command(subscribed, paymentMethod('cod')))).toBe(
    'payment_method_unavailable /paymentMethod',
  );
});

it('what is billed as time goes on is due, though its way to pay takes no such amount or is offered no more', async () => {
  // With tax more than VNPay takes.
  const planId = await addPlan(9_999_999_999, 'VND');
  const fields = { paymentMethod: 'vnpay' as const };
  const dear = await world.subscribe(await addCustomer('VND'), { planId, token: null, useTrial: true, fields });
  const cheap = await world.subscribe(await addCustomer('VND'), {
    planId: await addPlan(1_000, 'VND'),
    token: null,
    useTrial: true,
    fields,
  });
  await set({ paymentMethods: ['card'] });
  now = new Date(start.getTime() + 7 * day);

  expect([(await due(dear)).kind, (await due(cheap)).kind]).toEqual(['done', 'done']);
  expect(await invoicesOf(dear)).toEqual(['open 10999999999 unasked']);
  expect(await invoicesOf(cheap)).toEqual(['open 1100 unasked']);
});

it('whoever asks for more than the way to pay takes is told so', async () => {
  const planId = await addPlan(9_999_999_999, 'VND');
  const fields = { paymentMethod: 'vnpay' as const };

  expect(await world.refusedTo(await addCustomer('VND'), { planId, token: null, fields })).toMatch(
    'amount_out_of_range',
  );
});

it('a saved card goes on being charged when the company offers cards to nobody else', async () => {
  const subscribed = await world.subscribe(await world.addCustomer(), { plan: 2 });
  await set({ paymentMethods: ['vnpay'] });
  await world.advance(subscribed, new Date(start.getTime() + 8 * day));

  expect(await invoicesOf(subscribed)).toEqual(['paid 0 card success', 'paid 0 card success']);
});
