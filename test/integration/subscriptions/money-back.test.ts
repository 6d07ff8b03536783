import fc from 'fast-check';

import { createPaymentActivities } from '../../../activities/payment-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { updateSettings } from '../../../domain/companies/update-settings';
import { systemClock } from '../../../platform/clock';
import { invoicesThatDisagree } from '../orders/expect-balanced-books';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** Seeds explore: `FUZZ_SEED=$RANDOM npm test -- money-back`. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_128);
/** 1 March in the customer's zone. */
const start = new Date('2026-02-28T17:00:00.000Z');

let shop: SubscriptionWorld;
let refunds: ReturnType<typeof createPaymentActivities>;
const planOf = new Map<number, number>();

beforeAll(async () => {
  shop = await openSubscriptionWorld(start);
  const { database } = shop.test;
  refunds = createPaymentActivities({ database, gateways: shop.gateways, clock: systemClock, installation: 'test' });

  for (const price of [100_000, 300_000, 310_000, 600_000]) {
    const plan = { name: `Gói ${price}`, price, billingCycle: 'monthly' as const, trialEnabled: false, trialDays: 0 };
    const made = await database.withTenant(shop.company.id, (tx) => createPlan(tx, { plan, now: start }));
    planOf.set(price, Number(made.id));
  }
  await set({ cancelCredit: 'prorate', taxRatePpm: 100_000, dunningSchedule: undefined });
});
afterAll(() => shop?.close());

async function set(changes: Record<string, unknown>): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  await shop.test.database.withTenant(shop.company.id, (tx) =>
    updateSettings(tx, { changes: given, now: start } as any),
  );
}

interface Life extends Subscribed {
  invoiceId: number;
  paymentId: number;
}

/** A subscription from 1 March whose first invoice is paid by card. */
async function paidLife(price: number): Promise<Life> {
  const customer = await shop.addCustomer();
  const at = shop.plans.length;
  const plans = shop.plans as number[];
  plans[at] = planOf.get(price) as number;
  const subscribed = await shop.subscribe(customer, { plan: at });
  const [row] = await shop.rows<{ id: string; invoice_id: string }>(
    "SELECT id, invoice_id FROM finance.payments WHERE subscription_id = $1 AND status = 'success'",
    [subscribed.subscriptionId],
  );

  return { ...subscribed, paymentId: Number(row?.id), invoiceId: Number(row?.invoice_id) };
}

const begin = async (life: Life, amount: number | null) => {
  const refundId = await reserveId(shop.test.database, 'refund');
  const { paymentId } = life;

  return refunds.beginRefund({ companyId: shop.company.id, paymentId, refundId, amount, reason: 'hỏng' });
};
const complete = (refundId: number, isDone = true) =>
  refunds.completeRefund({
    companyId: shop.company.id,
    refundId,
    outcome: isDone ? { kind: 'succeeded', transactionId: 'R' } : { kind: 'failed', reason: 'vnpay_04' },
  });
async function refund(life: Life, amount: number | null): Promise<string> {
  const begun = await begin(life, amount);

  if (begun.kind === 'done') {
    await complete(begun.value.refundId);
  }

  return begun.kind === 'done' ? 'done' : ((begun as any).error.code as string);
}
const voidInvoice = (life: Life) => shop.command(life, { type: 'void_invoice', invoiceId: life.invoiceId });
const creditNote = (life: Life, amount: number | null) =>
  shop.command(life, { type: 'credit_invoice', invoiceId: life.invoiceId, amount, notes: null });
const pause = (life: Life) => shop.command(life, { type: 'pause', atPeriodEnd: false, reason: null });
const cancel = (life: Life) => shop.command(life, { type: 'cancel', cancelAtPeriodEnd: false, reason: null });
const change = (life: Life, price: number) =>
  shop.command(life, {
    type: 'change_plan',
    newPlanId: planOf.get(price),
    quantity: null,
    immediate: true,
    prorationDate: null,
  });

interface Standing {
  balance: number;
  refunded: number;
  spent: number;
  status: string;
  paid: number;
  notes: string[];
}
async function standing(life: Life): Promise<Standing> {
  const [row] = await shop.rows<any>(
    `SELECT a.balance::int, p.refunded_amount::int AS refunded, c.total_spent::int AS spent, i.status, i.paid_amount::int AS paid,
            (SELECT coalesce(jsonb_agg(n.reason || ' ' || n.subtotal || ' ' || n.tax ORDER BY n.id), '[]') FROM finance.credit_notes n WHERE n.invoice_id = i.id) AS notes
       FROM finance.payments p JOIN finance.invoices i ON i.id = p.invoice_id JOIN customer.customers c ON c.id = p.customer_id
       JOIN finance.billing_accounts a ON a.customer_id = c.id WHERE p.id = $1`,
    [life.paymentId],
  );

  return row;
}

/** What must hold of a customer's money after anything. */
async function expectSound(life: Life): Promise<void> {
  expect(await shop.rows(invoicesThatDisagree, [shop.company.id])).toEqual([]);
  const [money] = await shop.rows<any>(
    `SELECT (SELECT coalesce(sum(p.paid_amount - p.refunded_amount), 0)::int FROM finance.payments p WHERE p.customer_id = $1) AS received,
            (SELECT coalesce(sum(i.paid_amount + i.balance_applied - (SELECT coalesce(sum(n.to_balance), 0) FROM finance.credit_notes n WHERE n.invoice_id = i.id)
               - CASE WHEN i.status = 'void' AND i.credited_amount = 0 THEN i.returned_amount - (SELECT coalesce(sum(n.to_balance), 0) FROM finance.credit_notes n WHERE n.invoice_id = i.id) ELSE 0 END), 0)::int
               FROM finance.invoices i WHERE i.customer_id = $1) AS kept,
            (SELECT a.balance::int FROM finance.billing_accounts a WHERE a.customer_id = $1) AS balance,
            (SELECT coalesce(sum(i.paid_amount), 0)::int FROM finance.invoices i WHERE i.customer_id = $1) AS paid,
            (SELECT c.total_spent::int FROM customer.customers c WHERE c.id = $1) AS spent`,
    [life.customerId],
  );
  expect({ ...money, received: money.kept + money.balance, spent: money.paid }).toEqual(money);
}

describe('what goes back of 110,000', () => {
  it('by refund and void is 110,000, in either order', async () => {
    const [one, two] = [await paidLife(100_000), await paidLife(100_000)];
    expect(await refund(one, null)).toBe('done');
    await voidInvoice(one);
    expect(await standing(one)).toEqual({
      balance: 0,
      refunded: 110_000,
      spent: 0,
      status: 'void',
      paid: 0,
      notes: ['refund -100000 -10000'],
    });
    await voidInvoice(two);
    expect(await refund(two, null)).toBe('refund_exceeds_payment');
    expect(await standing(two)).toMatchObject({ balance: 110_000, refunded: 0, notes: ['void -100000 -10000'] });
    await Promise.all([expectSound(one), expectSound(two)]);
  });

  it('by a refund of 60,000 and a void is 60,000 and 50,000 of account credit', async () => {
    const life = await paidLife(100_000);
    await refund(life, 60_000);
    await voidInvoice(life);
    expect(await standing(life)).toMatchObject({ balance: 50_000, refunded: 60_000 });
    await expectSound(life);
  });

  it('by a refund and a cancel at once with credit is 110,000', async () => {
    const life = await paidLife(100_000);
    await refund(life, null);
    await cancel(life);
    expect(await standing(life)).toMatchObject({ balance: 0, refunded: 110_000 });
    await expectSound(life);
  });

  it('by a refund and a credit note is 110,000, also while the refund is under way', async () => {
    const [one, two] = [await paidLife(100_000), await paidLife(100_000)];
    await refund(one, null);
    expect(await creditNote(one, null)).toMatchObject({ kind: 'refused' });
    await begin(two, null);
    for (const amount of [50_000, null]) {
      expect(await creditNote(two, amount)).toMatchObject({ kind: 'refused', error: { code: 'amount_out_of_range' } });
    }
    expect(await standing(one)).toMatchObject({ balance: 0, refunded: 110_000 });
    expect(await standing(two)).toMatchObject({ balance: 0 });
  });

  it('is reserved by a refund under way, and free again when that fails', async () => {
    const life = await paidLife(100_000);
    const begun = await begin(life, null);
    await voidInvoice(life);
    expect(await standing(life)).toMatchObject({ balance: 0 });
    await complete(begun.kind === 'done' ? begun.value.refundId : 0, false);
    expect(await refund(life, null)).toBe('done');
    expect(await standing(life)).toMatchObject({ balance: 0, refunded: 110_000 });
    await expectSound(life);
  });

  it.each([1, 2, 3, 4, 5, 6])('is at most that by two roads at once (%i)', async () => {
    const life = await paidLife(100_000);
    await Promise.all([refund(life, null), voidInvoice(life), cancel(life)]);
    const { balance, refunded } = await standing(life);
    expect(balance + refunded).toBeLessThanOrEqual(110_000);
    await expectSound(life);
  });
});

describe('unused service of a month of 310,000 from 16 March', () => {
  it.each([
    { refunded: null, credit: 0 },
    { refunded: 300_000, credit: 41_000 },
    { refunded: 100_000, credit: 176_000 },
  ])('gives back $credit when $refunded was refunded before', async ({ refunded, credit }) => {
    const life = await paidLife(310_000);
    await shop.advance(life, '2026-03-02T03:00:00.000Z');
    expect(await refund(life, refunded)).toBe('done');
    await shop.advance(life, '2026-03-15T17:00:00.000Z');
    expect(await pause(life)).toMatchObject({ kind: 'done' });
    expect(await standing(life)).toMatchObject({ balance: credit });
    await expectSound(life);
  });
});

it('a refund of half of 330,000 writes its credit note, and invoice and customer follow', async () => {
  const life = await paidLife(300_000);
  await refund(life, 165_000);
  expect(await standing(life)).toEqual({
    balance: 0,
    refunded: 165_000,
    spent: 165_000,
    status: 'paid',
    paid: 165_000,
    notes: ['refund -150000 -15000'],
  });
  await expectSound(life);
});

describe('days that were granted', () => {
  const granted = async () => {
    const customer = await paidLife(600_000);
    await shop.advance(customer, '2026-05-31T17:00:00.000Z');
    await set({ planChangeBilling: 'grant_days', planChangeDowngrade: 'at_once' });
    await shop.advance(customer, '2026-06-15T17:00:00.000Z');
    const [before] = await shop.rows<any>('SELECT balance::int FROM finance.billing_accounts WHERE customer_id = $1', [
      customer.customerId,
    ]);
    expect(await change(customer, 300_000)).toMatchObject({ kind: 'done' });

    return { life: customer, before: before.balance as number };
  };
  const creditOf = (life: Life) =>
    shop.rows<any>(
      'SELECT n.subtotal::int, n.tax::int FROM finance.credit_notes n WHERE n.customer_id = $1 ORDER BY n.id DESC LIMIT 1',
      [life.customerId],
    );

  afterEach(() => set({ planChangeBilling: 'prorate' }));

  it('of 30 bought with 300,000, 25 are left on 21 June: 250,000', async () => {
    const { life } = await granted();
    await shop.advance(life, '2026-06-20T17:00:00.000Z');
    expect(await cancel(life)).toMatchObject({ kind: 'done' });
    expect(await creditOf(life)).toEqual([{ subtotal: -250_000, tax: -25_000 }]);
    await expectSound(life);
  });

  it.each([
    ['paused', pause],
    ['cancelled', cancel],
  ])('on 6 July, after the old end, it can be %s, with what is left', async (_name, act) => {
    const { life } = await granted();
    await shop.advance(life, '2026-07-05T17:00:00.000Z');
    expect(await act(life)).toMatchObject({ kind: 'done' });
    expect(await creditOf(life)).toEqual([{ subtotal: -100_000, tax: -10_000 }]);
    await expectSound(life);
  });
});

it('a change that costs nothing has no document, unless the company wants one', async () => {
  const invoices = (life: Life) =>
    shop.rows('SELECT total_amount::int FROM finance.invoices WHERE subscription_id = $1 ORDER BY id', [
      life.subscriptionId,
    ]);
  await set({ prorationConvention: 'none' });
  const one = await paidLife(100_000);
  await shop.advance(one, '2026-03-10T17:00:00.000Z');
  expect(await change(one, 300_000)).toMatchObject({ kind: 'done' });
  expect(await invoices(one)).toEqual([{ total_amount: 110_000 }]);
  await set({ zeroInvoices: true });
  const two = await paidLife(100_000);
  await shop.advance(two, '2026-03-10T17:00:00.000Z');
  expect(await change(two, 300_000)).toMatchObject({ kind: 'done' });
  expect(await invoices(two)).toEqual([{ total_amount: 110_000 }, { total_amount: 0 }]);
  await set({ prorationConvention: null, zeroInvoices: null });
});

it('charges the difference of a price once: up, down and up again', async () => {
  await set({ planChangeBilling: 'charge_difference', planChangeDowngrade: 'at_once' });
  const life = await paidLife(100_000);

  for (const [day, price] of [
    [10, 300_000],
    [11, 100_000],
    [12, 300_000],
  ] as const) {
    await shop.advance(life, `2026-03-${day}T17:00:00.000Z`);
    expect(await change(life, price)).toMatchObject({ kind: 'done' });
  }
  expect(
    await shop.rows(
      'SELECT g.layer, l.subtotal::int FROM finance.billed_service g JOIN finance.invoice_lines l ON l.id = g.invoice_line_id WHERE g.subscription_id = $1 ORDER BY g.id',
      [life.subscriptionId],
    ),
  ).toEqual([
    { layer: 0, subtotal: 100_000 },
    { layer: 1, subtotal: 135_484 },
  ]);
  await set({ planChangeBilling: null, planChangeDowngrade: null });
});

it('gives nothing back twice, whatever happens in whatever order', async () => {
  const action = fc.oneof(
    fc.record({ does: fc.constant('refund' as const), amount: fc.option(fc.integer({ min: 1, max: 120_000 })) }),
    fc.record({ does: fc.constant('credit' as const), amount: fc.option(fc.integer({ min: 1, max: 110_000 })) }),
    fc.record({
      does: fc.constantFrom(
        'void' as const,
        'pause' as const,
        'cancel' as const,
        'begin' as const,
        'fail' as const,
        'finish' as const,
      ),
    }),
    fc.record({ does: fc.constant('days' as const), days: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ does: fc.constant('change' as const), price: fc.constantFrom(100_000, 300_000, 310_000) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(action, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 7 }),
      async (rounds) => {
        const life = await paidLife(100_000);
        const pending: number[] = [];
        let days = 0;

        for (const round of rounds) {
          await Promise.all(
            round.map(async (one) => {
              switch (one.does) {
                case 'refund':
                  return refund(life, one.amount);
                case 'credit':
                  return creditNote(life, one.amount);
                case 'void':
                  return voidInvoice(life);
                case 'pause':
                  return pause(life);
                case 'cancel':
                  return cancel(life);
                case 'change':
                  return change(life, one.price);
                case 'begin': {
                  const begun = await begin(life, 30_000);
                  return begun.kind === 'done' ? pending.push(begun.value.refundId) : 0;
                }
                case 'fail':
                case 'finish': {
                  const refundId = pending.pop();
                  return refundId === undefined ? null : complete(refundId, one.does === 'finish');
                }
                case 'days':
                  return null;
              }
            }),
          );
          const passed = round.reduce((sum, one) => sum + (one.does === 'days' ? one.days : 0), 0);
          days += passed;
          if (passed > 0) {
            await shop.advance(life, new Date(start.getTime() + days * 86_400_000 + 3_600_000).toISOString());
          }
          await expectSound(life);
        }
      },
    ),
    { seed, numRuns: 40, endOnFailure: true },
  );
});
