import type { NoticeKind, NoticeLanguage, NoticePriority } from './notice-types';

/**
 * How urgent each kind is (S321–S324): a confirmed order, money that did not come, and what somebody waits for or must
 * hear of at once about their password, is critical; what the customer should know in time or has asked for is important;
 * what only confirms that all goes on as agreed is normal.
 */
const priorities: Readonly<Record<NoticeKind, NoticePriority>> = {
  payment_failed: 'critical',
  payment_retry: 'critical',
  subscription_past_due: 'critical',
  subscription_expired: 'critical',
  trial_ending: 'important',
  trial_ended: 'important',
  renewal_upcoming: 'important',
  payment_received: 'important',
  invoice_overdue: 'important',
  payment_request: 'important',
  subscription_cancelled: 'important',
  subscription_paused: 'important',
  subscription_resumed: 'important',
  collection_paused: 'important',
  collection_resumed: 'important',
  invoice_after_pause: 'important',
  plan_changed: 'important',
  trial_started: 'important',
  invoice_issued: 'important',
  usage_invoiced: 'important',
  subscription_reactivated: 'important',
  change_scheduled: 'important',
  price_change_announced: 'important',
  price_changed: 'important',
  order_confirmed: 'critical',
  order_payment_failed: 'critical',
  order_shipped: 'important',
  order_cancelled: 'important',
  refund_sent: 'important',
  credit_note: 'important',
  welcome: 'important',
  email_confirmation: 'important',
  password_reset: 'critical',
  password_changed: 'critical',
  subscription_renewed: 'normal',
};

export function noticePriority(kind: NoticeKind): NoticePriority {
  return priorities[kind];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first, second … failed try: about nine hours in all. */
const pauses = [10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR] as const;

/** So often a notice is tried; then it has failed. */
export const mostAttempts = pauses.length + 1;

/**
 * @param attempts how often it was tried, this time included
 * @returns ms until the next try; null when it was the last
 */
export function pauseAfter(attempts: number): number | null {
  return pauses[attempts - 1] ?? null;
}

/** The language of an account's locale; whoever reads neither gets English. */
export function noticeLanguage(locale: string): NoticeLanguage {
  return /^vi\b/i.test(locale) ? 'vi' : 'en';
}

/**
 * The same for every try of a notice, so that a receiver knows a repeat: whoever sends may die between sending and noting
 * that it was sent. `.invalid` belongs to nobody.
 * @param installation platform.installation.id
 */
export function noticeMessageId(installation: string, noticeId: number): string {
  return `<notice-${noticeId}@${installation}.bmms.invalid>`;
}
