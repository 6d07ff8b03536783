import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { type AddonWorld, openAddonWorld } from './addon-world';
import type { Subscribed } from './subscription-world';

const start = new Date('2025-03-10T03:00:00Z');
let shop: AddonWorld;

beforeAll(async () => {
  shop = await openAddonWorld(start);
});
afterAll(() => shop?.world.close());

const seats = (
  quantity: number,
  prorationBehavior?: 'always_invoice' | 'next_invoice' | 'none',
): Extract<RequestedCommand, { type: 'change_plan' }> => ({
  type: 'change_plan',
  newPlanId: null,
  quantity,
  immediate: true,
  prorationDate: null,
  prorationBehavior,
});

const notes = ({ subscriptionId }: Subscribed) =>
  shop.world.rows<{ reason: string; subtotal: number; total: number }>(
    `SELECT n.reason, n.subtotal::int, n.total_amount::int AS total FROM finance.credit_notes n
       JOIN finance.invoices i ON i.id = n.invoice_id WHERE i.subscription_id = $1 ORDER BY n.id`,
    [subscriptionId],
  );

const pending = async ({ subscriptionId }: Subscribed) => {
  const [row] = await shop.world.rows<{ items: { kind: string; amount?: number }[] }>(
    'SELECT pending_items AS items FROM ordering.subscriptions WHERE id = $1',
    [subscriptionId],
  );

  return (row?.items ?? []).map(({ kind, amount }) => `${kind} ${amount ?? ''}`.trim());
};

const linesOf = (invoice: Awaited<ReturnType<AddonWorld['invoices']>>[number] | undefined) =>
  (invoice?.lines ?? []).map(({ description, quantity, subtotal }) => `${description} ${quantity} ${subtotal}`);

describe('what a change costs and gives back, put off', () => {
  it('is on the next invoice, as its preview and the forecast have it, and on no other', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.advance(lan, 10);
    const change = seats(2, 'next_invoice');

    expect(await shop.preview(lan, change)).toEqual({ dueAmount: 0, totals: [] });
    expect(await shop.ask(lan, change)).toBeNull();
    expect(await shop.invoices(lan)).toHaveLength(1);
    expect(await notes(lan)).toEqual([]);
    expect(await pending(lan)).toEqual(['credit -135484', 'charge']);

    const { id: companyId } = shop.world.company;
    const of = { companyId, subscriptionId: lan.subscriptionId, gateways: shop.world.gateways, now: start };
    const { database } = shop.world.test;
    const upcoming = await previewUpcomingInvoice(database, of);
    const foreseen = await database.withTenantSnapshot(companyId, (tx) =>
      forecastSubscription(tx, { ...of, until: new Date('2025-04-11T03:00:00Z') }),
    );
    await shop.advance(lan, 19);
    const [, renewal, ...others] = await shop.invoices(lan);

    expect(others).toEqual([]);
    expect(linesOf(renewal)).toEqual(['Pro 2 400000', 'Pro 2 270968']);
    expect(upcoming.invoices).toMatchObject([{ purpose: 'renewal', totalAmount: renewal?.total }]);
    expect(upcoming.creditNotes).toMatchObject([{ subtotal: -135_484 }]);
    expect(foreseen.invoices.map(({ subtotal }) => subtotal)).toEqual([400_000, 270_968]);
    expect(foreseen.credits.map(({ subtotal }) => subtotal)).toEqual([-135_484]);
    expect(await notes(lan)).toMatchObject([{ reason: 'plan_change', subtotal: -135_484 }]);
    expect(await pending(lan)).toEqual([]);

    await shop.advance(lan, 40);
    expect((await shop.invoices(lan)).slice(1).map((one) => `${one.status} ${one.lines.length}`)).toEqual([
      'paid 2',
      'paid 1',
    ]);
    expect(await shop.balance(lan)).toBe(0);
  });

  it('waits again when the invoice that carries it is taken back, and is billed when service ends', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.advance(lan, 29);
    expect(await shop.ask(lan, seats(2, 'next_invoice'))).toBeNull();
    const [, first, again] = await shop.invoices(lan);
    expect([first?.status, again?.status]).toEqual(['void', 'open']);
    // 8 to 10 April: 2 of 31 days
    expect(linesOf(again)).toEqual(['Pro 2 400000', 'Pro 2 25806']);

    expect(await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true })).toBeNull();
    expect(await pending(lan)).toEqual(['charge']);
    await shop.advance(lan, 3);
    const last = (await shop.invoices(lan)).at(-1);

    expect(await shop.status(lan)).toBe('expired');
    expect(last).toMatchObject({ purpose: 'final', total: 28_387 });
    expect(linesOf(last)).toEqual(['Pro 2 25806']);
    expect(await notes(lan)).toMatchObject([{ reason: 'plan_change', subtotal: -12_903 }]);
    // What was paid, and what is billed less what was given back, are the same.
    const [paid] = await shop.world.rows<{ balance: number }>(
      `SELECT coalesce(sum(i.paid_amount + i.balance_applied - i.total_amount), 0)::int AS balance FROM finance.invoices i
        WHERE i.subscription_id = $1 AND i.status = 'paid'`,
      [lan.subscriptionId],
    );
    expect(paid?.balance).toBe(0);
    expect(await shop.balance(lan)).toBe(0);
  });

  it('is settled by one credit note and one invoice when it is cancelled, more than is billed goes to the account', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.ask(lan, seats(3, 'always_invoice'));
    await shop.advance(lan, 10);
    expect(await shop.ask(lan, seats(1, 'next_invoice'))).toBeNull();
    await shop.advance(lan, 10);
    const cancel: RequestedCommand = {
      type: 'cancel',
      reason: null,
      cancelAtPeriodEnd: false,
      creditUnused: 'prorate',
    };
    const shown = await shop.preview(lan, cancel);
    expect(await shop.ask(lan, cancel)).toBeNull();
    const last = (await shop.invoices(lan)).at(-1);

    // 21 of 31 days of 600,000 back, 10 of 200,000 used
    expect((await notes(lan)).at(-1)).toMatchObject({ reason: 'cancellation', subtotal: -406_452 });
    expect(linesOf(last)).toEqual(['Pro 1 64516']);
    expect(shown.totals).toEqual([last?.total]);
    expect(await shop.balance(lan)).toBe(447_097 - 70_968);
  });
});

describe('add-ons', () => {
  it('count at once and are on the next invoice with what is removed of them', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.advance(lan, 10);
    const buy: RequestedCommand = {
      type: 'add_addons',
      addonIds: [],
      addonKeys: ['storage', 'setup'],
      quantity: 1,
      prorationBehavior: 'next_invoice',
    };
    expect(await shop.preview(lan, buy)).toEqual({ dueAmount: 0, totals: [] });
    expect(await shop.ask(lan, buy)).toBeNull();
    expect(await shop.bought(lan)).toMatchObject([{ status: 'active' }, { status: 'active' }]);
    expect(await shop.features(lan)).toContain('extra_storage');
    expect(await shop.invoices(lan)).toHaveLength(1);

    // 10 of its 31 days are used.
    await shop.advance(lan, 10);
    const remove: RequestedCommand = {
      type: 'remove_addon',
      addonId: shop.addons.storage,
      atPeriodEnd: false,
      creditUnused: 'prorate',
      prorationBehavior: 'next_invoice',
    };
    expect(await shop.ask(lan, remove)).toBeNull();
    expect(await shop.invoices(lan)).toHaveLength(1);
    await shop.advance(lan, 9);

    expect(linesOf((await shop.invoices(lan))[1])).toEqual(['Pro 1 200000', 'Extra Storage 1 16129', 'Setup 1 30000']);
    expect(await notes(lan)).toEqual([]);
  });

  it('are billed by themselves when the invoice is void that their next one was to follow', async () => {
    const lan = await shop.subscribe({ token: 'tok_declined' });
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 0.1);
    const setup = { type: 'add_addons', addonIds: [], addonKeys: ['setup'], quantity: 1 } as const;
    const later: RequestedCommand = { ...setup, addonKeys: ['setup'], addonIds: [], prorationBehavior: 'next_invoice' };
    expect(await shop.ask(lan, later)).toBeNull();
    expect(await pending(lan)).toEqual(['charge']);

    const [asked] = await shop.invoices(lan);
    expect(await shop.ask(lan, { type: 'void_invoice', invoiceId: Number(asked?.id) })).toBeNull();

    expect((await shop.invoices(lan)).map(({ purpose, status, total }) => `${purpose} ${status} ${total}`)).toEqual([
      'addon void 55000',
      'final open 33000',
    ]);
    expect(await pending(lan)).toEqual([]);
  });

  it('that follow the plan are left out of bills up to its next period', async () => {
    await shop.set({ addonAlignTo: 'subscription' });

    try {
      const lan = await shop.subscribe({ plan: 'paid' });
      await shop.advance(lan, 10);
      const buy = { type: 'add_addons', addonIds: [], addonKeys: ['ai'], quantity: 1 } as const;
      const command: RequestedCommand = { ...buy, addonKeys: ['ai'], addonIds: [], prorationBehavior: 'none' };
      expect(await shop.ask(lan, command)).toBeNull();
      expect(await shop.bought(lan)).toMatchObject([{ status: 'active' }]);
      expect(await shop.invoices(lan)).toHaveLength(1);
      await shop.advance(lan, 22);

      expect((await shop.invoices(lan)).map(linesOf)).toEqual([
        ['Pro 1 200000'],
        ['Pro 1 200000', 'AI Assistant 1 100000'],
      ]);
    } finally {
      await shop.set({ addonAlignTo: 'own' });
    }
  });
});

describe('what is billed and not used', () => {
  it.each(['none', 'prorate'] as const)(
    'is credited as the request has it, against the company’s way: %s',
    async (credit) => {
      const opposite = credit === 'none' ? 'prorate' : 'none';
      await shop.set({ cancelCredit: opposite, pauseCredit: opposite });

      try {
        const commands: RequestedCommand[] = [
          { type: 'cancel', reason: null, cancelAtPeriodEnd: false, creditUnused: credit },
          { type: 'pause', reason: null, atPeriodEnd: false, creditUnused: credit },
        ];

        for (const command of commands) {
          const lan = await shop.subscribe({ plan: 'paid' });
          await shop.advance(lan, 10);
          expect(await shop.ask(lan, command)).toBeNull();
          expect((await notes(lan)).map(({ subtotal }) => subtotal)).toEqual(credit === 'none' ? [] : [-135_484]);
        }
      } finally {
        await shop.set({ cancelCredit: 'none', pauseCredit: 'prorate' });
      }
    },
  );
});
