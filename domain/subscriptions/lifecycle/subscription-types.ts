import type { DunningRun } from '../../billing/dunning/dunning-run';
import type { BillingCycle } from '../../calendar/billing-period-rules';
import type { DunningEndAction, RetrySettings } from '../../billing/dunning/dunning-rules';
import type { InstantSpan } from '../../calendar/zoned-calendar';
import type { EventType } from '../../events/event-types';
import type { PlanChangePolicy } from './plan-change-policy-rules';

/** Everything here is plain data. Instants are epoch milliseconds, amounts minor units (D4). */

export const subscriptionStatuses = ['trial', 'active', 'past_due', 'paused', 'cancelled', 'expired'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** The item of the guard that the plan itself is (D22); every add-on is one of its own. */
export const planItem = 'plan';

/** What was agreed on: a snapshot, so that editing a plan touches new subscriptions only (D20). */
export interface AgreedPlan {
  planId: number;
  planName: string;
  /** minor units for one seat and one period */
  amount: number;
  billingCycle: BillingCycle;
}

/** An invoice that is issued and still to be paid. */
export interface UnpaidInvoice {
  invoiceId: number;
  dueAt: number;
  isOverdueTold: boolean;
  /** An off-session charge whose answer is not known, or not taken in yet (D24). */
  chargeInFlight: number | null;
  /** On a test clock: when the provider is asked again about it. */
  askAt: number | null;
}

export type { DunningRun };

/** A command that came while a charge was in flight, carried out on its result (D20). */
export interface PostponedCommand {
  type: 'cancel' | 'pause';
  reason: string | null;
}

/** A subscription as its rules see it: the row, its unpaid invoices and its dunning. */
export interface Subscription {
  id: number;
  customerId: number;
  status: SubscriptionStatus;
  plan: AgreedPlan;
  quantity: number;
  currency: string;
  timeZone: string;
  trialEnd: number | null;
  trialEndingTold: boolean;
  /** Where periods are counted from (D19); null before the first one and for a free tier. */
  anchorAt: number | null;
  /** Day of the month, 1 to 31, that they keep where their months have it; before the first one, the day asked for. */
  anchorDay: number | null;
  /** Number of the current period from the anchor; -1 is the stub before it. */
  periodIndex: number;
  period: InstantSpan | null;
  billingTiming: 'in_advance' | 'in_arrears';
  renewalLeadDays: number;
  collection: 'charge_automatically' | 'send_invoice';
  hasMethod: boolean;
  renewalInvoiceId: number | null;
  /** The first invoice must be paid by then, or the subscription expires (D17). */
  firstInvoice: { invoiceId: number; by: number } | null;
  activatedAt: number | null;
  cancelAtPeriodEnd: boolean;
  pauseAtPeriodEnd: boolean;
  scheduled: { plan: AgreedPlan; quantity: number } | null;
  postponed: PostponedCommand | null;
  cancelledAt: number | null;
  cancellationReason: string | null;
  pausedAt: number | null;
  /** End of a term that was agreed on at the start; null: goes on until it is cancelled. */
  endsAt: number | null;
  endedAt: number | null;
  unpaid: UnpaidInvoice[];
  dunning: DunningRun[];
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
  cancelCredit: 'none' | 'prorate';
  pauseCredit: 'none' | 'prorate';
}

export type InvoicePurpose = 'first' | 'renewal' | 'change' | 'resume' | 'final';

/** What a decision has done besides moving the state; carried out in order, in the same transaction. */
export type SubscriptionEffect =
  | {
      type: 'issue';
      purpose: InvoicePurpose;
      /** What is billed, for the guard (D22); the plan when absent. */
      item?: string;
      plan: AgreedPlan;
      quantity: number;
      /** For one seat and one whole period, minor units; the plan's when absent. */
      unitPrice?: number;
      service: InstantSpan;
      /** The whole period that measures the service; the same for a whole period. */
      denominator: InstantSpan;
      dueAt: number;
      nextBillingAt: number | null;
      /** `renewal`: kept aside until the boundary. `first`: must be paid by then. `now`: collected at once. */
      as: { role: 'renewal' } | { role: 'first'; by: number } | { role: 'now' };
    }
  /** Charges the saved method, or makes a payment that the customer completes. */
  | { type: 'collect'; invoiceId: number; attempt: 'first' | 'retry' }
  | { type: 'credit'; from: number; reason: 'plan_change' | 'pause' | 'cancellation' }
  /** What is paid for ends at another instant than it was billed to: days bought by a change of plan. */
  | { type: 'move_end'; from: number; to: number; days: number }
  | { type: 'reverse'; invoiceId: number; reason: 'reissue' | 'void' | 'cancellation' }
  /** The charge of the invoice that has no answer yet is asked about again. */
  | { type: 'ask_again'; invoiceId: number }
  | { type: 'overdue'; invoiceId: number }
  | { type: 'uncollectible'; invoiceId: number }
  | { type: 'dunning_attempt'; invoiceId: number; attempt: number; kind: 'charge' | 'reminder' | 'skipped' }
  | { type: 'dunning_closed'; invoiceId: number; status: 'recovered' | 'exhausted' | 'stopped' }
  | { type: 'event'; name: EventType; payload: Record<string, unknown> }
  | { type: 'history'; action: HistoryAction; details: string | null; previousPlanId?: number; newPlanId?: number }
  | { type: 'notice'; kind: SubscriptionNotice; data: Record<string, unknown> };

export type HistoryAction = 'created' | 'renewed' | 'cancelled' | 'status_changed' | 'plan_changed' | 'rejected';

export type SubscriptionNotice =
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
  | 'plan_changed';

export interface Decision {
  state: Subscription;
  effects: SubscriptionEffect[];
}

/** What somebody asks of a subscription. */
export type SubscriptionCommand =
  | { type: 'cancel'; reason: string | null; atPeriodEnd: boolean }
  | { type: 'pause'; reason: string | null; atPeriodEnd: boolean }
  | { type: 'resume' }
  | { type: 'reactivate' }
  | {
      type: 'change_plan';
      plan: AgreedPlan & { currency: string };
      quantity: number;
      /** null: as the company's policy has it (D20). */
      immediate: boolean | null;
      /** The instant a preview was made for; null: now. */
      at: number | null;
    }
  | { type: 'method_changed' };
