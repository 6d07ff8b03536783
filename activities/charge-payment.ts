import { AppError } from '../domain/errors';
import type { ChargeResult, PaymentGateways } from '../domain/payments/payment-gateway';
import { chargeEffectKey } from '../domain/payments/payment-id-rules';
import type { PaymentRecord } from '../domain/payments/read-payment';
import type { Database } from '../platform/db/database';
import { type PaymentOutcome, recordOutcome } from '../domain/payments/record-outcome';
import { outcomeOf } from './payment-outcome';

/** `unknown` is neither yes nor no: ask again later, with the same key (D3). */
export type ChargeOutcome = 'success' | 'failed' | 'unknown';

interface Charging {
  payment: PaymentRecord;
  /** Given by the customer; null: that of the saved method. */
  token: string | null;
  now: Date;
}

interface Providers {
  gateways: PaymentGateways;
  installation: string;
}

/**
 * Charges a payment's token once and enters what the provider answered for certain into the payment inbox. Asking again
 * carries the same key, so no money moves twice.
 * @throws Error whatever is no answer about the card: the step fails, and is tried again
 */
export async function chargePaymentOnce(
  { database, ...providers }: Providers & { database: Database },
  { companyId, ...options }: Charging & { companyId: number },
): Promise<ChargeOutcome> {
  const told = await askForCharge(providers, options);

  if (typeof told === 'string') {
    return told;
  }
  // Its owner waits for this very answer, however often it takes, so nobody else needs to be told.
  await database.withTenantSql(companyId, (tx) => recordOutcome(tx, told, options.now, true));

  return told.outcome;
}

/**
 * The same, but that the answer is entered by whoever asks.
 * @returns what became of it where there is nothing to enter
 */
export async function askForCharge(
  { gateways, installation }: Providers,
  { payment, now, ...options }: Charging,
): Promise<ChargeOutcome | PaymentOutcome> {
  const gateway = gateways.get(payment.method);
  const token = options.token ?? payment.savedToken;
  const effectKey = chargeEffectKey(installation, payment.invoiceId, payment.attempt);

  if (gateway?.charge === undefined || token === null) {
    throw new Error(
      `Payment ${payment.id} is to be charged, and ${token === null ? 'has no token' : `${payment.method} cannot`}.`,
    );
  }

  if (payment.status === 'success' || payment.status === 'failed') {
    return payment.status;
  }

  // Cancelled or superseded meanwhile: nothing more is charged, but an earlier try may have taken the money.
  const isWanted = payment.status === 'initiated';
  const subject = `customer/${payment.customerId}`;
  const { reference, amount, currency } = payment;
  const charged = isWanted
    ? await chargeOrDecline(payment, () =>
        gateway.charge?.({ effectKey, token, subject, now: now.toISOString(), reference, amount, currency }),
      )
    : undefined;
  const answer =
    charged === undefined || charged.outcome === 'unknown'
      ? await gateway.query?.({ reference, effectKey, initiatedAt: payment.createdAt, now: now.toISOString() })
      : charged;

  if (answer?.outcome === 'not_found' && !isWanted) {
    return 'failed';
  }

  if (
    answer === undefined ||
    answer.outcome === 'unknown' ||
    answer.outcome === 'pending' ||
    answer.outcome === 'not_found'
  ) {
    return 'unknown';
  }

  return outcomeOf(payment, answer, { effectKey });
}

/**
 * Only what the provider says about the card is a decline, as that it never issued the token: the customer hears of it and
 * tries another. What it says about our request (a key of another charge, an amount that it does not take) is a fault of ours.
 */
async function chargeOrDecline(
  { method, reference }: PaymentRecord,
  charge: () => Promise<ChargeResult> | undefined,
): Promise<ChargeResult | undefined> {
  try {
    return await charge();
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) {
      throw error;
    }

    if (error.code === 'payment_token_unknown') {
      return { outcome: 'declined', severity: 'hard', reason: error.code, transactionId: null };
    }
    throw new Error(`${method} refused our request to charge ${reference} (${error.code}): ${error.message}`, {
      cause: error,
    });
  }
}
