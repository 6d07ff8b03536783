import type { DunningRun } from '../../billing/dunning/dunning-run';
import type { DunningEndAction, RetrySettings } from '../../billing/dunning/dunning-rules';
import type { ProrationSettings } from '../../billing/pricing/proration-rules';
import type { BillingCycle } from '../../calendar/billing-period-rules';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import type { LastingDiscount } from '../../promotions/coupon-duration-rules';
import type { PrepaidUnits } from '../../usage/prepaid/prepaid-units';
import type { AgreedMeter } from '../../usage/prices/agreed-meter';
import type { PlanChangePolicy } from './plan-change-policy-rules';

/** Everything here is plain data. Instants are epoch milliseconds, amounts minor units (D4). */

/** `scheduled`: agreed on, and waiting for its start; nothing of it is billed or given before. */
export const subscriptionStatuses = [
  'scheduled',
  'trial',
  'active',
  'past_due',
  'paused',
  'cancelled',
  'expired',
] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** The item that the plan itself is: the first of every subscription. */
export const planItem = 'plan';

/** Names an item within its subscription, and in the guard against double billing (D22). */
export type ItemKey = typeof planItem | `addon/${number}`;

/** What was agreed on for an item: a snapshot, so that editing a plan touches new subscriptions only (D20). */
export interface AgreedTerms {
  planId: number;
  planName: string;
  /** minor units for one seat and one period */
  amount: number;
  /** Whether the amount holds the tax; exclusive when absent. */
  taxBehavior?: TaxBehavior | undefined;
  billingCycle: BillingCycle;
  /** What is billed by usage besides; absent: nothing. */
  meters?: readonly AgreedMeter[] | undefined;
}

/** The same of an add-on. */
export interface AddonTerms {
  addonId: number;
  addonKey: string;
  addonName: string;
  /** minor units for one and one period, or once */
  amount: number;
  /** Whether the amount holds the tax; exclusive when absent. */
  taxBehavior?: TaxBehavior | undefined;
  /** Null: bought once, for good. */
  billingCycle: BillingCycle | null;
  /** Minor units, once, whatever the quantity, when it begins to be paid; absent: none. Holds the tax as the amount does. */
  setupFee?: number | undefined;
  /** Of its own periods from when it begins to be paid, after which it ends by itself; absent: it goes on until it is removed. */
  termPeriods?: number | undefined;
  /** What is billed by usage besides; absent: nothing. */
  meters?: readonly AgreedMeter[] | undefined;
  /** Units that it holds, which usage draws on; absent: none. It may be had many times. */
  prepaid?: PrepaidUnits | undefined;
}

/** Those of one that is paid by the period. */
export type PeriodicAddonTerms = AddonTerms & { billingCycle: BillingCycle };

/** A series of billing periods: they are counted from the anchor and keep its day of the month and its hour (D19). */
export interface BillingSchedule {
  anchorAt: number;
  /** Day of the month, 1 to 31, that periods keep where their months have it. */
  anchorDay: number;
  /** Number of the current period from the anchor; -1 is the stub before it. */
  periodIndex: number;
}

interface BilledItem {
  /** seats */
  quantity: number;
  /** Null before its first period, and where it costs nothing. */
  schedule: BillingSchedule | null;
  /** The day of the month asked for, which periods are to begin on once there are some. */
  wantedAnchorDay: number | null;
  /** Null as well while it is paused and nothing of it is paid for. */
  period: InstantSpan | null;
  /** End of a term that was agreed on; null: goes on until it is cancelled or removed, or (of an add-on) it has not begun. */
  endsAt: number | null;
  /** From when on its usage is not billed; absent or null where nothing of it is metered now (metering-rules.ts). */
  meteredSince?: number | null;
}

export type PlanItem = BilledItem & { key: typeof planItem; terms: AgreedTerms };
export type AddonKey = Exclude<ItemKey, typeof planItem>;

/** An add-on that was bought (D27); its key names the purchase, `user_addons.id`. */
export type AddonItem = BilledItem & {
  key: AddonKey;
  terms: AddonTerms;
  /** `pending`: unlocks nothing before its first invoice is paid. */
  status: 'pending' | 'active';
  purchasedAt: number;
  activatedAt: number | null;
  /**
   * Bought with the plan: it counts from the plan's first payment, or is tried with it and billed from the end of the trial
   * on. No longer once it is paid for, or billed by itself; absent: no.
   */
  awaitsPlan?: boolean;
};

/** What a subscription is made of and billed for: its plan, and what comes on top of it. */
export type SubscriptionItem = PlanItem | AddonItem;

interface Running {
  terms: { billingCycle: BillingCycle };
  schedule: BillingSchedule;
  period: InstantSpan;
}
export type PlanInPeriod = PlanItem & Running;
export type AddonInPeriod = AddonItem & Running;
export type ItemInPeriod = PlanInPeriod | AddonInPeriod;

/** When a change that waits takes effect; while service is paused, at the instant its period would have ended. */
export type TakesEffect = { on: 'period_end' } | { on: 'charge_answer' } | { on: 'instant'; at: number };

interface AnyPriceChange {
  kind: 'price';
  priceId: number;
  /** The customer was given notice until then, epoch milliseconds. */
  notBefore: number | null;
  /** true: at `notBefore`, prorated; false: at the first end of a period from then on. */
  atOnce: boolean;
  /** At once: the period that begins before this instant was invoiced ahead, and begins at the price before. */
  renewalNotBefore?: number | undefined;
  /** At once: what becomes of what it costs and gives back; absent: as the company has it. */
  prorationBehavior?: ProrationBehavior | undefined;
}

/** Another price of an item that it has; it means nothing once the plan is another one, or the add-on is over. */
export type PriceChange = AnyPriceChange &
  ({ item: typeof planItem; terms: AgreedTerms } | { item: AddonKey; terms: PeriodicAddonTerms });

/** Another price, or other seats, of the plan that it has, agreed on for later; it means nothing once that is another plan. */
export interface PhaseChange {
  kind: 'phase';
  item: typeof planItem;
  planId: number;
  /** minor units for one seat and one period; null: as before */
  amount: number | null;
  /** seats; null: as before */
  quantity: number | null;
  /** So many periods of the plan end before it holds: 1 is the one that runs, in a trial the first one. */
  periods: number;
}

export type WantedChange =
  | { kind: 'plan'; item: typeof planItem; terms: AgreedTerms }
  | { kind: 'quantity'; item: ItemKey; quantity: number }
  | PriceChange
  | PhaseChange
  | { kind: 'remove'; item: AddonKey }
  | { kind: 'cancel'; creditUnused?: CreditChoice | undefined }
  | { kind: 'pause'; creditUnused?: CreditChoice | undefined };

/** A change that was asked for and waits; the id, one of its subscription's own, takes it back. */
export type WaitingChange = WantedChange & { id: number; takesEffect: TakesEffect };

/** What becomes of service that is billed and not used, where a request says so; else the company's setting does. */
export const creditChoices = ['none', 'prorate'] as const;
export type CreditChoice = (typeof creditChoices)[number];

/**
 * What becomes of what a change in the middle of a period costs and gives back. `always_invoice`: billed and credited at once.
 * `next_invoice`: with the subscription's next invoice. `none`: neither, the change counts all the same.
 */
export const prorationBehaviors = ['always_invoice', 'next_invoice', 'none'] as const;
export type ProrationBehavior = (typeof prorationBehaviors)[number];

/** A stretch of service of one item, as an invoice bills it. */
export interface IssueLine {
  item: ItemKey;
  /** 0: the item itself. Above: what a higher price costs more over a stretch that lower layers are billed for (D22). */
  layer: number;
  terms: AgreedTerms | AddonTerms;
  quantity: number;
  /** For one seat and one whole period, minor units. */
  unitPrice: number;
  service: InstantSpan;
  /** The whole period that measures the service; the same for a whole period. */
  denominator: InstantSpan;
  /** The fee that the item begins with, for the instant it begins at: none of its service, and never given back as unused. */
  isSetup?: true | undefined;
  /** How its days are counted; absent: as the company counts them when it is billed. */
  proration?: ProrationSettings | undefined;
}

/** A line that waits for the next invoice; its days are counted as they were when the change was made. */
export interface PendingCharge {
  kind: 'charge';
  since: number;
  line: IssueLine & { proration: ProrationSettings };
}

/** Service that the guard holds as billed, to be credited with the next invoice, from its start on (D22). */
export interface PendingCredit {
  kind: 'credit';
  since: number;
  item: ItemKey;
  /** Of the item then, as documents call it. */
  name: string;
  quantity: number;
  unitPrice: number;
  service: InstantSpan;
  reason: 'plan_change' | 'cancellation';
  /** What it came to when the change was made: 0 or less, minor units as the price has it. Null until that is known. */
  amount: number | null;
  /** Of a top-up, whose purchase the service is: what was given up of its units. */
  isOfUnits?: true | undefined;
  /** Whether that is with the tax; exclusive when absent. */
  taxBehavior?: TaxBehavior | undefined;
}

/** What a change costs or gives back, put off until the next invoice. */
export type PendingItem = PendingCharge | PendingCredit;

/**
 * What becomes of invoices that are made while collection is paused: drafts until it goes on, given up, or void. `keep_as_draft`
 * bills later, `mark_uncollectible` has a document that nobody is asked for, `void` lets it off.
 */
export const collectionBehaviors = ['keep_as_draft', 'mark_uncollectible', 'void'] as const;
export type CollectionBehavior = (typeof collectionBehaviors)[number];

/** Service and periods go on, and nobody is asked for what is billed from `pausedAt` on. */
export interface CollectionPause {
  behavior: CollectionBehavior;
  pausedAt: number;
  /** null: until somebody resumes it */
  resumesAt: number | null;
}

/** An invoice that was made while collection was paused, and has no number before it goes on. */
export interface KeptDraft {
  invoiceId: number;
  /** When the service that it bills begins; null where it bills none. */
  startsAt: number | null;
  items: readonly ItemKey[];
}

/** What is due of an invoice. */
export interface UnpaidInvoice {
  /** When the service that it bills begins; null where it bills none. */
  startsAt: number | null;
  dueAt: number;
  isOverdueTold: boolean;
  /** An off-session charge whose answer is not known, or not taken in yet (D24). */
  chargeInFlight: number | null;
  /** On a test clock: when the provider is asked again about it. */
  askAt: number | null;
  /** Its dunning came to the end of its tries, and it was left as it is (D23); absent: no. */
  isLeft?: boolean;
}

/** What an upgrade that is never paid falls back to. */
export interface FreeTier {
  terms: AgreedTerms;
  quantity: number;
  activatedAt: number | null;
}

/**
 * `first`: pays for the beginning; nothing is activated before it is (D17). Without a pay-by instant it is sent and waits
 * for its due date, then dunning. `ahead`: of the next period of these items, not asked for before its boundary (D18); what
 * waited for it waits again when it is taken back.
 * `addons`: of add-ons alone, which end without it, and nothing else does; by `payBy` where they wait for it (D27).
 */
export type InvoiceRole =
  | { role: 'first'; payBy: number | null; fallback: FreeTier | null }
  | { role: 'ahead'; items: readonly ItemKey[]; pending: readonly PendingCharge[] }
  | { role: 'addons'; items: readonly AddonKey[]; payBy: number | null }
  | { role: 'current' };

/** An invoice that something is due of, or that something still depends on: then `unpaid` may be null. */
export type SubscriptionInvoice = InvoiceRole & { invoiceId: number; unpaid: UnpaidInvoice | null };

/** A subscription as its rules see it: the row, its invoices that matter, and its dunning. */
export interface Subscription {
  id: number;
  customerId: number;
  status: SubscriptionStatus;
  /** The plan first. */
  items: readonly [PlanItem, ...AddonItem[]];
  currency: string;
  timeZone: string;
  /** When it begins or began, where that is another instant than that of its making; null: that one. */
  startsAt: number | null;
  trialEnd: number | null;
  trialEndingTold: boolean;
  billingTiming: 'in_advance' | 'in_arrears';
  renewalLeadDays: number;
  collection: 'charge_automatically' | 'send_invoice';
  /** Days after which an invoice that is sent is due, agreed on for this one; null: as for its customer. */
  daysUntilDue: number | null;
  /** The same for all of its customer's; null: as the company has it. */
  customerDaysUntilDue: number | null;
  hasMethod: boolean;
  /** By a card or at an address, rather than by an invoice that is sent (D17). */
  paysAtOnce: boolean;
  activatedAt: number | null;
  /** In the order in which they were asked for. */
  waitingChanges: readonly WaitingChange[];
  /** The latest id given to one of them. */
  lastChangeId: number;
  /** In the order in which they came about. */
  pendingItems: readonly PendingItem[];
  cancelledAt: number | null;
  cancellationReason: string | null;
  pausedAt: number | null;
  /** null: it is collected */
  collectionPause: CollectionPause | null;
  /** In the order in which they were made; none while it is collected. */
  drafts: readonly KeptDraft[];
  endedAt: number | null;
  /** Something of it is, or was, metered: usage may come late, up to a while after its end. Absent: no. */
  isMetered?: boolean;
  /** Unbilled usage that is billed at once, minor units before tax; 0: never; null: as the company has it. */
  usageThreshold: number | null;
  invoices: readonly SubscriptionInvoice[];
  dunning: readonly DunningRun[];
  /** Promotions that were applied, in that order; those that are over, too. */
  discounts: readonly LastingDiscount[];
}

/** The company's settings that the rules need, resolved. */
export interface SubscriptionPolicy {
  /** Whether periods follow the calendar (from the 1st, from Monday) or the day the subscription began on. */
  billingTime: 'calendar' | 'anniversary';
  invoiceDueDays: number;
  firstInvoiceExpiryHours: number;
  retries: RetrySettings;
  dunningEndAction: DunningEndAction;
  change: PlanChangePolicy;
  /** Whether periods of an add-on begin with its purchase, or with those of what it is bought for (D27). */
  addonAlignTo: 'own' | 'subscription';
  cancelCredit: 'none' | 'prorate';
  pauseCredit: 'none' | 'prorate';
  /** Unbilled usage that is billed at once, minor units by currency; 0 and absent: never. */
  usageThresholds: Readonly<Record<string, number>>;
}
