import { AppError } from '../../domain/errors';

/** The tokens of the simulated card (D12), each named after what it does. */
export const CARD_TOKENS = ['tok_ok', 'tok_declined', 'tok_fails_twice', 'tok_timeout', 'tok_expired'] as const;
export type CardToken = (typeof CARD_TOKENS)[number];

/** What the card's bank decided. `pending`: it has not said yet. All but the first two are declines. */
export const CARD_OUTCOMES = ['success', 'pending', 'card_declined', 'insufficient_funds', 'expired_card'] as const;
export type CardOutcome = (typeof CARD_OUTCOMES)[number];

const FAILS_TWICE_DECLINES = 2;

/** @throws AppError `payment_token_unknown` for anything but a token of the simulated card */
export function parseCardToken(token: string): CardToken {
  const known = CARD_TOKENS.find((candidate) => candidate === token);

  if (known === undefined) {
    throw new AppError('payment_token_unknown', { field: 'paymentToken' });
  }

  return known;
}

/**
 * What the bank decides about a new charge.
 * @param earlierCharges of the same token by the same payer, under other keys
 */
export function decideCardCharge(token: CardToken, earlierCharges: number): CardOutcome {
  switch (token) {
    case 'tok_ok':
      return 'success';
    case 'tok_declined':
      return 'card_declined';
    case 'tok_fails_twice':
      return earlierCharges < FAILS_TWICE_DECLINES ? 'insufficient_funds' : 'success';
    case 'tok_timeout':
      return 'pending';
    case 'tok_expired':
      return 'expired_card';
  }
}

/** Hard declines never turn into a success by trying again (D23). */
export function severityOf(outcome: Exclude<CardOutcome, 'success' | 'pending'>): 'soft' | 'hard' {
  return outcome === 'expired_card' ? 'hard' : 'soft';
}
