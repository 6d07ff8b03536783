import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { adjustInvoice } from '../../billing/credit-notes/adjust-invoice';
import { reverseInvoice } from '../../billing/invoices/reverse-invoice';
import { taxPointAt } from '../../billing/taxes/tax-point-calendar';
import { categoryOf, combinedRate, taxesOn } from '../../billing/taxes/tax-rules';
import { AppError } from '../../errors';
import type { PaymentGateways, PaymentMethod } from '../../payments/payment-gateway';
import { requireOfferedMethod } from '../../payments/require-offered-method';
import type { LastingDiscount } from '../../promotions/coupon-duration-rules';
import { refusal } from '../../promotions/coupon-rules';
import { askForLook } from '../../usage/thresholds/threshold-looks';
import type { LoadedSubscription, LockedSubscription } from '../row/lock-subscription';
import { payInvoice } from '../steps/pay-invoice';
import { recordPayment } from '../steps/record-payment';
import { takePayment } from '../steps/take-payment';
import { type SubscriptionBooks, writtenBooks } from '../steps/subscription-books';
import { readOfferedAddons, requireAddonsSold } from '../row/read-offered-addons';
import { readOfferedPlan, termsOf } from '../row/read-offered-plan';
import { requireMetersFree } from '../row/require-meters-free';
import { readAskedCoupons, redeemOnSubscription } from '../row/use-coupons';
import type { Decision, SubscriptionCommand } from '../lifecycle/decision-types';
import { addonOf } from '../lifecycle/addon-rules';
import { admitOnSubscription, lastingDiscounts } from '../lifecycle/admission-rules';
import { planOf, taxBehaviorOf } from '../lifecycle/item-rules';
import { type AgreedTerms, planItem } from '../lifecycle/subscription-types';
import { afterSettled } from '../lifecycle/payment-decider';
import { unpaidInvoice } from '../lifecycle/subscription-invoice-rules';
import { standingOf } from '../lifecycle/subscription-standing';
import { wrongState } from '../lifecycle/telling-rules';
import { billedOf, priceChangeOf } from './requested-price';
import type { MoneyCommand, RequestedCommand } from './subscription-command-schema';

export type ResolvedCommand =
  | { kind: 'rule'; locked: LockedSubscription; command: SubscriptionCommand }
  | { kind: 'done'; locked: LockedSubscription; decision: Decision; paymentId: number | null };

/**
 * Looks up what a command names, or carries out one that is about money alone.
 * @throws AppError plan_not_found, plan_unavailable, not_found, invoice_state, payment_method_unavailable …
 */
export async function resolveCommand(
  tx: TenantSql,
  locked: LockedSubscription,
  requested: RequestedCommand,
  gateways: PaymentGateways,
): Promise<ResolvedCommand> {
  switch (requested.type) {
    case 'pay_invoice': {
      const { type: _type, ...payment } = requested;
      const paymentId = await payInvoice(tx, { ...payment, locked, gateways });

      return { kind: 'done', locked, decision: { state: locked.state, effects: [] }, paymentId };
    }
    case 'record_payment': {
      const { type: _type, ...payment } = requested;
      await recordPayment(tx, { ...payment, locked });
      const { decision } = await takePayment(tx, locked, payment.paymentId);

      return { kind: 'done', locked, decision: decision ?? { state: locked.state, effects: [] }, paymentId: null };
    }
    case 'void_invoice':
      return voidInvoice(tx, locked, requested.invoiceId);
    case 'credit_invoice':
      return creditInvoice(tx, locked, requested);
    default: {
      const { loaded, command } = await resolveRule(tx, locked, requested, {
        books: writtenBooks(tx, locked, { gateways, isAsked: true }),
        gateways,
      });

      if (command.type === 'method_changed') {
        await saveMethod(tx, loaded);
      }

      if (command.type === 'set_usage_threshold') {
        await askForLook(tx, loaded.state.id);
      }

      if (command.type === 'apply_promotion') {
        const { id: subscriptionId, customerId, currency } = loaded.state;
        const uses = [{ ...command.discount, field: '/promotionCode', discount: null }];
        await redeemOnSubscription(tx, { subscriptionId, customerId, currency, uses }, loaded.now);
      }

      return { kind: 'rule', locked: loaded, command };
    }
  }
}

/**
 * What a command asks of the rules, and the subscription that they are to look at. Reads alone.
 * @throws AppError subscription_state, promotion_…, plan_not_found, plan_unavailable, price_not_in_currency, addon_not_found, addon_unavailable,
 *   model_not_accepting, not_found, meter_billed_elsewhere, payment_method_unavailable, currency_mismatch
 */
export async function resolveRule(
  tx: TenantSql,
  loaded: LoadedSubscription,
  requested: Exclude<RequestedCommand, MoneyCommand>,
  {
    books,
    gateways,
  }: { books: Pick<SubscriptionBooks, 'billed' | 'newAddonIds' | 'isOnPaper'>; gateways: PaymentGateways },
): Promise<{ loaded: LoadedSubscription; command: SubscriptionCommand }> {
  requireNotOver(loaded);

  switch (requested.type) {
    case 'cancel':
      return {
        loaded,
        command: {
          type: 'cancel',
          reason: requested.reason,
          atPeriodEnd: requested.cancelAtPeriodEnd,
          creditUnused: requested.creditUnused,
        },
      };
    case 'change_plan':
      return { loaded, command: await changeOf(tx, loaded, requested, books) };
    case 'change_price':
      return { loaded, command: await priceChangeOf(tx, loaded, requested, books) };
    case 'set_phases': {
      const phases = requested.phases.map(({ price, quantity, afterPeriods }) => ({
        amount: price,
        quantity,
        periods: afterPeriods,
      }));

      return { loaded, command: { type: 'set_phases', phases } };
    }
    case 'add_addons': {
      const { type, prorationBehavior, ...named } = requested;
      await requireAddonsSold(tx, { isOffered: loaded.settings.addonEnabled, isHeld: !books.isOnPaper });

      const { currency } = loaded.state;
      const addons = await readOfferedAddons(tx, { ...named, currency }, books.newAddonIds);
      await requireMetersFree(tx, {
        ...metersOf(loaded, books),
        by: { subscriptionId: loaded.state.id, item: null },
        // One that it has is not bought: it goes on with the meters that it has, or is refused as owned.
        meters: addons
          .filter(({ terms }) => addonOf(loaded.state, terms.addonId) === undefined)
          .flatMap(({ terms }) => terms.meters ?? []),
        field: '/addonIds',
      });

      return { loaded, command: { type, addons, prorationBehavior } };
    }
    case 'change_addon': {
      const { type, ...asked } = requested;
      const { addonId } = asked;
      const item = addonOf(loaded.state, addonId);
      const billed = item === undefined ? null : await billedOf(loaded, books, item.key);

      return { loaded, command: { type, ...asked, billed } };
    }
    case 'apply_promotion':
      return { loaded, command: { type: 'apply_promotion', discount: await admittedDiscount(tx, loaded, requested) } };
    case 'set_payment_method':
      return { loaded: await withMethod(tx, loaded, requested, gateways), command: { type: 'method_changed' } };
    default:
      return { loaded, command: requested };
  }
}

/** One whose workflow has ended takes nothing, whatever it names, and so has nothing to preview. @throws AppError subscription_state */
function requireNotOver(loaded: LoadedSubscription): void {
  if (standingOf(loaded.state, loaded).isOver) {
    throw wrongState(loaded.state, 'It has ended; start a new one.');
  }
}

async function changeOf(
  tx: TenantSql,
  loaded: LoadedSubscription,
  requested: Extract<RequestedCommand, { type: 'change_plan' }>,
  books: Pick<SubscriptionBooks, 'billed' | 'isOnPaper'>,
): Promise<SubscriptionCommand> {
  const { state, now } = loaded;
  const { newPlanId, quantity, immediate, prorationDate, prorationBehavior } = requested;
  const plan = planOf(state);
  const terms =
    newPlanId === null
      ? null
      : newPlanId === plan.terms.planId
        ? plan.terms
        : termsOf(await readOfferedPlan(tx, newPlanId, { currency: state.currency, field: '/newPlanId' }));
  await requireMetersFree(tx, {
    ...metersOf(loaded, books),
    by: { subscriptionId: state.id, item: planItem },
    meters: terms?.meters ?? [],
    field: '/newPlanId',
  });
  const at = prorationDate === null ? null : Date.parse(prorationDate);
  const billed = await billedOf(loaded, books, planItem, at ?? now.getTime());

  const includedTaxPpm = terms === null ? undefined : taxesIncluded(loaded, terms);

  return { type: 'change_plan', terms, includedTaxPpm, quantity, immediate, at, billed, prorationBehavior };
}

/** The taxes in prices of which one holds them, so that the two can be compared. */
function taxesIncluded({ state, taxation, settings, now }: LoadedSubscription, terms: AgreedTerms) {
  const before = planOf(state);

  if (taxBehaviorOf(before) === taxBehaviorOf({ terms })) {
    return undefined;
  }
  const point = taxPointAt(now.getTime(), { ...taxation, taxStatus: 'taxable' }, settings);
  const held = (of: AgreedTerms) =>
    taxBehaviorOf({ terms: of }) === 'inclusive' ? combinedRate(taxesOn(categoryOf(taxation, of), point)) : 0;

  return { before: held(before.terms), after: held(terms) };
}

const metersOf = ({ state }: LoadedSubscription, { isOnPaper }: Pick<SubscriptionBooks, 'isOnPaper'>) => ({
  customerId: state.customerId,
  isHeld: !isOnPaper,
});

/** @throws AppError promotion_… (see `admitOnSubscription`) */
async function admittedDiscount(
  tx: TenantSql,
  { state, now }: LoadedSubscription,
  { promotionCode: code }: Extract<RequestedCommand, { type: 'apply_promotion' }>,
): Promise<LastingDiscount> {
  const field = '/promotionCode';
  const asked = await readAskedCoupons(tx, state.customerId, [{ code, field }]);
  const [discount] = lastingDiscounts(admitOnSubscription(asked, { ...state, now: now.getTime() }), now.getTime());

  if (discount === undefined) {
    throw refusal('promotion_not_applicable', { code, field }, 'gives a trial, which a subscription begins with.');
  }

  return discount;
}

/** From now on renewals are charged to this method, or invoices are sent (D16). */
async function withMethod(
  tx: TenantSql,
  loaded: LoadedSubscription,
  { paymentMethodId, paymentMethod }: Extract<RequestedCommand, { type: 'set_payment_method' }>,
  gateways: PaymentGateways,
): Promise<LoadedSubscription> {
  const [saved] =
    paymentMethodId === null
      ? []
      : await tx.query(
          z.object({ id: dbInteger, method: z.string() }),
          Prisma.sql`SELECT id, method FROM finance.payment_methods WHERE company_id = ${tx.companyId}::bigint
                        AND id = ${paymentMethodId}::bigint AND customer_id = ${loaded.state.customerId}::bigint AND status = 'active'`,
        );

  if (paymentMethodId !== null && saved === undefined) {
    throw new AppError('not_found', {
      field: '/paymentMethodId',
      detail: `The customer has no payment method ${paymentMethodId}.`,
    });
  }
  const method = (saved?.method ?? paymentMethod) as PaymentMethod | null;
  const collection = saved === undefined ? 'send_invoice' : 'charge_automatically';

  // The one that it has stays as agreed, also where the company has stopped offering it.
  if (method !== loaded.paymentMethod) {
    const { settings, testClockId, state } = loaded;
    const account = { currency: state.currency, isOnClock: testClockId !== null };
    requireOfferedMethod(method, account, { gateways, settings });
  }

  return {
    ...loaded,
    paymentMethod: method,
    paymentMethodId,
    state: { ...loaded.state, collection, hasMethod: saved !== undefined },
  };
}

async function saveMethod(tx: TenantSql, { state, paymentMethod, paymentMethodId }: LockedSubscription): Promise<void> {
  await tx.write(Prisma.sql`UPDATE ordering.subscriptions SET collection = ${state.collection}, payment_method = ${paymentMethod}, payment_method_id = ${paymentMethodId}::bigint
                WHERE company_id = ${tx.companyId}::bigint AND id = ${state.id}::bigint`);
}

async function voidInvoice(tx: TenantSql, locked: LockedSubscription, invoiceId: number): Promise<ResolvedCommand> {
  const { state, party, settings, now } = locked;
  await reverseInvoice(tx, { invoiceId, subscriptionId: state.id, reason: 'void', party, settings, now });

  return { kind: 'done', locked, decision: afterSettled(state, invoiceId, 'void', now.getTime()), paymentId: null };
}

/** Part of an invoice is taken back; one that is settled by it is asked for no more. */
async function creditInvoice(
  tx: TenantSql,
  locked: LockedSubscription,
  { invoiceId, creditNoteId, amount, notes }: Extract<RequestedCommand, { type: 'credit_invoice' }>,
): Promise<ResolvedCommand> {
  const { state, party, settings, now } = locked;
  const note = await adjustInvoice(tx, {
    invoiceId,
    creditNoteId,
    subscriptionId: state.id,
    amount,
    notes,
    party,
    settings,
    now,
  });
  const isSettled = note?.isSettled === true && unpaidInvoice(state, invoiceId) !== undefined;
  const decision = isSettled ? afterSettled(state, invoiceId, 'credited', now.getTime()) : { state, effects: [] };

  return { kind: 'done', locked, decision, paymentId: null };
}
