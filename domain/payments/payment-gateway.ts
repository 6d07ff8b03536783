/**
 * What bmms asks of a payment provider. A new provider is one folder under `gateways/` that implements
 * {@link PaymentGateway}, and one line in `gateways/registry.ts`; nothing else names providers.
 *
 * Conventions for every field here: amounts are safe integers in minor units beside a currency (D4); instants are
 * ISO 8601 strings and always given by the caller (D1); `effectKey` is the key of one effect on the outside (D3).
 */

import type { PaymentMethod } from '../companies/payment-method-types';

export type { PaymentMethod } from '../companies/payment-method-types';

export interface InitiateRequest {
  paymentId: number;
  amount: number;
  currency: string;
  /** Shown to the customer by the provider; the gateway makes it fit the provider's alphabet and length. */
  description: string;
  /** The payment's `createdAt`. Some providers need it again in {@link QueryRequest} and {@link RefundRequest}. */
  now: string;
  /** When bmms stops waiting for the money (D11); null when nothing waits. */
  payBy: string | null;
  customerIp: string | null;
  locale: 'vi' | 'en';
}

export interface Initiation {
  /** Where the customer pays; null when there is nothing to visit. */
  paymentUrl: string | null;
  /** Our name for this payment at the provider. Stored with the payment; callbacks carry it. */
  reference: string;
  /** When the provider stops accepting the payment; never after `payBy`. Null: it does not expire. */
  expiresAt: string | null;
}

export interface ChargeRequest {
  effectKey: string;
  reference: string;
  token: string;
  /** Who pays, without personal data: `customer/17`. */
  subject: string;
  amount: number;
  currency: string;
  now: string;
}

/** `unknown` is neither yes nor no: ask with `query` before the next try (D3). */
export type ChargeResult =
  | { outcome: 'success'; transactionId: string; paidAmount: number; paidAt: string }
  | { outcome: 'declined'; severity: 'soft' | 'hard'; reason: string; transactionId: string | null }
  | { outcome: 'unknown'; reason: string };

export interface QueryRequest {
  reference: string;
  /** The key of the charge asked about; null for payments the customer makes on the provider's page. */
  effectKey: string | null;
  /** `now` of the initiation. */
  initiatedAt: string;
  now: string;
}

export type QueryResult =
  | { outcome: 'success'; transactionId: string; paidAmount: number; paidAt: string | null }
  | { outcome: 'failed'; reason: string; transactionId: string | null }
  /** The provider knows the payment and it may still succeed. */
  | { outcome: 'pending' }
  /** The provider never saw it: nobody opened the page, or the charge did not arrive. */
  | { outcome: 'not_found' }
  /** No answer to rely on; nothing may be concluded from it. */
  | { outcome: 'unknown'; reason: string };

export interface RefundRequest {
  effectKey: string;
  reference: string;
  /** The provider's id of the payment. */
  transactionId: string | null;
  /** `now` of the initiation. */
  initiatedAt: string;
  amount: number;
  /** What the customer paid, and what was given back of it before. */
  paidAmount: number;
  refundedBefore: number;
  currency: string;
  reason: string;
  /** Who asked for it, without personal data: `user/3`, `order-svc`. */
  requestedBy: string;
  /** When this effect key was first sent; a repeat long after it asks the provider instead of sending again (D3). */
  firstSentAt: string;
  now: string;
}

export type RefundResult =
  /** Accepted by the provider; `isFinal` is false while a bank still works on it. */
  | { outcome: 'success'; refundId: string; isFinal: boolean }
  | { outcome: 'declined'; reason: string }
  | { outcome: 'unknown'; reason: string };

/** A server-to-server call of a provider, as it arrived. */
export interface ProviderCallback {
  query: Readonly<Record<string, unknown>>;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
}

export interface CallbackAnswer {
  status: number;
  body: unknown;
}

/** What a provider said about one payment, verified. */
export interface ProviderOutcome {
  provider: PaymentMethod;
  reference: string;
  outcome: 'success' | 'failed';
  /** Money may have moved although this is no success: keep the payment in sight and ask the provider. */
  needsReview: boolean;
  amount: number;
  currency: string;
  transactionId: string | null;
  paidAt: string | null;
  /** Provider's code when it failed: `vnpay_24`. */
  failureReason: string | null;
  /** Everything received, for the inbox. Never holds a secret. */
  payload: Readonly<Record<string, string>>;
}

/**
 * Where a payment stands, as far as callbacks care. `open`: money may arrive, whether it is still wanted or not (also
 * superseded, cancelled and expired payments: money on them must be taken in, to be given back). `failed`: a failure is
 * recorded, a success would be news. `paid`: settled, nothing is news.
 */
export type CallbackPaymentState = 'open' | 'failed' | 'paid';

export interface CallbackPayment {
  amount: number;
  currency: string;
  state: CallbackPaymentState;
}

/** The payment inbox as gateways see it (D5). */
export interface CallbackStore {
  findPayment(reference: string): Promise<CallbackPayment | null>;
  /**
   * Takes the outcome in, in one transaction. Of any number of racing calls with one (provider, reference, outcome)
   * exactly one gets `recorded`.
   */
  record(outcome: ProviderOutcome): Promise<'recorded' | 'already'>;
}

/** What the customer's browser brings back. For display only: it never settles anything. */
export type ReturnReading =
  | { isAuthentic: false }
  | {
      isAuthentic: true;
      reference: string;
      outcome: 'success' | 'failed';
      /** Failed, but money may have moved: do not tell the customer that nothing was charged. */
      needsReview: boolean;
      failureReason: string | null;
    };

export interface PaymentGateway {
  readonly method: PaymentMethod;
  /** True when it calls nothing outside the installation; the only kind a customer on a test clock may use (D26). */
  readonly isSimulated: boolean;
  /** Codes of the currencies that it takes; absent: any. */
  readonly currencies?: readonly string[];

  /**
   * What the customer needs in order to pay. Pure and local, because it runs inside the placing transaction.
   * @throws AppError `currency_mismatch` | `amount_out_of_range` when the provider cannot take this amount.
   */
  initiate(request: InitiateRequest): Initiation;

  /**
   * Charges a token. Repeating a key returns the first answer and moves no money again.
   * @throws AppError `payment_token_unknown` (422) for a token this provider never issued.
   */
  charge?(request: ChargeRequest): Promise<ChargeResult>;

  /** Asks the provider for the truth. Never throws for a bad or missing answer: that is `unknown`. */
  query?(request: QueryRequest): Promise<QueryResult>;

  /** Gives money back, at most once per effect key. Absent: a person does it (cash). */
  refund?(request: RefundRequest): Promise<RefundResult>;

  /** Verifies a provider's notification, records it, and says what to answer. Never throws. */
  answerCallback?(callback: ProviderCallback, store: CallbackStore): Promise<CallbackAnswer>;

  /** Reads the parameters the customer's browser brings back from the provider. */
  readReturn?(query: Readonly<Record<string, unknown>>): ReturnReading;
}

/** Gateways by method. A method that is not in it cannot be used in this installation. */
export type PaymentGateways = ReadonlyMap<PaymentMethod, PaymentGateway>;

/** Whether an outcome tells a payment in this state anything new: money on a failed payment does, a failure after money does not. */
export function isNews(state: CallbackPaymentState, outcome: 'success' | 'failed'): boolean {
  if (state === 'paid') {
    return false;
  }

  return state === 'open' || outcome === 'success';
}
