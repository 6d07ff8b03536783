import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { type CustomerChanges, updateCustomer } from '../../../domain/customers/update-customer';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewCommand, previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** 15 December in Hà Nội: 8 % holds for another 17 days. */
const start = new Date('2026-12-14T17:00:00Z');
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);

  for (const fields of [
    { code: 'VAT', name: 'GTGT 8 %', ratePpm: 80_000, validUntil: '2026-12-31' },
    { code: 'VAT', name: 'GTGT 10 %', ratePpm: 100_000, validFrom: '2027-01-01' },
    { code: 'VAT', name: 'GTGT 10 %', ratePpm: 100_000, taxCategory: 'luxury' },
    { code: 'SCT', name: 'TTĐB', ratePpm: 333_300, taxCategory: 'luxury' },
  ]) {
    const taxRate = { ...fields, id: await reserveId(world.test.database, 'taxRate') };
    await world.test.database.withTenant(world.company.id, (tx) => createTaxRate(tx, { taxRate, now: start }));
  }
  await world.test.database.withTenant(world.company.id, (tx) =>
    updatePlan(tx, { id: world.plans[1] as number, changes: { taxCategory: 'luxury' }, now: start }),
  );
});
afterAll(() => world?.close());

const optionsOf = ({ subscriptionId }: Subscribed) => ({
  companyId: world.company.id,
  subscriptionId,
  gateways: world.gateways,
  now: start,
});

const changeToLuxury = (): RequestedCommand => ({
  type: 'change_plan',
  newPlanId: world.plans[1] as number,
  quantity: null,
  immediate: true,
  prorationDate: null,
});
const changeCustomer = ({ customerId }: { customerId: number }, changes: CustomerChanges) =>
  world.test.database.withTenant(world.company.id, (tx) => updateCustomer(tx, { id: customerId, changes, now: start }));
const foresee = (life: Subscribed, until: string) =>
  world.test.database.withTenantSql(world.company.id, (tx) =>
    forecastSubscription(tx, { ...optionsOf(life), until: new Date(until) }),
  );
const invoicesOf = ({ subscriptionId }: Subscribed) =>
  world.rows<{ tax: string; total_amount: string; rates: number[] }>(
    `SELECT i.tax, i.total_amount, array_agg((t ->> 'ratePpm')::int ORDER BY t ->> 'code') AS rates
       FROM finance.invoices i JOIN finance.invoice_lines l ON l.invoice_id = i.id, jsonb_array_elements(l.taxes) t
      WHERE i.subscription_id = $1 GROUP BY i.id ORDER BY i.id`,
    [subscriptionId],
  );

it('that a customer asks about is foreseen as that customer will be billed: in their zone, taxed as they are', async () => {
  const { database } = world.test;
  const customer = await world.addCustomer();
  await changeCustomer(customer, { taxStatus: 'reverse_charge' });
  await world.rows(`UPDATE finance.billing_accounts SET time_zone = 'America/New_York' WHERE customer_id = $1`, [
    customer.customerId,
  ]);
  const planned = {
    planId: world.plans[0] as number,
    quantity: 1,
    useTrial: false,
    billingAnchorDay: 1,
    endsAt: null,
    from: start,
    customerId: customer.customerId,
  };
  const until = new Date('2027-02-15T00:00:00Z');
  const { invoices } = await database.withTenantSnapshot(world.company.id, (tx) => forecastPlan(tx, planned, until));
  const lan = await world.subscribe(customer, { fields: { billingAnchorDay: 1 } });
  await world.advance(lan, until);
  const billed = await world.rows<{ from: Date; subtotal: number; tax: number }>(
    `SELECT l.period_start AS "from", l.subtotal::int, l.tax::int FROM finance.invoice_lines l JOIN finance.invoices i ON i.id = l.invoice_id
      WHERE i.subscription_id = $1 ORDER BY i.id`,
    [lan.subscriptionId],
  );

  expect(billed).toHaveLength(3);
  expect(
    invoices.map(({ periodStart, subtotal, tax }) => ({ from: new Date(periodStart ?? 0), subtotal, tax })),
  ).toEqual(billed);
});

describe('a subscription', () => {
  it('pays 8 % on what is issued in 2026 and 10 % on what is issued after it, as was foreseen', async () => {
    const life = await world.subscribe(await world.addCustomer());
    const foreseen = await world.test.database.withTenantSql(world.company.id, (tx) =>
      forecastSubscription(tx, { ...optionsOf(life), until: new Date('2027-02-01T00:00:00Z') }),
    );
    const upcoming = await previewUpcomingInvoice(world.test.database, optionsOf(life));
    await world.advance(life, '2027-01-20T00:00:00Z');

    expect(await invoicesOf(life)).toEqual([
      { tax: '7920', total_amount: '106920', rates: [80_000] },
      { tax: '9900', total_amount: '108900', rates: [100_000] },
    ]);
    expect(foreseen.invoices.map(({ tax }) => tax)).toEqual([9_900]);
    expect(upcoming.invoices).toMatchObject([{ tax: 9_900, totalAmount: 108_900 }]);
  });

  it('gets back, after a change of plan, the taxes that the line bears, and pays those of the new one', async () => {
    const life = await world.subscribe(await world.addCustomer());
    await world.advance(life, '2027-01-02T00:00:00Z');
    const change = changeToLuxury();
    const preview = await previewCommand(world.test.database, change, optionsOf(life));
    await world.command(life, change);
    await world.command(life, { type: 'cancel', reason: null, cancelAtPeriodEnd: false });
    const [, changed] = await invoicesOf(life);

    expect(changed?.rates.sort()).toEqual([100_000, 333_300]);
    expect(preview.invoices).toMatchObject([{ tax: Number(changed?.tax), totalAmount: Number(changed?.total_amount) }]);
    expect(
      await world.rows(
        `SELECT l.id FROM (SELECT id, tax, taxes FROM finance.invoice_lines WHERE company_id = $1
                           UNION ALL SELECT id, tax, taxes FROM finance.credit_note_lines WHERE company_id = $1) l
          WHERE l.tax <> (SELECT coalesce(sum((t ->> 'amount')::bigint), 0) FROM jsonb_array_elements(l.taxes) t)`,
        [world.company.id],
      ),
    ).toEqual([]);
    const credits = await world.rows<{ tax: string; taxes: { ratePpm: number }[] }>(
      `SELECT n.tax, n.taxes FROM finance.credit_note_lines n JOIN finance.credit_notes c ON c.id = n.credit_note_id
         JOIN finance.invoices i ON i.id = c.invoice_id WHERE i.subscription_id = $1 ORDER BY n.id`,
      [life.subscriptionId],
    );
    expect(credits.flatMap(({ taxes }) => taxes.map(({ ratePpm }) => ratePpm))).toContain(80_000);
    expect(credits.length).toBeGreaterThan(0);
  });

  it('of an exempt customer is not taxed: foreseen, previewed, issued and changed alike', async () => {
    const customer = await world.addCustomer();
    await changeCustomer(customer, { taxStatus: 'exempt', taxExemptReason: 'A school', taxCode: '0100109106' });
    const life = await world.subscribe(customer);
    const foreseen = await foresee(life, '2027-02-01T00:00:00Z');
    const upcoming = await previewUpcomingInvoice(world.test.database, optionsOf(life));
    await world.advance(life, '2027-01-20T00:00:00Z');
    const issued = await world.rows(
      `SELECT tax, total_amount, snapshot -> 'buyer' ->> 'taxExemptReason' AS reason,
              snapshot -> 'buyer' ->> 'taxCode' AS code FROM finance.invoices WHERE subscription_id = $1 ORDER BY id`,
      [life.subscriptionId],
    );

    const untaxed = { tax: '0', total_amount: '99000', reason: 'A school', code: '0100109106' };
    expect(issued).toEqual([untaxed, untaxed]);
    expect(foreseen.invoices.map(({ tax, totalAmount }) => [tax, totalAmount])).toEqual([[0, 99_000]]);
    expect(upcoming.invoices).toMatchObject([{ tax: 0, totalAmount: 99_000 }]);
  });

  it('pays no tax from the reverse charge on, gets back the tax of what was billed before, and keeps that invoice', async () => {
    const customer = await world.addCustomer();
    const life = await world.subscribe(customer);
    const buyers = () =>
      world.rows<{ status: string; tax: string; total: string }>(
        `SELECT snapshot -> 'buyer' ->> 'taxStatus' AS status, tax, total_amount AS total FROM finance.invoices
          WHERE subscription_id = $1 ORDER BY id`,
        [life.subscriptionId],
      );
    const [first] = await buyers();
    await changeCustomer(customer, { taxStatus: 'reverse_charge' });
    const change = changeToLuxury();
    const preview = await previewCommand(world.test.database, change, optionsOf(life));
    await world.command(life, change);
    const credits = await world.rows<{ tax: string }>(
      `SELECT n.tax FROM finance.credit_notes n JOIN finance.invoices i ON i.id = n.invoice_id WHERE i.subscription_id = $1`,
      [life.subscriptionId],
    );
    const [kept, changed, ...more] = await buyers();

    expect(first).toEqual({ status: 'taxable', tax: '7920', total: '106920' });
    expect(kept).toEqual(first);
    expect(changed).toMatchObject({ status: 'reverse_charge', tax: '0' });
    expect(more).toEqual([]);
    expect(preview.invoices).toMatchObject([{ tax: 0, totalAmount: Number(changed?.total) }]);
    expect(credits).toEqual([{ tax: '-7920' }]);
  });

  it('gets them back and pays them in the same way when its price is changed at once', async () => {
    const life = await world.subscribe(await world.addCustomer(), { plan: 1 });
    await world.advance(life, '2026-12-25T00:00:00Z');
    await world.test.database.withTenant(world.company.id, (tx) =>
      updatePlan(tx, { id: world.plans[1] as number, changes: { price: 599_000 }, now: start }),
    );
    const change = { type: 'change_price', priceId: null, immediate: true, noticeDays: 0 } as const;
    const preview = await previewCommand(world.test.database, change, optionsOf(life));
    expect(await world.command(life, change)).toMatchObject({ kind: 'done' });
    const [first, changed] = await invoicesOf(life);
    const credits = await world.rows<{ rates: number[] }>(
      `SELECT ARRAY(SELECT (t ->> 'ratePpm')::int FROM jsonb_array_elements(n.taxes) t ORDER BY 1) AS rates
         FROM finance.credit_note_lines n JOIN finance.credit_notes c ON c.id = n.credit_note_id
         JOIN finance.invoices i ON i.id = c.invoice_id WHERE i.subscription_id = $1`,
      [life.subscriptionId],
    );

    expect([first?.rates.sort(), changed?.rates.sort()]).toEqual([
      [100_000, 333_300],
      [100_000, 333_300],
    ]);
    expect(credits).toEqual([{ rates: [100_000, 333_300] }]);
    expect(preview.invoices).toMatchObject([{ tax: Number(changed?.tax), totalAmount: Number(changed?.total_amount) }]);
  });
});
