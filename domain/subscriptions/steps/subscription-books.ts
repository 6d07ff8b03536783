import type { TenantSql } from '../../../platform/db/database';
import { valueOfShare } from '../../billing/credit-notes/credit-from';
import { creditUnits, readPurchaseLines } from '../../billing/credit-notes/credit-units';
import { creditUnusedService } from '../../billing/credit-notes/credit-unused-service';
import { readGuardedLines } from '../../billing/credit-notes/read-creditable-lines';
import { openCampaign } from '../../billing/dunning/open-campaign';
import { closeDunning, logDunningAttempt, saveDunningRuns } from '../../billing/dunning/save-runs';
import type { IssuedInvoice, WantedInvoice } from '../../billing/invoices/draft-subscription-invoice';
import type { MeteredCharge } from '../../billing/invoices/metered-charge';
import { issueSubscriptionInvoice } from '../../billing/invoices/issue-subscription-invoice';
import { markOverdue } from '../../billing/invoices/mark-overdue';
import { markUncollectible } from '../../billing/invoices/mark-uncollectible';
import { numberDraft, type NumberedDraft } from '../../billing/invoices/number-draft';
import { reverseInvoice } from '../../billing/invoices/reverse-invoice';
import { categoryOf } from '../../billing/taxes/tax-rules';
import { moveServiceEnd } from '../../billing/service-guard/move-service-end';
import { localDateAt } from '../../calendar/zoned-calendar';
import { releaseTrial } from '../../customers/release-trial';
import { appendEvents } from '../../events/append-events';
import type { DomainEvent } from '../../events/event-types';
import type { NewNotice } from '../../notifications/notice-types';
import { forgetAsking } from '../../payments/ask-later';
import { readUnitsLeft, type UnitsLeft } from '../../usage/prepaid/read-units-left';
import { type MeasuredUsage, measureUsage } from '../../usage/billing/measure-usage';
import { saveMeteredPeriods } from '../../usage/billing/metered-period-row';
import type { BilledStretch, EffectOf } from '../lifecycle/decision-types';
import { userAddonIdOf } from '../lifecycle/addon-rules';
import { discountAdjustments } from '../charges/discount-rules';
import { guardedItemOf, isForInstant, isFree, lineNameOf, planOf } from '../lifecycle/item-rules';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';
import { isLeftOutWhenEmpty } from '../lifecycle/subscription-invoice-rules';
import type { AddonKey, ItemKey, Subscription } from '../lifecycle/subscription-types';
import type { LoadedSubscription, LockedSubscription } from '../row/lock-subscription';
import { reserveUserAddonIds } from '../row/read-offered-addons';
import { readShareReturned, returnUnits } from '../row/return-units';
import { endAddon, saveAddons } from '../row/save-addons';
import { saveSubscription } from '../row/save-subscription';
import { releasePromotions } from './release-promotions';
import { collectInvoice, type StartedCollection, type WaysToPay } from './collect-invoice';

/** What is told of a decision once it is carried out. */
export interface Told {
  history: readonly EffectOf<'history'>[];
  events: readonly DomainEvent[];
  notices: readonly NewNotice[];
}

/** Where the effects of decisions are entered: in the database, or on paper (`paper-books.ts`). */
export interface SubscriptionBooks {
  readonly isOnPaper: boolean;
  /** Ids for add-ons that are bought. */
  newAddonIds(count: number): Promise<readonly number[]>;
  /** Ranges of the guard that end after an instant. */
  billed(item: ItemKey, from: number): Promise<readonly BilledStretch[]>;
  /** @returns null where there is nothing to bill */
  issue(state: Subscription, effect: EffectOf<'issue'>, told: readonly DomainEvent[]): Promise<IssuedInvoice | null>;
  /** Kept while collection was paused. */
  number(effect: EffectOf<'number_draft'>): Promise<NumberedDraft>;
  /** What a top-up that ends at an instant holds unused; null where it was never paid for. */
  unitsLeft(item: AddonKey, at: number): Promise<UnitsLeft | null>;
  /** What the units that a top-up gave up come to: 0 or less, minor units as the price has it; null before it is billed. */
  unitsValue(item: ItemKey): Promise<number | null>;
  /** @throws AppError collection_paused for a part of a draft */
  credit(effect: EffectOf<'credit'>): Promise<readonly { invoiceId: number; isSettled: boolean }[]>;
  collect(state: Subscription, invoiceId: number): Promise<StartedCollection | null>;
  /** What needs no answer. */
  enter(effect: EnteredEffect): Promise<unknown>;
  tell(events: readonly DomainEvent[]): Promise<void>;
  save(before: Subscription, after: Subscription, told: Told): Promise<void>;
}

export type EnteredEffect = EffectOf<
  | 'end_addon'
  | 'release_promotions'
  | 'release_trial'
  | 'return_units'
  | 'reverse'
  | 'move_end'
  | 'ask_again'
  | 'overdue'
  | 'uncollectible'
  | 'dunning_attempt'
  | 'dunning_closed'
>;

/** What an invoice that an effect asks for bills of usage, as far as it is known. */
export async function measuredBy(
  tx: TenantSql,
  { id: subscriptionId, customerId }: Subscription,
  { usage }: EffectOf<'issue'>,
): Promise<MeasuredUsage> {
  return usage === undefined ? { charges: [], periods: [] } : measureUsage(tx, { subscriptionId, customerId }, usage);
}

/** The invoice that an effect asks for. */
export function wantedInvoice(
  subscription: Subscription,
  { purpose, lines, dueAt, nextBillingAt, as, uncollected }: EffectOf<'issue'>,
  { party, settings, taxation, now }: LoadedSubscription,
  usage: readonly MeteredCharge[],
): WantedInvoice {
  const { id, timeZone } = subscription;

  return {
    subscriptionId: id,
    purpose,
    isFreeTier: isFree(planOf(subscription)),
    party,
    settings,
    taxRates: taxation.rates,
    lines: lines.map(({ terms, ...line }) => ({
      ...line,
      item: guardedItemOf(line),
      taxCategory: categoryOf(taxation, terms),
      taxBehavior: terms.taxBehavior,
      ...('planId' in terms ? { planId: terms.planId, addonKey: null } : { planId: null, addonKey: terms.addonKey }),
      name: lineNameOf({ ...line, terms }),
      isOnce: isForInstant({ ...line, terms }),
    })),
    usage: usage.map((charge) => ({ ...charge, taxCategory: categoryOf(taxation, charge.owner) })),
    adjustmentsOf: (sold) =>
      discountAdjustments(subscription, sold, {
        timing: settings.discountTiming,
        lineOf: ({ charge: { planId, addonKey, layer, isSetup }, basis }) => ({
          terms: planId === null ? { addonKey: addonKey ?? '' } : { planId },
          layer,
          isSetup,
          basis,
        }),
      }),
    dueDate: new Date(dueAt),
    nextBillingDate: nextBillingAt === null ? null : localDateAt(nextBillingAt, timeZone),
    isLeftOutWhenEmpty: isLeftOutWhenEmpty(as),
    uncollected: uncollected === undefined ? undefined : uncollected === 'keep_as_draft' ? 'draft' : 'final',
    now,
  };
}

/** Books in the database, in the caller's transaction and under the subscription's lock. */
export function writtenBooks(tx: TenantSql, locked: LockedSubscription, payments: WaysToPay): SubscriptionBooks {
  const { party, settings, now, state } = locked;
  const subscriptionId = state.id;
  const of = { subscriptionId, party, settings, now };

  return {
    isOnPaper: false,
    newAddonIds: (count) => reserveUserAddonIds(tx, count),
    async billed(item, from) {
      const lines = await readGuardedLines(tx, { subscriptionId, item, from: new Date(from) });

      return lines.map(({ guard: { layer }, ...line }) => ({ ...line, layer }));
    },
    async issue(current, effect, told) {
      const { charges, periods } = await measuredBy(tx, current, effect);

      if (periods.length > 0) {
        await saveMeteredPeriods(tx, { subscriptionId, customerId: party.customerId, now }, periods);
      }

      return issueSubscriptionInvoice(tx, {
        ...wantedInvoice(current, effect, locked, charges),
        eventsBefore: told,
      });
    },
    number: ({ invoiceId, dueAt }) => numberDraft(tx, { ...of, invoiceId, dueDate: new Date(dueAt) }),
    unitsLeft: (item, at) => readUnitsLeft(tx, { userAddonId: userAddonIdOf(item), at }),
    unitsValue: async (item) =>
      valueOfShare(await readPurchaseLines(tx, { subscriptionId, item }), await readShareReturned(tx, item)),
    async credit({ item, from, reason, isOfUnits }) {
      return isOfUnits === true
        ? creditUnits(tx, { ...of, item, share: await readShareReturned(tx, item), reason })
        : creditUnusedService(tx, { ...of, item, from: new Date(from), reason });
    },
    collect: (current, invoiceId) => collectInvoice(tx, { invoiceId, locked, state: current, payments }),
    async enter(effect) {
      switch (effect.type) {
        case 'end_addon':
          return endAddon(tx, effect, now);
        case 'release_promotions':
          return releasePromotions(tx, { subscriptionId, ...effect, now });
        case 'release_trial':
          return releaseTrial(tx, party.customerId, now);
        case 'return_units':
          return returnUnits(tx, effect);
        case 'reverse':
          return reverseInvoice(tx, { ...of, invoiceId: effect.invoiceId, reason: effect.reason });
        case 'move_end': {
          const { item, at, from, to } = effect;
          const instants = { at: new Date(at), from: new Date(from), to: new Date(to) };

          return moveServiceEnd(tx, { subscriptionId, item, ...instants, timeZone: party.timeZone, now });
        }
        case 'ask_again':
          return forgetAsking(tx, { invoiceId: effect.invoiceId, now });
        case 'overdue':
          await markOverdue(tx, { invoiceId: effect.invoiceId, subscriptionId, now });

          return settings.dunningCampaign === null
            ? null
            : openCampaign(tx, { party, testClockId: locked.testClockId, now });
        case 'uncollectible':
          return markUncollectible(tx, { invoiceId: effect.invoiceId, subscriptionId, now });
        case 'dunning_attempt':
          return logDunningAttempt(tx, { ...effect, subscriptionId, now });
        case 'dunning_closed':
          return closeDunning(tx, { ...effect, now });
      }
    },
    tell: (events) => appendEvents(tx, { subject: subscriptionSubject(subscriptionId), events, now }),
    async save(before, after, told) {
      if (JSON.stringify(before.dunning) !== JSON.stringify(after.dunning)) {
        await saveDunningRuns(tx, after, now);
      }
      await saveAddons(tx, { before, after, now });
      await saveSubscription(tx, { before, after, locked }, told);
    },
  };
}
