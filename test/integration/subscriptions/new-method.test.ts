import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import {
  isOfMoney,
  type RequestedCommand,
  subscriptionCommands,
} from '../../../domain/subscriptions/commands/subscription-command-schema';
import { previewCommand } from '../../../domain/subscriptions/paper/preview-subscription';
import { type AddonWorld, openAddonWorld } from './addon-world';
import type { Subscribed } from './subscription-world';

const start = new Date('2025-03-10T03:00:00Z');

let shop: AddonWorld;

beforeAll(async () => {
  shop = await openAddonWorld(start);
});
afterAll(() => shop?.world.close());

const invoices = async (who: Subscribed) =>
  (await shop.invoices(who)).map(({ purpose, total, status }) => `${purpose} ${total} ${status}`);
const tries = async ({ subscriptionId }: Subscribed) =>
  (
    await shop.world.rows<{ shown: string }>(
      `SELECT p.method || ' ' || p.status AS shown FROM finance.payments p JOIN finance.invoices i ON i.id = p.invoice_id
        WHERE i.subscription_id = $1 ORDER BY p.id`,
      [subscriptionId],
    )
  ).map(({ shown }) => shown);

async function methodOf({ customerId }: Subscribed, token: string) {
  const { database } = shop.world.test;
  const paymentMethodId = await database.withTenantSql(shop.world.company.id, (tx) =>
    savePaymentMethod(tx, { customerId, method: 'card', token, gateways: shop.world.gateways, now: start }),
  );

  return { type: 'set_payment_method' as const, paymentMethodId, paymentMethod: null };
}

const preview = ({ subscriptionId }: Subscribed, command: Parameters<typeof previewCommand>[1]) =>
  previewCommand(shop.world.test.database, command, {
    companyId: shop.world.company.id,
    subscriptionId,
    gateways: shop.world.gateways,
    now: start,
  });

describe('another card', () => {
  it('is charged at once for a first invoice that the one before was declined for', async () => {
    const lan = await shop.subscribe({ plan: 'paid', token: 'tok_declined' });
    expect([await shop.status(lan), await invoices(lan)]).toEqual(['past_due', ['first 220000 open']]);

    expect(await shop.ask(lan, await methodOf(lan, 'tok_declined'))).toBeNull();
    expect([await shop.status(lan), await invoices(lan)]).toEqual(['past_due', ['first 220000 open']]);
    expect(await shop.ask(lan, await methodOf(lan, 'tok_ok'))).toBeNull();

    expect([await shop.status(lan), await invoices(lan)]).toEqual(['active', ['first 220000 paid']]);
    expect(await tries(lan)).toEqual(['card failed', 'card failed', 'card success']);
    expect(await shop.features(lan)).toEqual(['pro']);
    await shop.advance(lan, 2);
    expect(await shop.status(lan)).toBe('active');
  });

  it('is charged for add-ons that wait for their payment', async () => {
    const lan = await shop.subscribe({ plan: 'free', token: 'tok_declined' });
    expect(await shop.buy(lan, 'ai')).toBeNull();
    expect(await shop.bought(lan)).toMatchObject([{ key: 'ai', status: 'pending' }]);

    expect(await shop.ask(lan, await methodOf(lan, 'tok_ok'))).toBeNull();
    expect(await shop.bought(lan)).toMatchObject([{ key: 'ai', status: 'active' }]);
    expect(await invoices(lan)).toEqual(['addon 110000 paid']);
  });

  it('takes the place of an address that the customer was to pay the first invoice at', async () => {
    const lan = await shop.subscribe({ plan: 'paid', token: null, fields: { paymentMethod: 'card' } });
    expect(await invoices(lan)).toEqual(['first 220000 open']);
    expect(await shop.ask(lan, await methodOf(lan, 'tok_ok'))).toBeNull();

    expect([await shop.status(lan), await invoices(lan)]).toEqual(['active', ['first 220000 paid']]);
  });

  it('is charged for what was left unpaid after the last try, as often as one is set, and heals it', async () => {
    await shop.set({ dunning: { mode: 'offsets', days: [1, 3] }, dunningEndAction: 'leave' });
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.payWith(lan, 'tok_declined');
    await shop.advance(lan, 31 + 4);
    const unpaid = { status: 'past_due', invoices: ['first 220000 paid', 'renewal 220000 open'] };
    const standing = async () => ({ status: await shop.status(lan), invoices: await invoices(lan) });
    expect(await standing()).toEqual(unpaid);
    expect((await tries(lan)).slice(1)).toEqual(['card failed', 'card failed', 'card failed']);

    expect(await shop.ask(lan, await methodOf(lan, 'tok_declined'))).toBeNull();
    expect(await standing()).toEqual(unpaid);
    // Its due date comes after the last try: it is told of, and no dunning begins anew.
    await shop.advance(lan, 10);
    expect([await shop.events(lan, 'invoice.overdue'), (await tries(lan)).length]).toEqual([['invoice.overdue'], 5]);

    expect(await shop.ask(lan, await methodOf(lan, 'tok_ok'))).toBeNull();
    expect(await standing()).toEqual({ status: 'active', invoices: ['first 220000 paid', 'renewal 220000 paid'] });
    expect(await tries(lan)).toHaveLength(6);
    await shop.set({ dunning: { mode: 'offsets', days: [1, 3, 5, 7] }, dunningEndAction: 'expire' });
  });

  it('is charged for an invoice that was sent at its due date, not before, and dunned when it is declined', async () => {
    const lan = await shop.subscribe({ plan: 'paid', token: null });
    const nam = await shop.subscribe({ plan: 'paid', token: null });
    expect(await shop.ask(lan, await methodOf(lan, 'tok_ok'))).toBeNull();
    expect(await shop.ask(nam, await methodOf(nam, 'tok_declined'))).toBeNull();
    expect([await invoices(lan), await tries(lan)]).toEqual([['first 220000 open'], []]);

    await shop.advance(lan, 7 - 1 / 86_400);
    expect(await tries(lan)).toEqual([]);
    await shop.advance(lan, 1 / 86_400);
    expect([await invoices(lan), await tries(lan)]).toEqual([['first 220000 paid'], ['card success']]);
    expect([await shop.status(lan), await shop.features(lan)]).toEqual(['active', ['pro']]);

    await shop.advance(nam, 7);
    expect([await shop.status(nam), await tries(nam)]).toEqual(['past_due', ['card failed']]);
    await shop.advance(nam, 1);
    expect(await tries(nam)).toEqual(['card failed', 'card failed']);
    await shop.advance(nam, 6);
    expect([await shop.status(nam), await invoices(nam)]).toEqual(['expired', ['first 220000 uncollectible']]);
  });

  it('uses no day of dunning up when it is declined as well, however many are tried', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.payWith(lan, 'tok_declined');
    await shop.advance(lan, 31);
    expect([await shop.status(lan), (await tries(lan)).length]).toEqual(['past_due', 2]);

    for (let nth = 0; nth < 5; nth += 1) {
      expect(await shop.ask(lan, await methodOf(lan, 'tok_declined'))).toBeNull();
    }
    // One day after the first failure, as the setting has it.
    expect([await shop.status(lan), (await tries(lan)).length]).toEqual(['past_due', 7]);
    await shop.advance(lan, 1);
    expect([await shop.status(lan), (await tries(lan)).length]).toEqual(['past_due', 8]);
    await shop.advance(lan, 6 - 1 / 86_400);
    expect([await shop.status(lan), (await tries(lan)).length]).toEqual(['past_due', 10]);
    await shop.advance(lan, 1 / 86_400);
    expect([await shop.status(lan), (await tries(lan)).length]).toEqual(['expired', 11]);
  });

  it('leaves the time that was promised for paying by hand when it is declined', async () => {
    const lan = await shop.subscribe({ plan: 'paid', token: null });
    await shop.advance(lan, 7 + 7);
    expect(await shop.status(lan)).toBe('past_due');

    expect(await shop.ask(lan, await methodOf(lan, 'tok_declined'))).toBeNull();
    expect([await shop.status(lan), await tries(lan)]).toEqual(['past_due', ['card failed']]);
    await shop.advance(lan, 2 - 1 / 86_400);
    expect(await shop.status(lan)).toBe('past_due');
    await shop.advance(lan, 1 / 86_400);
    expect([await shop.status(lan), await invoices(lan)]).toEqual(['expired', ['first 220000 uncollectible']]);
  });

  it('charges nothing in a preview, and what is paid not once more', async () => {
    const lan = await shop.subscribe({ plan: 'paid', token: 'tok_declined' });
    await expect(preview(lan, await methodOf(lan, 'tok_ok'))).resolves.toMatchObject({ invoices: [] });
    expect(await tries(lan)).toEqual(['card failed']);

    const living = await shop.subscribe({ plan: 'paid' });
    expect(await shop.ask(living, await methodOf(living, 'tok_ok'))).toBeNull();
    expect(await tries(living)).toEqual(['card success']);
  });
});

it('every preview of what has ended is refused, as the command is, whatever it names', async () => {
  const lan = await shop.subscribe({ plan: 'paid' });
  expect(await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: false })).toBeNull();
  const bodies: Record<string, object> = {
    change_plan: { newPlanId: 999_999 },
    set_phases: { phases: [{ afterPeriods: 1, quantity: 2 }] },
    add_addons: { addonIds: [999_999] },
    remove_addon: { addonId: 1 },
    change_addon: { addonId: 1, quantity: 2 },
    apply_promotion: { promotionCode: 'NONE' },
    remove_promotion: { promotionCode: 'NONE' },
    cancel_change: { changeId: 1 },
    set_payment_method: { paymentMethodId: 999_999 },
    set_payment_terms: { daysUntilDue: 3 },
    set_usage_threshold: { usageThreshold: 3 },
    change_trial: { trialEnd: 'now' },
    pause_collection: { behavior: 'void' },
  };
  const types = Object.keys(subscriptionCommands) as (keyof typeof subscriptionCommands)[];

  for (const type of types) {
    const command = { type, ...subscriptionCommands[type].safeParse(bodies[type] ?? {}).data } as RequestedCommand;

    // Money comes and goes all the same.
    if (isOfMoney(command)) {
      continue;
    }
    subscriptionCommands[type].parse(bodies[type] ?? {});
    const shown = await preview(lan, command).catch((error: unknown) => error);
    expect([type, shown]).toEqual([type, expect.objectContaining({ code: 'subscription_state' })]);
    expect([type, await shop.ask(lan, command)]).toEqual([type, 'subscription_state']);
  }
});
