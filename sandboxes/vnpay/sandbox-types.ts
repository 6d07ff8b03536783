/** Amounts in the sandbox are the protocol's: VND times 100. Instants are milliseconds since 1970, dates VNPay's text. */

/** What happens to a payment, whether chosen on the page or by a script. */
export const BEHAVIOURS = [
  'pay',
  'decline',
  'cancel',
  'expire',
  'wrong_amount',
  'duplicate_ipn',
  'late_failure',
  'ipn_lost',
  'slow',
  'suspect',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** The two codes of a callback; a payment succeeded only when both are 00. */
export interface Verdict {
  responseCode: string;
  transactionStatus: string;
}

export interface PaymentResult extends Verdict {
  behaviour: Behaviour;
  /** What left the customer's account, or would have. */
  amount: number;
  bankCode: string;
  payDate: string;
}

export interface SandboxRefund {
  requestId: string;
  /** 02 full, 03 partial. */
  type: string;
  amount: number;
  transactionNo: string;
  date: string;
}

export interface SandboxTransaction {
  /** Day and reference: VNPay wants references unique per merchant and day only. */
  key: string;
  txnRef: string;
  amount: number;
  orderInfo: string;
  returnUrl: string;
  locale: string;
  createDate: string;
  expireDate: string;
  transactionNo: string;
  result: PaymentResult | null;
  refunds: SandboxRefund[];
}

export interface DeliveryAttempt {
  at: number;
  /** The merchant's answer; null when there was none that could be read. */
  rspCode: string | null;
  problem: string | null;
}

/** One notification (IPN) on its way to the merchant, with everything that came of it. */
export interface Notification {
  id: number;
  key: string;
  /** The signed query string, kept as it was signed. */
  query: string;
  /** When it is sent next; null when it is delivered or given up. */
  dueAt: number | null;
  attempts: DeliveryAttempt[];
}

/** Everything that changes the sandbox's state; the journal is a list of these. */
export type SandboxEvent =
  | { type: 'opened'; transaction: SandboxTransaction }
  | { type: 'scripted'; txnRef: string; behaviour: Behaviour }
  | { type: 'decided'; key: string; result: PaymentResult; notifications: Notification[] }
  | { type: 'notified'; id: number; attempt: DeliveryAttempt; dueAt: number | null }
  | { type: 'refunded'; key: string; refund: SandboxRefund }
  | { type: 'request_seen'; request: string }
  | { type: 'clock_moved'; ms: number };
