import { createHash } from 'node:crypto';
import { AppError } from '../../domain/errors';
import {
  type ChargeRequest,
  type ChargeResult,
  type PaymentGateway,
  type QueryRequest,
  type QueryResult,
  type RefundRequest,
  type RefundResult,
} from '../../domain/payments/payment-gateway';
import { paymentReference } from '../payment-reference';
import { type CardCharge, type CardLedger } from './card-ledger';
import { refundInNetworkUnits, toNetworkUnits } from './card-network-rules';
import { decideCardCharge, parseCardToken, severityOf } from './card-rules';

/**
 * The simulated card (D12). Its bank decides by the token's name and keeps its books in a {@link CardLedger}, so that a
 * key is charged once even when the process is killed between asking and answering.
 */
export function createCardGateway(config: { ledger: CardLedger; referencePrefix: string }): PaymentGateway {
  const { ledger, referencePrefix } = config;

  return {
    method: 'card',
    isSimulated: true,
    initiate: (request) => ({
      paymentUrl: null,
      reference: paymentReference(referencePrefix, request.paymentId),
      expiresAt: null,
    }),
    charge: (request) => chargeCard(ledger, request),
    query: (request) => queryCard(ledger, request),
    refund: (request) => refundCard(ledger, request),
  };
}

async function chargeCard(ledger: CardLedger, request: ChargeRequest): Promise<ChargeResult> {
  const token = parseCardToken(request.token);
  requirePositive(request.amount);

  if (await ledger.isAway(request.subject, request.now)) {
    return { outcome: 'unknown', reason: 'away' };
  }
  const account = `${token} ${request.subject}`;
  const earlierCharges = token === 'tok_fails_twice' ? await ledger.countCharges(account) : 0;
  const charge = await ledger.recordCharge({
    key: request.effectKey,
    account,
    amount: request.amount,
    networkAmount: Number(toNetworkUnits(BigInt(request.amount), request.currency)),
    currency: request.currency,
    outcome: decideCardCharge(token, earlierCharges),
    transactionId: idOf('card', request.effectKey),
    at: request.now,
  });

  if (charge.account !== account || charge.amount !== request.amount || charge.currency !== request.currency) {
    throw new AppError('idempotency_key_reused', {
      detail: `The effect key ${request.effectKey} belongs to another charge.`,
    });
  }

  return toResult(charge);
}

/** The truth about a charge. A charge whose answer was lost (`tok_timeout`) did succeed, as the asking brings out. */
async function queryCard(ledger: CardLedger, request: QueryRequest): Promise<QueryResult> {
  const charge = request.effectKey === null ? null : await ledger.settleCharge(request.effectKey);

  if (charge === null) {
    return { outcome: 'not_found' };
  }
  const result = toResult(charge);

  switch (result.outcome) {
    case 'success':
      return result;
    case 'declined':
      return { outcome: 'failed', reason: result.reason, transactionId: result.transactionId };
    case 'unknown':
      return { outcome: 'pending' };
  }
}

async function refundCard(ledger: CardLedger, request: RefundRequest): Promise<RefundResult> {
  if (request.transactionId === null) {
    return { outcome: 'declined', reason: 'transaction_unknown' };
  }
  requirePositive(request.amount);
  const refund = await ledger.recordRefund({
    key: request.effectKey,
    transactionId: request.transactionId,
    amount: request.amount,
    networkAmount: Number(
      refundInNetworkUnits(BigInt(request.amount), BigInt(request.refundedBefore), request.currency),
    ),
    at: request.now,
  });

  if (refund === null) {
    return { outcome: 'declined', reason: 'refund_exceeds_payment' };
  }
  if (refund.transactionId !== request.transactionId || refund.amount !== request.amount) {
    throw new AppError('idempotency_key_reused', {
      detail: `The effect key ${request.effectKey} belongs to another refund.`,
    });
  }

  return { outcome: 'success', refundId: idOf('refund', request.effectKey), isFinal: true };
}

function toResult(charge: CardCharge): ChargeResult {
  switch (charge.outcome) {
    case 'success':
      return {
        outcome: 'success',
        transactionId: charge.transactionId,
        paidAmount: charge.amount,
        paidAt: charge.at,
      };
    case 'pending':
      return { outcome: 'unknown', reason: 'timeout' };
    default:
      return {
        outcome: 'declined',
        severity: severityOf(charge.outcome),
        reason: charge.outcome,
        transactionId: charge.transactionId,
      };
  }
}

function requirePositive(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount <= 0) {
    throw new AppError('amount_out_of_range', { detail: `A card moves whole, positive amounts, not ${amount}.` });
  }
}

/** The bank's ids follow from the key, so that a repeat cannot get another one. */
function idOf(kind: string, effectKey: string): string {
  return `${kind}_${createHash('sha256').update(effectKey).digest('hex').slice(0, 24)}`;
}
