import type { BilledRange } from '../../billing/credit-notes/credit-from';
import type { InvoicePurpose } from '../../billing/invoices/invoice-types';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import type { EventType } from '../../events/event-types';
import type { LastingDiscount } from '../../promotions/coupon-duration-rules';
import type { AgreedMeter } from '../../usage/prices/agreed-meter';
import type { Phase } from '../schedule/phase-rules';
import type {
  AddonKey,
  AddonTerms,
  AgreedTerms,
  CollectionBehavior,
  CreditChoice,
  InvoiceRole,
  IssueLine,
  ItemKey,
  KeptDraft,
  PeriodicAddonTerms,
  planItem,
  ProrationBehavior,
  Subscription,
} from './subscription-types';

/** What the rules of subscriptions are asked, and what they answer: plain data. */

export interface Decision {
  state: Subscription;
  effects: SubscriptionEffect[];
}

/** What the invoices of a subscription are for. */
export type ServicePurpose = Exclude<InvoicePurpose, 'sale'>;

/** A stretch of an item's service whose usage is billed, usually because it is over. */
export interface MeteredStretch {
  item: ItemKey;
  /** of the plan or add-on */
  name: string;
  meters: readonly AgreedMeter[];
  service: InstantSpan;
  /** It goes on: what is used so far is billed early (usage-threshold-rules.ts). */
  isRunning?: boolean;
}

/** What a decision has done besides moving the state; carried out in order, in the same transaction. */
export type SubscriptionEffect =
  /** The invoice enters the state's list with its role. Ahead it is kept aside until the boundary, else collected at once. */
  | {
      type: 'issue';
      purpose: ServicePurpose;
      lines: readonly IssueLine[];
      /** Metered stretches; present, the invoice bills what came late as well (metering-rules.ts). */
      usage?: readonly MeteredStretch[];
      dueAt: number;
      nextBillingAt: number | null;
      as: InvoiceRole;
      /** Collection is paused: nobody is asked for it, and no account credit pays it; absent: it is collected. */
      uncollected?: CollectionBehavior;
    }
  /** A draft that was kept while collection was paused is numbered, and enters the state's list. */
  | ({ type: 'number_draft'; dueAt: number } & KeptDraft)
  /** Charges the saved method, or makes a payment that the customer completes. */
  | { type: 'collect'; invoiceId: number; attempt: 'first' | 'retry' }
  /** What is billed of an item's service from an instant on and not used. */
  | {
      type: 'credit';
      item: ItemKey;
      from: number;
      reason: 'plan_change' | 'pause' | 'cancellation';
      /** Of a top-up: what was given up of its units (`return_units`), whatever the time. */
      isOfUnits?: true;
    }
  /** What is paid for ends at another instant than it was billed to: days bought by a change of plan. */
  | { type: 'move_end'; item: ItemKey; at: number; from: number; to: number; days: number }
  | { type: 'reverse'; invoiceId: number; reason: 'reissue' | 'void' | 'cancellation' }
  /** The charge of the invoice that has no answer yet is asked about again. */
  | { type: 'ask_again'; invoiceId: number }
  | { type: 'overdue'; invoiceId: number }
  | { type: 'uncollectible'; invoiceId: number }
  | { type: 'dunning_attempt'; invoiceId: number; attempt: number; kind: 'charge' | 'reminder' | 'skipped' }
  | { type: 'dunning_closed'; invoiceId: number; status: 'recovered' | 'exhausted' | 'stopped' }
  /** Codes that were used on it are not used: nothing was ever paid with them. null: all of them. Trials stay had, if they were. */
  | { type: 'release_promotions'; promotionId: number | null; isTrialHad: boolean }
  /** It never began: its customer has had no trial by it. */
  | { type: 'release_trial' }
  /** An add-on is part of the subscription no longer: removed by somebody, or expired because time or money ran out. */
  | { type: 'end_addon'; item: AddonKey; status: 'removed' | 'expired'; at: number; reason: string }
  /** What is unused of a top-up at an instant is its customer's no longer, and goes back as money. */
  | { type: 'return_units'; item: AddonKey; at: number }
  /** What a top-up holds expires; told where something of it is unused. */
  | { type: 'expire_units'; item: AddonKey; at: number; payload: Record<string, unknown> }
  | { type: 'event'; name: EventType; payload: Record<string, unknown> }
  | { type: 'history'; action: HistoryAction; details: string | null; previousPlanId?: number; newPlanId?: number }
  | {
      type: 'notice';
      kind: SubscriptionNotice;
      data: Record<string, unknown>;
      /** What its amount is of; the plan as it is when absent. */
      of?: readonly PricedTerms[] | undefined;
    };

/** A price with what it is taxed by; all of it for one whole period. */
export interface PricedTerms {
  terms: AgreedTerms | AddonTerms;
  quantity: number;
}

export type EffectOf<Type extends SubscriptionEffect['type']> = Extract<SubscriptionEffect, { type: Type }>;
export type IssueEffect = EffectOf<'issue'>;

export type HistoryAction =
  | 'created'
  | 'renewed'
  | 'cancelled'
  | 'status_changed'
  | 'plan_changed'
  | 'addons_changed'
  | 'trial_changed'
  | 'collection_changed'
  | 'rejected';

export type SubscriptionNotice =
  | 'trial_started'
  | 'invoice_issued'
  | 'usage_invoiced'
  | 'subscription_reactivated'
  | 'change_scheduled'
  | 'price_change_announced'
  | 'price_changed'
  | 'trial_ending'
  | 'trial_ended'
  | 'renewal_upcoming'
  | 'subscription_renewed'
  | 'payment_failed'
  | 'payment_retry'
  | 'payment_received'
  | 'invoice_overdue'
  | 'subscription_past_due'
  | 'subscription_cancelled'
  | 'subscription_expired'
  | 'subscription_paused'
  | 'subscription_resumed'
  | 'collection_paused'
  | 'collection_resumed'
  | 'invoice_after_pause'
  | 'plan_changed';

/** What somebody asks of a subscription. */
export type SubscriptionCommand =
  | { type: 'cancel'; reason: string | null; atPeriodEnd: boolean; creditUnused?: CreditChoice | undefined }
  | { type: 'pause'; reason: string | null; atPeriodEnd: boolean; creditUnused?: CreditChoice | undefined }
  | { type: 'resume'; prorationBehavior?: ProrationBehavior | undefined }
  | { type: 'reactivate' }
  | {
      type: 'change_plan';
      /** At its price in the currency of the subscription; null: the plan stays. */
      terms: AgreedTerms | null;
      /** Of the taxes in the price before and after, parts per million; absent where both hold theirs, or neither does. */
      includedTaxPpm?: { before: number; after: number } | undefined;
      /** null: the number of seats stays */
      quantity: number | null;
      /** null: as the company's policy has it (D20). */
      immediate: boolean | null;
      /** The instant a preview was made for; null: now. */
      at: number | null;
      /** What is billed already from here on; null: the price it has. */
      billed: readonly BilledStretch[] | null;
      prorationBehavior?: ProrationBehavior | undefined;
    }
  | {
      type: 'add_addons';
      addons: readonly [WantedAddon, ...WantedAddon[]];
      prorationBehavior?: ProrationBehavior | undefined;
    }
  | {
      type: 'remove_addon';
      addonId: number;
      atPeriodEnd: boolean;
      creditUnused?: CreditChoice | undefined;
      prorationBehavior?: ProrationBehavior | undefined;
    }
  | {
      type: 'change_price';
      /** A price of the plan, or of the add-on, that it has. */
      to: { item: typeof planItem; terms: AgreedTerms } | { item: AddonKey; terms: PeriodicAddonTerms };
      currency: string;
      priceId: number;
      /** true: now, or when the notice is over; false: at its renewal. */
      immediate: boolean;
      /** Local days that the customer is told ahead. */
      noticeDays: number;
      /** What is billed already from now on; null: the price it has. */
      billed: readonly BilledStretch[] | null;
      prorationBehavior?: ProrationBehavior | undefined;
    }
  | {
      type: 'change_addon';
      addonId: number;
      quantity: number;
      /** null: as the company's policy has it (D20). */
      immediate: boolean | null;
      /** What is billed already from now on; null: the price it has. */
      billed: readonly BilledStretch[] | null;
      prorationBehavior?: ProrationBehavior | undefined;
    }
  | { type: 'set_phases'; phases: readonly Phase[] }
  | { type: 'apply_promotion'; discount: LastingDiscount }
  | { type: 'remove_promotion'; promotionCode: string }
  | { type: 'cancel_change'; changeId: number }
  | { type: 'set_payment_terms'; daysUntilDue: number | null }
  | { type: 'set_usage_threshold'; usageThreshold: number | null }
  /** `now`, a local day, or an instant in ISO 8601. */
  | { type: 'change_trial'; trialEnd: string }
  /** `resumesAt`: a local day, or an instant in ISO 8601; null: until it is resumed. */
  | { type: 'pause_collection'; behavior: CollectionBehavior; resumesAt: string | null }
  | { type: 'resume_collection' }
  | { type: 'method_changed' };

/** An add-on that somebody buys, at its price in the currency of the subscription; the key is the one that its purchase will have. */
export interface WantedAddon {
  key: AddonKey;
  terms: AddonTerms;
  quantity: number;
}

/** A range of the guard against double billing, with the line that bills it (D22). */
export interface BilledStretch extends BilledRange {
  layer: number;
  /** Minor units for one whole period, all seats. */
  price: number;
}

/** The layers of the guard over a stretch of an item's service. */
export interface BilledLevel {
  /** Their prices together: minor units for one whole period, all seats. */
  price: number;
  /** How many there are; 0: nothing of the stretch is billed. */
  layers: number;
}
