import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import { updateSettings } from '../../../domain/companies/update-settings';
import { readEntitlements } from '../../../domain/entitlements/read-entitlements';
import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { previewCommand } from '../../../domain/subscriptions/paper/preview-subscription';
import {
  openSubscriptionWorld,
  type SubscribeOptions,
  type Subscribed,
  type SubscriptionWorld,
} from './subscription-world';

export interface BilledInvoice {
  id: string;
  purpose: string;
  status: string;
  total: number;
  metadata: { businessModel: string; billingMode: string; addonCharges: number[] };
  lines: { item: string; description: string; quantity: number; subtotal: number; from: string; to: string }[];
}

export interface BoughtAddon {
  key: string;
  status: string;
  quantity: number;
  next: string | null;
  expires: Date | null;
  reason: string | null;
}

/** A company with a free plan, a paid one and add-ons, on PostgreSQL without Temporal. */
export interface AddonWorld {
  world: SubscriptionWorld;
  free: number;
  paid: number;
  addons: Record<AddonName, number>;
  set(settings: Partial<Settings>): Promise<void>;
  subscribe(options?: Omit<SubscribeOptions, 'plan'> & { plan?: 'free' | 'paid' }): Promise<Subscribed>;
  /** @returns the code that it was refused with, or null */
  ask(who: Subscribed, command: RequestedCommand): Promise<string | null>;
  buy(who: Subscribed, ...keys: AddonName[]): Promise<string | null>;
  preview(who: Subscribed, command: RequestedCommand): Promise<{ dueAmount: number; totals: number[] }>;
  payWith(who: Subscribed, token: string): Promise<void>;
  advance(who: Subscribed, days: number): Promise<void>;
  invoices(who: Subscribed): Promise<BilledInvoice[]>;
  bought(who: Subscribed): Promise<BoughtAddon[]>;
  status(who: Subscribed): Promise<string>;
  features(who: Subscribed): Promise<string[]>;
  events(who: Subscribed, like: string): Promise<string[]>;
  balance(who: Subscribed): Promise<number>;
}

const sold = {
  storage: { name: 'Extra Storage', price: 50_000, billingPeriod: 'monthly', feature: 'extra_storage' },
  ai: { name: 'AI Assistant', price: 100_000, billingPeriod: 'monthly', feature: 'ai_assistant' },
  backup: { name: 'Yearly Backup', price: 600_000, billingPeriod: 'yearly', feature: 'backup' },
  setup: { name: 'Setup', price: 30_000, billingPeriod: 'one_time', feature: 'setup' },
  line: { name: 'Line', price: 60_000, setupFee: 20_000, billingPeriod: 'monthly', feature: 'line' },
  course: { name: 'Course', price: 40_000, billingPeriod: 'monthly', termPeriods: 3, feature: 'course' },
} as const;
export type AddonName = keyof typeof sold;

/** @param start of every test clock */
export async function openAddonWorld(start: Date): Promise<AddonWorld> {
  const world = await openSubscriptionWorld(start);
  const { company, gateways, rows } = world;
  const { database } = world.test;
  const made = await database.withTenant(company.id, async (tx) => {
    for (const code of ['base', 'pro', ...Object.values(sold).map(({ feature }) => feature)]) {
      await createFeature(tx, { feature: { code, name: code }, now: start });
    }
    const plan = (name: string, price: number, feature: string) =>
      createPlan(tx, { plan: { name, price, billingCycle: 'monthly', features: [feature] }, now: start });
    const addons: [string, number][] = [];

    for (const [key, { feature, ...addon }] of Object.entries(sold)) {
      addons.push([key, (await createAddon(tx, { addon: { key, ...addon, features: [feature] }, now: start })).id]);
    }

    return {
      free: Number((await plan('Free', 0, 'base')).id),
      paid: Number((await plan('Pro', 200_000, 'pro')).id),
      addons: Object.fromEntries(addons) as Record<AddonName, number>,
    };
  });
  const opened: AddonWorld = {
    world,
    ...made,
    async set(settings) {
      await database.withTenant(company.id, (tx) => updateSettings(tx, { changes: settings, now: start }));
    },
    subscribe: async ({ plan = 'free', ...options } = {}) =>
      world.subscribe(await world.addCustomer(), { planId: made[plan], ...options }),
    async ask(who, command) {
      const answer = await world.command(who, command);

      return answer.kind === 'refused' ? answer.error.code : null;
    },
    buy: (who, ...addonKeys) => opened.ask(who, { type: 'add_addons', addonIds: [], addonKeys, quantity: 1 }),
    async preview({ subscriptionId }, command) {
      const shown = await previewCommand(database, command, {
        companyId: company.id,
        subscriptionId,
        gateways,
        now: start,
      });

      return { dueAmount: shown.dueAmount, totals: shown.invoices.map(({ totalAmount }) => totalAmount) };
    },
    async payWith(who, token) {
      const { customerId } = who;
      const paymentMethodId = await database.withTenantSql(company.id, (tx) =>
        savePaymentMethod(tx, { customerId, method: 'card', token, gateways, now: start }),
      );
      expect(await opened.ask(who, { type: 'set_payment_method', paymentMethodId, paymentMethod: null })).toBeNull();
    },
    async advance({ clockId }, days) {
      const [clock] = await rows<{ now: Date }>('SELECT now FROM ordering.test_clocks WHERE id = $1', [clockId]);
      await world.advance({ clockId }, new Date((clock?.now ?? start).getTime() + days * 86_400_000));
    },
    invoices: ({ subscriptionId }) =>
      rows(
        `SELECT i.id, i.purpose, i.status, i.total_amount::int AS total, i.metadata, (
           SELECT jsonb_agg(jsonb_build_object('item', regexp_replace(l.item, '/[0-9]+', ''), 'description', l.description, 'quantity', l.quantity,
             'subtotal', l.subtotal, 'from', l.period_start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'to', l.period_end AT TIME ZONE 'Asia/Ho_Chi_Minh') ORDER BY l.line_no)
             FROM finance.invoice_lines l WHERE l.invoice_id = i.id) AS lines
           FROM finance.invoices i WHERE i.subscription_id = $1 ORDER BY i.id`,
        [subscriptionId],
      ),
    bought: ({ subscriptionId }) =>
      rows(
        `SELECT addon_key AS key, status, quantity, next_billing_date::text AS next, expires_at AS expires, end_reason AS reason
           FROM ordering.user_addons WHERE subscription_id = $1 ORDER BY id`,
        [subscriptionId],
      ),
    async status({ subscriptionId }) {
      const [row] = await rows<{ status: string }>('SELECT status FROM ordering.subscriptions WHERE id = $1', [
        subscriptionId,
      ]);

      return row?.status ?? 'none';
    },
    async features({ customerId }) {
      const { entitlements } = await readEntitlements(database.eachAlone(company.id), {
        customerId,
        code: null,
        now: start,
      });

      return entitlements.map(({ feature }) => feature.code);
    },
    async events({ subscriptionId }, like) {
      const told = await rows<{ type: string }>(
        'SELECT type FROM platform.events WHERE subject = $1 AND type LIKE $2 ORDER BY subject_seq',
        [`subscription/${subscriptionId}`, like],
      );

      return told.map(({ type }) => type);
    },
    async balance({ customerId }) {
      const [row] = await rows<{ balance: string }>(
        'SELECT balance FROM finance.billing_accounts WHERE customer_id = $1',
        [customerId],
      );

      return Number(row?.balance);
    },
  };

  return opened;
}
