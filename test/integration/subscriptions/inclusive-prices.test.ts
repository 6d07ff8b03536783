import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { createPlan, type NewPlan } from '../../../domain/catalogue/plans/create-plan';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { updateCustomer } from '../../../domain/customers/update-customer';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewCommand, previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** A month of 30 days begins here. */
const start = new Date('2025-06-01T03:00:00Z');
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterAll(() => world?.close());

const set = (changes: Partial<Settings>) =>
  world.rows(`UPDATE platform.company_settings SET values = values || $2::jsonb WHERE company_id = $1`, [
    world.company.id,
    JSON.stringify(changes),
  ]);
let made = 0;
async function addPlan(price: number, fields: Partial<NewPlan> = {}): Promise<number> {
  made += 1;
  const plan = { name: `Plan ${made}`, price, billingCycle: 'monthly', ...fields } as const;

  return world.test.database.withTenant(
    world.company.id,
    async (tx) => (await createPlan(tx, { plan, now: start })).id,
  );
}
const subscribe = async (planId: number) => world.subscribe(await world.addCustomer(), { planId });
const optionsOf = ({ subscriptionId }: Subscribed, now = start) => ({
  companyId: world.company.id,
  subscriptionId,
  gateways: world.gateways,
  now,
});
const invoicesOf = ({ subscriptionId }: Subscribed) =>
  world.rows<{ subtotal: number; tax: number; discount: number; total: number; status: string }>(
    `SELECT subtotal::int, tax::int, discount::int, total_amount::int AS total, status FROM finance.invoices
      WHERE subscription_id = $1 ORDER BY id`,
    [subscriptionId],
  );
const notesOf = ({ subscriptionId }: Subscribed) =>
  world.rows<{ subtotal: number; tax: number; total: number }>(
    `SELECT n.subtotal::int, n.tax::int, n.total_amount::int AS total FROM finance.credit_notes n
       JOIN finance.invoices i ON i.id = n.invoice_id WHERE i.subscription_id = $1 ORDER BY n.id`,
    [subscriptionId],
  );
const changeTo = (newPlanId: number): Extract<RequestedCommand, { type: 'change_plan' }> => ({
  type: 'change_plan',
  newPlanId,
  quantity: null,
  immediate: true,
  prorationDate: null,
});
const cancel: RequestedCommand = { type: 'cancel', reason: null, cancelAtPeriodEnd: false };

describe('a subscription at a price that holds its tax', () => {
  afterEach(() => set({ taxBehavior: 'exclusive', cancelCredit: 'none', planChangeBilling: 'prorate' }));

  it('bills the price and no more, as was foreseen and previewed, and renews so', async () => {
    const life = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
    const upcoming = await previewUpcomingInvoice(world.test.database, optionsOf(life));
    const foreseen = await world.test.database.withTenantSql(world.company.id, (tx) =>
      forecastSubscription(tx, { ...optionsOf(life), until: new Date('2025-07-02T00:00:00Z') }),
    );
    await world.advance(life, '2025-07-02T00:00:00Z');
    const period = { subtotal: 100_000, tax: 10_000, discount: 0, total: 110_000, status: 'paid' };

    expect(await invoicesOf(life)).toEqual([period, period]);
    expect(upcoming.invoices).toMatchObject([
      {
        subtotal: 100_000,
        tax: 10_000,
        totalAmount: 110_000,
        lines: [{ unitAmount: 110_000, taxBehavior: 'inclusive' }],
      },
    ]);
    expect(foreseen.invoices).toMatchObject([
      { unitAmount: 110_000, taxBehavior: 'inclusive', subtotal: 100_000, tax: 10_000, totalAmount: 110_000 },
    ]);
  });

  it('keeps that when the company or the plan changes it, which new subscriptions go by', async () => {
    await set({ taxBehavior: 'inclusive' });
    const planId = await addPlan(110_000);
    const early = await subscribe(planId);
    await set({ taxBehavior: 'exclusive' });
    const late = await subscribe(planId);
    await world.test.database.withTenant(world.company.id, (tx) =>
      updatePlan(tx, { id: planId, changes: { taxBehavior: 'inclusive' }, now: start }),
    );
    const latest = await subscribe(planId);

    for (const [life, total] of [
      [early, 110_000],
      [late, 121_000],
      [latest, 110_000],
    ] as const) {
      await world.advance(life, '2025-07-02T00:00:00Z');
      expect((await invoicesOf(life)).map((invoice) => invoice.total)).toEqual([total, total]);
    }
  });

  it('gives back the price of the unused days, tax included', async () => {
    await set({ cancelCredit: 'prorate' });
    const life = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
    await world.advance(life, '2025-06-16T03:00:00Z');
    await world.command(life, cancel);

    expect(await notesOf(life)).toEqual([{ subtotal: -50_000, tax: -5_000, total: -55_000 }]);
  });

  it('is changed in the middle of a period by what the prices are, as a preview says', async () => {
    const life = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
    const dear = await addPlan(330_000, { taxBehavior: 'inclusive' });
    await world.advance(life, '2025-06-16T03:00:00Z');
    const preview = await previewCommand(world.test.database, changeTo(dear), optionsOf(life));
    await world.command(life, changeTo(dear));
    const [, changed] = await invoicesOf(life);

    expect(await notesOf(life)).toEqual([{ subtotal: -50_000, tax: -5_000, total: -55_000 }]);
    expect(changed).toMatchObject({ subtotal: 150_000, tax: 15_000, total: 165_000 });
    expect(preview).toMatchObject({ dueAmount: 110_000, invoices: [{ totalAmount: 165_000 }] });
  });

  it('pays the difference to a dearer price that holds its tax, and days of it by the price', async () => {
    await set({ planChangeBilling: 'charge_difference' });
    const life = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
    await world.advance(life, '2025-06-16T03:00:00Z');
    await world.command(life, changeTo(await addPlan(330_000, { taxBehavior: 'inclusive' })));
    expect((await invoicesOf(life))[1]).toMatchObject({ subtotal: 100_000, tax: 10_000, total: 110_000 });

    await set({ planChangeBilling: 'grant_days' });
    const days = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
    await world.advance(days, '2025-06-16T03:00:00Z');
    await world.command(days, changeTo(await addPlan(330_000, { taxBehavior: 'inclusive' })));
    const [row] = await world.rows<{ end: string }>(
      `SELECT to_char(current_period_end AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS end FROM ordering.subscriptions WHERE id = $1`,
      [days.subscriptionId],
    );
    // 55,000 of 330,000 a month.
    expect(row?.end).toBe('2025-06-21');
  });

  it.each(['charge_difference', 'grant_days'] as const)(
    'and changed to one that does not is prorated where %s would compare the two',
    async (planChangeBilling) => {
      await set({ planChangeBilling });
      const life = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
      await world.advance(life, '2025-06-16T03:00:00Z');
      await world.command(life, changeTo(await addPlan(300_000, { taxBehavior: 'exclusive' })));
      const [, changed] = await invoicesOf(life);

      expect(await notesOf(life)).toMatchObject([{ total: -55_000 }]);
      expect(changed).toMatchObject({ subtotal: 150_000, tax: 15_000, total: 165_000 });
    },
  );

  it('is compared with one that does not as if neither did: 105,000 are less than 100,000 and tax', async () => {
    const life = await subscribe(await addPlan(100_000));
    const cheaper = await addPlan(105_000, { taxBehavior: 'inclusive' });
    await world.command(life, { ...changeTo(cheaper), immediate: null });

    expect(await invoicesOf(life)).toHaveLength(1);
    await world.advance(life, '2025-07-02T00:00:00Z');
    expect((await invoicesOf(life)).map(({ total }) => total)).toEqual([110_000, 105_000]);
  });

  it('is told in mails as it is charged, beside add-ons with taxes of their own', async () => {
    const { database } = world.test;
    const taxRate = { code: 'VAT', name: 'GTGT', ratePpm: 80_000, taxCategory: 'books' };
    const [books, other] = await database.withTenant(world.company.id, async (tx) => {
      await createTaxRate(tx, { taxRate: { ...taxRate, id: await reserveId(database, 'taxRate') }, now: start });
      const addon = { billingPeriod: 'monthly', price: 100_000, key: 'other', name: 'Other' } as const;
      const held = {
        key: 'books',
        name: 'Books',
        price: 54_000,
        taxCategory: 'books',
        taxBehavior: 'inclusive',
      } as const;

      return [
        await createAddon(tx, { addon: { ...addon, ...held }, now: start }),
        await createAddon(tx, { addon, now: start }),
      ];
    });
    const life = await subscribe(await addPlan(110_000, { taxBehavior: 'inclusive' }));
    await world.command(life, { type: 'add_addons', addonIds: [books.id, other.id], addonKeys: [], quantity: 1 });
    await world.advance(life, '2025-07-02T00:00:00Z');
    const told = (kind: string) =>
      world.rows(
        `SELECT (data ->> 'amount')::int AS amount, data -> 'charge' AS charge, (data -> 'invoice' ->> 'total')::int AS invoice
           FROM platform.notices WHERE subject = $1 AND kind = $2 ORDER BY id`,
        [`subscription/${life.subscriptionId}`, kind],
      );

    // 110,000 and, for add-ons, 54,000 with 4,000 of tax in it, and 100,000 with 10,000 on top.
    expect((await told('payment_received')).slice(0, 2)).toEqual([
      { amount: 110_000, charge: { total: 110_000, tax: 10_000 }, invoice: 110_000 },
      { amount: 154_000, charge: { total: 164_000, tax: 14_000 }, invoice: 164_000 },
    ]);
    expect(await told('renewal_upcoming')).toEqual([
      { amount: 264_000, charge: { total: 274_000, tax: 24_000 }, invoice: 274_000 },
    ]);
  });

  it('of an exempt customer costs the price without the tax, and gives that back', async () => {
    await set({ cancelCredit: 'prorate' });
    const customer = await world.addCustomer();
    await world.test.database.withTenant(world.company.id, (tx) =>
      updateCustomer(tx, { id: customer.customerId, changes: { taxStatus: 'exempt' }, now: start }),
    );
    const life = await world.subscribe(customer, { planId: await addPlan(110_000, { taxBehavior: 'inclusive' }) });
    const foreseen = await world.test.database.withTenantSql(world.company.id, (tx) =>
      forecastSubscription(tx, { ...optionsOf(life), until: new Date('2025-07-02T00:00:00Z') }),
    );
    await world.advance(life, '2025-06-16T03:00:00Z');
    await world.command(life, cancel);

    expect(await invoicesOf(life)).toMatchObject([{ subtotal: 100_000, tax: 0, total: 100_000 }]);
    expect(await notesOf(life)).toEqual([{ subtotal: -50_000, tax: 0, total: -50_000 }]);
    expect(foreseen.invoices).toMatchObject([{ subtotal: 100_000, tax: 0, totalAmount: 100_000 }]);
  });
});
