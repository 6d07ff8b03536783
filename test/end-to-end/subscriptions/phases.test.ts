import { randomUUID } from 'node:crypto';

import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop();
});

const paying = { paymentMethod: 'card', paymentToken: 'tok_ok' };
const totals = async (id: number) => (await shop.invoicesOf(id)).map(({ totalAmount }) => totalAmount);

it('an introductory price lasts its periods, and a ramp that is agreed on follows it', async () => {
  const { admin } = shop;
  const phases = [{ price: 10_000, periods: 2 }];
  const plan = { name: `Intro ${randomUUID()}`, price: 100_000, currency: 'VND', billingCycle: 'monthly', phases };
  const made = await admin.post('/plans', plan);
  expect(made).toMatchObject({ status: 201, body: { phases, price: 100_000 } });
  const planId: number = made.body.id;
  const clock = await shop.addClock();
  const lan = await shop.subscribe({ ...paying, planId, customerId: await shop.addCustomer(clock) });
  expect(lan).toMatchObject({
    amount: 10_000,
    waitingChanges: [
      { kind: 'phase', amount: 100_000, periods: 2, effectiveAt: expect.stringContaining('2025-12-26') },
    ],
  });
  await shop.advance(clock, daysAfter(firstDay, 63));
  expect(await totals(lan.id)).toEqual([11_000, 11_000, 110_000]);

  const ramp = {
    phases: [
      { afterPeriods: 1, price: 120_000 },
      { afterPeriods: 2, price: 140_000, quantity: 2 },
    ],
  };
  const preview = await admin.post(`/subscriptions/${lan.id}/phases?preview=true`, ramp);
  expect(preview).toMatchObject({ status: 200, body: { dueAmount: 0, invoices: [] } });
  const agreed = await admin.post(`/subscriptions/${lan.id}/phases`, ramp);
  expect(agreed.body.waitingChanges).toMatchObject([
    { kind: 'phase', amount: 120_000, quantity: null, periods: 1 },
    { kind: 'phase', amount: 140_000, quantity: 2, periods: 2 },
  ]);
  const foreseen = await admin.get(`/subscriptions/${lan.id}/forecast?until=2026-03-01T00:00:00%2B07:00`);
  expect(foreseen.body.invoices.map((line: { totalAmount: number }) => line.totalAmount)).toEqual([132_000, 308_000]);
  await shop.advance(clock, daysAfter(firstDay, 125));
  expect((await totals(lan.id)).slice(3)).toEqual([132_000, 308_000]);
  expect(await shop.read(lan.id)).toMatchObject({ amount: 140_000, quantity: 2, waitingChanges: [] });
});

it('a subscription begins with prices of its own in place of the phases of its plan', async () => {
  const { admin } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const clock = await shop.addClock();
  const phases = [
    { price: 30_000, periods: 1 },
    { price: 60_000, periods: 1 },
  ];
  const terms = { planId, phases };
  const until = daysAfter(firstDay, 63);
  const foreseen = await admin.post('/subscriptions/forecast', { ...terms, startsAt: firstDay, until });
  const lan = await shop.subscribe({ ...paying, ...terms, customerId: await shop.addCustomer(clock) });
  await shop.advance(clock, until);

  expect(await totals(lan.id)).toEqual([33_000, 66_000, 110_000]);
  expect(foreseen.body.invoices.map((line: { totalAmount: number }) => line.totalAmount)).toEqual([
    33_000, 66_000, 110_000,
  ]);
  const free = { planId: await shop.addPlan({ price: 0 }), phases, customerId: await shop.addCustomer() };
  expect((await admin.post('/subscriptions', free)).body).toMatchObject({
    code: 'validation_failed',
    field: '/phases',
  });
});

it('phases are for employees to agree on and to take back, and refused by name', async () => {
  const { admin, company } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const session = await company.visitor.post('/auth/signup', {
    email: `${randomUUID()}@shop.test`,
    password: 'correct-password',
  });
  const own = { token: session.body.accessToken as string };
  const lan = await shop.subscribe({ ...paying, planId, customerId: session.body.user.customerId });
  const cheaper = { planId, phases: [{ price: 1, periods: 1 }] };
  expect(await company.visitor.post('/subscriptions', cheaper, own)).toMatchObject({
    status: 403,
    body: { code: 'forbidden', field: '/phases' },
  });
  const path = `/subscriptions/${lan.id}/phases`;
  const body = { phases: [{ afterPeriods: 1, price: 50_000 }] };
  expect(await company.visitor.post(path, body, own)).toMatchObject({ status: 403 });
  const agreed = await admin.post(path, body);
  const [{ id: changeId }] = agreed.body.waitingChanges;
  expect(await company.visitor.post(`/subscriptions/${lan.id}/cancel-change`, { changeId }, own)).toMatchObject({
    status: 403,
    body: { code: 'forbidden', field: '/changeId' },
  });

  const refused = async (phases: object[]) => (await admin.post(path, { phases })).body;
  expect((await refused([{ afterPeriods: 0, price: 1 }])).errors[0].field).toBe('/phases/0/afterPeriods');
  expect((await refused([{ afterPeriods: 1 }])).errors[0].field).toBe('/phases/0/price');
  expect(
    await refused([
      { afterPeriods: 2, price: 1 },
      { afterPeriods: 2, price: 2 },
    ]),
  ).toMatchObject({ code: 'validation_failed', field: '/phases/1/afterPeriods' });
  expect(await refused(body.phases)).toMatchObject({ code: 'no_change', field: '/phases' });
  expect((await admin.patch(`/plans/${planId}`, { phases: [{ price: 0, periods: 1 }] })).body.errors[0].field).toBe(
    '/phases/0/price',
  );
  expect((await shop.read(lan.id)).waitingChanges).toMatchObject([{ id: changeId }]);
  expect((await admin.post(path, { phases: [] })).body.waitingChanges).toEqual([]);
});
