import { randomUUID } from 'node:crypto';

import { Pool } from 'pg';

import { createCampaignActivities } from '../../../activities/campaign-activities';
import { createPaymentActivities } from '../../../activities/payment-activities';
import { createProviderActivities } from '../../../activities/provider-activities';
import { createSubscriptionActivities } from '../../../activities/subscription-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { createCompany } from '../../../domain/companies/create-company';
import type { Settings } from '../../../domain/companies/setting-catalogue';
import { insertCustomer } from '../../../domain/customers/insert-customer';
import { AppError } from '../../../domain/errors';
import type { PaymentGateways } from '../../../domain/payments/payment-gateway';
import { recordOutcome } from '../../../domain/payments/record-outcome';
import { savePaymentMethod } from '../../../domain/payments/save-payment-method';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewCommand } from '../../../domain/subscriptions/paper/preview-subscription';
import type { SubscriptionRun } from '../../../domain/subscriptions/steps/run-subscription';
import { stepTestClock } from '../../../domain/test-clocks/advance-test-clock';
import { aimTestClock } from '../../../domain/test-clocks/aim-test-clock';
import { createTestClock } from '../../../domain/test-clocks/create-test-clock';
import { openGateways } from '../../../gateways/open-gateways';
import { changeSettings } from '../../../domain/usage/thresholds/change-settings';
import { readConfig } from '../../../platform/config';
import { type Database } from '../../../platform/db/database';
import { createLogger } from '../../../platform/logger';
import {
  type AddonName,
  addons,
  firstInstant,
  type LifeAddon,
  type LifePlan,
  plans as allPlans,
  type WayToPay,
} from './life';
import { copyFeatures, grantsOfAddon, grantsOfPlan, offerFeatures } from './features';
import { readHeld } from './held';
import { offerSales, openSales, type Sales } from './sales';
import { type Snapshot, takeSnapshot } from './snapshot';

/** What the steps name this installation in effect keys; snapshots look for them. */
const installation = 'lives';

/** A clock that stays where it is although it is told to go on hangs. */
const mostRepeats = 20;

/** The answer to something that was asked: done, or refused with a code of the catalogue. */
export type Answer = { kind: 'done' } | { kind: 'refused'; code: string; detail: string };

export interface PreviewedDocuments {
  invoices: readonly { purpose: string; subtotal: number; tax: number; totalAmount: number; balanceApplied: number }[];
  creditNotes: readonly { reason: string; subtotal: number; tax: number; totalAmount: number }[];
  /** Account credit that is left. */
  balance: number;
}

export interface ForeseenInvoice {
  issuedAt: string | null;
  periodStart: string | null;
  periodEnd: string | null;
  subtotal: number;
  tax: number;
}

/** A command as the product takes it, with the plan by its name. */
export type Asked =
  | Exclude<
      RequestedCommand,
      { type: 'change_plan' | 'change_price' | 'set_payment_method' | 'pay_invoice' | 'record_payment' }
    >
  | (Omit<Extract<RequestedCommand, { type: 'change_price' }>, 'priceId'> & { dearer: boolean })
  | { type: 'change_plan'; plan: string | null; quantity: number | null; immediate: boolean | null }
  | { type: 'set_payment_method'; pays: WayToPay }
  | { type: 'pay_invoice'; invoiceId: number; pays: 'tok_ok' | 'tok_declined' | 'vnpay' }
  | { type: 'record_payment'; invoiceId: number; amount: number };

/**
 * One subscription of one customer on a test clock, in a company of its own. Time passes by `waitUntil` alone. The steps
 * are those that the workflows run, in their order; only Temporal is left out.
 */
export interface LivingSubscription {
  sales: Sales;
  ask(command: Asked): Promise<Answer>;
  preview(command: Asked): Promise<PreviewedDocuments | Extract<Answer, { kind: 'refused' }>>;
  forecast(until: Date): Promise<{ invoices: readonly ForeseenInvoice[] }>;
  /** @throws Error when the clock does not get there */
  waitUntil(instant: Date): Promise<void>;
  /** What became of a payment: its provider tells, and the subscription takes it in. */
  tell(payment: { id: number; reference: string }, outcome: 'success' | 'failed', paidAmount: number): Promise<void>;
  refund(paymentId: number, amount: number | null): Promise<Answer>;
  set(changes: Partial<Settings>): Promise<void>;
  look(): Promise<Snapshot>;
}

export interface Begin {
  settings: Partial<Settings>;
  plan: string;
  seats: number;
  trial: boolean;
  pays: WayToPay;
  anchorDay: number | null;
  endsAt: Date | null;
  code?: string | null;
  taxByDate?: boolean;
  addons?: readonly string[];
  startsAt?: Date | null;
}

export interface Product {
  begin(start: Begin): Promise<LivingSubscription | Extract<Answer, { kind: 'refused' }>>;
  close(): Promise<void>;
}

/** The only place of these tests that knows how the product is called. */
export async function openProduct(
  server: { database: Database; adminUrl: string; appUrl: string },
  plans: Readonly<Record<string, LifePlan>> = allPlans,
): Promise<Product> {
  const { database } = server;
  const owner = new Pool({ connectionString: server.adminUrl, max: 4 });
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: server.appUrl });
  const opened = await openGateways({ config, database, logger: createLogger({ level: 'silent', name: 'lives' }) });
  // Test clocks take simulated methods only. A page to pay at is what VNPay is here: nobody calls the real one.
  const vnpay = opened.get('vnpay');
  const gateways: PaymentGateways = new Map([
    ...opened,
    ...(vnpay === undefined ? [] : [['vnpay', { ...vnpay, isSimulated: true }] as const]),
  ]);

  const pattern = await makePattern(database, plans);

  async function begin(start: Begin): Promise<LivingSubscription | Extract<Answer, { kind: 'refused' }>> {
    // Everybody lives by the test clock; what reads the machine's time gets it from here.
    let now = firstInstant;
    const clock = { now: () => now };
    const parts = { database, gateways, clock, installation };
    const steps = createSubscriptionActivities(parts);
    const payments = createPaymentActivities(parts);
    const providers = createProviderActivities({ ...parts, allowTestPayments: true });
    const campaigns = createCampaignActivities(parts);

    const [companyId, clockId, customerId, subscriptionId] = await Promise.all([
      reserveId(database, 'company'),
      reserveId(database, 'testClock'),
      reserveId(database, 'customer'),
      reserveId(database, 'subscription'),
    ]);
    const of = { companyId, subscriptionId };
    const planIds = await copyCompany(owner, { pattern, companyId, settings: start.settings });
    await database.withTenant(companyId, async (tx) => {
      await createTestClock(tx, { id: clockId, name: null, at: now, isProduction: false, now });
      await insertCustomer(tx, { id: customerId, name: 'Lan', email: 'lan@lives.test', testClockId: clockId, now });
    });
    await offerSales(database, companyId, { planIds, plans, taxByDate: start.taxByDate ?? false });
    const planId = (name: string) => planIds.get(name) ?? 0;
    const isCard = (pays: WayToPay) => pays !== null && pays !== 'vnpay';
    const saveCard = (token: string) =>
      database.withTenantSql(companyId, (tx) =>
        savePaymentMethod(tx, { customerId, method: 'card', token, gateways, now }),
      );
    let isOver = false;

    /** As the workflow does after each step: what it does not want goes back. */
    async function after(run: SubscriptionRun): Promise<void> {
      isOver = run.standing.isOver;

      if (run.refundDue !== null) {
        await giveBack(run.refundDue);
      }
    }

    /** As `payment/<id>` takes money in whose owner is over, or does not want it. */
    async function giveBack(paymentId: number): Promise<void> {
      const { refundDue } = await payments.reconcilePayment({ companyId, paymentId });

      if (refundDue) {
        await sendRefund({ refundId: null, paymentId, amount: null, reason: 'refund_due' });
      }
    }

    async function sendRefund(request: Omit<Parameters<typeof payments.beginRefund>[0], 'companyId'>): Promise<Answer> {
      const begun = await payments.beginRefund({ companyId, ...request });

      if (begun.kind === 'refused') {
        return refusedWith(begun.error);
      }
      const outcome = await providers.refundAtProvider(begun.value);
      await payments.completeRefund({ companyId, refundId: begun.value.refundId, outcome });

      return { kind: 'done' };
    }

    async function requestOf(command: Asked): Promise<RequestedCommand> {
      switch (command.type) {
        case 'change_plan': {
          const { plan, ...rest } = command;

          return { ...rest, newPlanId: plan === null ? null : planId(plan), prorationDate: null };
        }
        case 'change_price': {
          const { dearer, ...rest } = command;

          return { ...rest, priceId: dearer ? await firstPrice(owner, subscriptionId, rest.addonId ?? null) : null };
        }
        case 'set_payment_method':
          return isCard(command.pays)
            ? { type: command.type, paymentMethodId: await saveCard(command.pays as string), paymentMethod: null }
            : { type: command.type, paymentMethodId: null, paymentMethod: command.pays as 'vnpay' | null };
        case 'pay_invoice': {
          const { type, invoiceId, pays } = command;
          const token = isCard(pays) ? pays : null;
          const paymentId = await reserveId(database, 'payment');
          const paymentMethod = token === null ? 'vnpay' : 'card';

          return { type, invoiceId, paymentId, paymentMethod, paymentToken: token, customerIp: null };
        }
        case 'record_payment': {
          const paymentId = await reserveId(database, 'payment');

          return { ...command, paymentId, method: 'bank_transfer', reference: 'by bank', receivedAt: null };
        }
        default:
          return command;
      }
    }

    const over: Answer = { kind: 'refused', code: 'subscription_state', detail: 'It is over.' };

    const created = await steps.createSubscription({
      ...of,
      customerId,
      planId: planId(start.plan),
      useTrial: start.trial,
      quantity: start.seats,
      billingAnchorDay: start.anchorDay,
      startsAt: start.startsAt?.toISOString() ?? null,
      endsAt: start.endsAt?.toISOString() ?? null,
      addons: { addonIds: [], addonKeys: start.addons ?? [], quantity: 1 },
      paymentMethod: isCard(start.pays) ? 'card' : (start.pays as 'vnpay' | null),
      paymentMethodId: isCard(start.pays) ? await saveCard(start.pays as string) : null,
      promotionCode: start.code ?? null,
    });

    if (created.kind === 'refused') {
      return refusedWith(created.error);
    }
    await after(created.value);

    return {
      sales: openSales({ database, companyId, customerId, now: () => now }),
      async ask(command) {
        if (isOver) {
          return over;
        }
        const work = { kind: 'command', commandId: randomUUID(), command: await requestOf(command) } as const;
        const ran = await steps.runSubscription({ ...of, work });

        if (ran.kind === 'refused') {
          return refusedWith(ran.error);
        }
        await after(ran.value);

        return { kind: 'done' };
      },
      async preview(command) {
        if (isOver) {
          return over as Extract<Answer, { kind: 'refused' }>;
        }

        try {
          return await previewCommand(database, await requestOf(command), { ...of, gateways, now });
        } catch (error) {
          if (error instanceof AppError) {
            return refusedWith(error.toJSON());
          }
          throw error;
        }
      },
      forecast: (until) =>
        database.withTenantSnapshot(companyId, (tx) => forecastSubscription(tx, { subscriptionId, until, now })),
      async waitUntil(instant) {
        await database.withTenantSql(companyId, (tx) =>
          aimTestClock(tx, { testClockId: clockId, requestKey: null, target: instant, now }),
        );
        let last = '';
        let repeats = 0;

        for (;;) {
          const step = await database.withTenantSql(companyId, (tx) => stepTestClock(tx, clockId, now));
          now = new Date(step.now);

          if (step.kind !== 'deadline') {
            return;
          }
          repeats = step.now === last ? repeats + 1 : 0;
          last = step.now;

          if (repeats > mostRepeats) {
            throw new Error(`The clock does not get past ${step.now}.`);
          }

          if (step.subscriptionIds.length > 0) {
            const ran = await steps.runSubscription({ ...of, work: { kind: 'due' } });

            if (ran.kind === 'refused') {
              throw new Error(
                `What time brings at ${step.now} is refused: ${ran.error.code} ${ran.error.detail ?? ''}`,
              );
            }
            await after(ran.value);
          }

          if (step.usageSubscriptionIds.length > 0) {
            await steps.runSubscription({ ...of, work: { kind: 'usage' } });
          }

          for (const campaignId of step.campaignIds) {
            await campaigns.lookAtCampaign({ companyId, campaignId });
          }
        }
      },
      async tell({ id, reference }, outcome, paidAmount) {
        const isSuccess = outcome === 'success';
        await database.withTenantSql(companyId, (tx) =>
          recordOutcome(
            tx,
            {
              reference,
              provider: 'test',
              outcome,
              paidAmount: isSuccess ? paidAmount : 0,
              transactionId: isSuccess ? `TEST-${id}` : null,
              paidAt: null,
              failureReason: isSuccess ? null : 'tested',
              payload: {},
            },
            now,
          ),
        );

        if (isOver) {
          return giveBack(id);
        }
        const ran = await steps.runSubscription({ ...of, work: { kind: 'payment', paymentId: id } });

        if (ran.kind === 'refused') {
          throw new Error(`Payment ${id} is refused: ${ran.error.code} ${ran.error.detail ?? ''}`);
        }
        await after(ran.value);
      },
      refund: async (paymentId, amount) =>
        sendRefund({ refundId: await reserveId(database, 'refund'), paymentId, amount, reason: 'asked for' }),
      set: async (changes) => {
        await database.withTenant(companyId, (tx) => changeSettings(tx, { changes, now }));
      },
      look: async () => ({
        ...(await takeSnapshot(owner, companyId)),
        held: await readHeld(database, { companyId, customerId, now }),
      }),
    };
  }

  return { begin, close: () => owner.end() };
}

function refusedWith({ code, detail }: { code: string; detail?: string | undefined }) {
  return { kind: 'refused' as const, code, detail: detail ?? '' };
}

/** Every plan and add-on had a price of so much more before, minor units. */
const dearerBy = 15_000;

/** The first price of the plan that it has now, or of an add-on, in its currency. */
async function firstPrice(owner: Pool, subscriptionId: number, addonId: number | null): Promise<number> {
  const { rows } = await owner.query<{ id: string }>(
    `SELECT v.id FROM product.price_versions v JOIN ordering.subscriptions s ON s.company_id = v.company_id
      WHERE s.id = $1 AND v.currency = s.currency AND (v.addon_id = $2 OR ($2::bigint IS NULL AND v.plan_id = s.plan_id))
      ORDER BY v.version LIMIT 1`,
    [subscriptionId, addonId],
  );

  return Number(rows[0]?.id);
}

/** Every other plan and add-on is at home in another currency, and has the price that lives are led at besides. */
function pricedAbroad(nth: number, { price, phases }: Required<Pick<LifePlan, 'price' | 'phases'>>) {
  const foreign = { currency: 'EUR', price: price * 3 + 1_000, phases: [{ price: 77, periods: 1 }] };

  return nth % 2 === 0
    ? { currency: 'VND', price, phases, prices: [foreign] }
    : { ...foreign, prices: [{ currency: 'VND', price, phases }] };
}

/** The company that those of the lives are copies of. @returns its id */
async function makePattern(database: Database, plans: Readonly<Record<string, LifePlan>>): Promise<number> {
  const companyId = await reserveId(database, 'company');
  const now = firstInstant;
  await database.withTenant(companyId, async (tx) => {
    await createCompany(tx, { slug: `lives-${companyId}`, name: 'Lives', now });
    await offerFeatures(tx, now);

    for (const [nth, [name, { trialDays, billingCycle, price, phases = [] }]] of Object.entries(plans).entries()) {
      const before = pricedAbroad(nth, { price: price + dearerBy, phases: [] });
      const trial = { trialEnabled: trialDays > 0, trialDays };
      const { id } = await createPlan(tx, {
        plan: { name, billingCycle, ...before, ...trial, grants: grantsOfPlan(name) },
        now,
      });
      const { currency: _same, ...changes } = pricedAbroad(nth, { price, phases });
      await updatePlan(tx, { id, changes, now });
    }

    for (const [nth, [key, addon]] of Object.entries<LifeAddon>(addons).entries()) {
      const { price, billingPeriod, termPeriods = null, setupFee = 0 } = addon;
      const feeIn = (currency: string) => (currency === 'VND' || setupFee === 0 ? setupFee : setupFee + 1);
      const priced = (at: number) => {
        const { price: own, currency, prices: others } = pricedAbroad(nth, { price: at, phases: [] });
        const prices = others.map((one) => ({
          currency: one.currency,
          price: one.price,
          setupFee: feeIn(one.currency),
        }));

        return { price: own, currency, setupFee: feeIn(currency), prices };
      };
      const grants = grantsOfAddon(key as AddonName);
      const sold = { key, name: key, ...priced(price + dearerBy), billingPeriod, termPeriods, grants };
      const { id } = await createAddon(tx, { addon: sold, now });
      await updateAddon(tx, { id, changes: priced(price), now });
    }
  });

  return companyId;
}

/** Making a company anew would take longer than most of a life. @returns ids of its plans, by their names */
async function copyCompany(
  owner: Pool,
  { pattern, companyId, settings }: { pattern: number; companyId: number; settings: Partial<Settings> },
): Promise<Map<string, number>> {
  const { rows } = await owner.query<{ name: string; id: string }>({
    name: 'copy-company',
    text: `WITH company AS (
             INSERT INTO platform.companies SELECT (jsonb_populate_record(c, jsonb_build_object('id', $2::bigint, 'slug', 'lives-' || $2::bigint))).*
               FROM platform.companies c WHERE c.id = $1 RETURNING id),
           setting AS (
             INSERT INTO platform.company_settings SELECT (jsonb_populate_record(s, jsonb_build_object('company_id', $2::bigint, 'values', $3::jsonb))).*
               FROM platform.company_settings s WHERE s.company_id = $1 RETURNING company_id),
           addon AS (
             INSERT INTO product.addons SELECT (jsonb_populate_record(a, jsonb_build_object('company_id', $2::bigint,
                    'id', nextval(pg_get_serial_sequence('product.addons', 'id'))))).*
               FROM product.addons a WHERE a.company_id = $1 RETURNING addon_key, id),
           addon_price AS (
             INSERT INTO product.addon_prices SELECT (jsonb_populate_record(x, jsonb_build_object('company_id', $2::bigint, 'addon_id', n.id))).*
               FROM product.addon_prices x JOIN product.addons a ON a.id = x.addon_id JOIN addon n ON n.addon_key = a.addon_key
              WHERE x.company_id = $1),
           plan AS (
             INSERT INTO product.plans SELECT (jsonb_populate_record(p, jsonb_build_object('company_id', $2::bigint,
                    'id', nextval(pg_get_serial_sequence('product.plans', 'id'))))).*
               FROM product.plans p WHERE p.company_id = $1 RETURNING name, id),
           plan_price AS (
             INSERT INTO product.plan_prices SELECT (jsonb_populate_record(x, jsonb_build_object('company_id', $2::bigint, 'plan_id', n.id))).*
               FROM product.plan_prices x JOIN product.plans p ON p.id = x.plan_id JOIN plan n ON n.name = p.name
              WHERE x.company_id = $1),
           price AS (
             INSERT INTO product.price_versions SELECT (jsonb_populate_record(v, jsonb_build_object('company_id', $2::bigint,
                    'id', nextval(pg_get_serial_sequence('product.price_versions', 'id')), 'plan_id', n.id))).*
               FROM product.price_versions v JOIN product.plans p ON p.id = v.plan_id JOIN plan n ON n.name = p.name
              WHERE v.company_id = $1 RETURNING id),
           addon_version AS (
             INSERT INTO product.price_versions SELECT (jsonb_populate_record(v, jsonb_build_object('company_id', $2::bigint,
                    'id', nextval(pg_get_serial_sequence('product.price_versions', 'id')), 'addon_id', n.id))).*
               FROM product.price_versions v JOIN product.addons a ON a.id = v.addon_id JOIN addon n ON n.addon_key = a.addon_key
              WHERE v.company_id = $1 RETURNING id)
           SELECT name, id FROM plan`,
    values: [pattern, companyId, JSON.stringify(settings)],
  });
  await copyFeatures(owner, { from: pattern, to: companyId });

  return new Map(rows.map(({ name, id }) => [name, Number(id)]));
}
