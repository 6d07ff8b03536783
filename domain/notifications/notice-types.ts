/** What a customer is told. A new kind needs its priority, and its words in every language. */
export const noticeKinds = [
  'trial_ending',
  'trial_ended',
  'renewal_upcoming',
  'subscription_renewed',
  'payment_received',
  'payment_failed',
  'payment_retry',
  'invoice_overdue',
  'payment_request',
  'subscription_past_due',
  'subscription_expired',
  'subscription_cancelled',
  'subscription_paused',
  'subscription_resumed',
  'collection_paused',
  'collection_resumed',
  'invoice_after_pause',
  'plan_changed',
  'trial_started',
  'invoice_issued',
  'usage_invoiced',
  'subscription_reactivated',
  'change_scheduled',
  'price_change_announced',
  'price_changed',
  'order_confirmed',
  'order_payment_failed',
  'order_shipped',
  'order_cancelled',
  'refund_sent',
  'credit_note',
  'welcome',
  'email_confirmation',
  'password_reset',
  'password_changed',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** About the account that somebody signs in with. */
export type AccountNotice = Extract<
  NoticeKind,
  'welcome' | 'email_confirmation' | 'password_reset' | 'password_changed'
>;

/** The documents' three (S322–S324), most urgent first. */
export const noticePriorities = ['critical', 'important', 'normal'] as const;
export type NoticePriority = (typeof noticePriorities)[number];

export const noticeStatuses = ['pending', 'sent', 'failed', 'skipped'] as const;
export type NoticeStatus = (typeof noticeStatuses)[number];

/** Languages that notices are written in. */
export type NoticeLanguage = 'vi' | 'en';

/** What happened, as the context that decided it says. */
export interface NewNotice {
  kind: NoticeKind;
  /** Plain JSON: amounts in minor units beside a currency, instants as ISO 8601 text. */
  data: Record<string, unknown>;
  /** Its number and amounts are noted with the notice, as they are now. */
  invoiceId: number | null;
  /** Its number, lines and amounts are noted with the notice. */
  orderId?: number | null;
}

/** Whom the notices of one statement are for. */
export interface NoticeRecipient {
  customerId: number;
  /** What they are about, such as `subscription/17`. */
  subject: string;
  /** Of the billing account; decides the language and how numbers are written. */
  locale: string;
  /** On a test clock: never to a real mail server (D26). */
  isTest: boolean;
}
