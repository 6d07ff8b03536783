import { type CardOutcome } from './card-rules';

/** One charge of the simulated card, under the key of its effect (D3). Amounts in minor units, instants ISO 8601. */
export interface CardCharge {
  key: string;
  /** Token and payer: what `tok_fails_twice` counts by. */
  account: string;
  amount: number;
  /** What the network moves for it, in minor units (`card-network-rules.ts`). */
  networkAmount: number;
  currency: string;
  outcome: CardOutcome;
  transactionId: string;
  at: string;
}

export interface CardRefund {
  key: string;
  transactionId: string;
  amount: number;
  networkAmount: number;
  at: string;
}

/**
 * The books of the simulated card's bank. They outlive the process that charges: this is what makes "never charged
 * twice" something that can be looked up after a crash.
 */
export interface CardLedger {
  /** Whether the bank answers nobody who pays as this subject at an instant, ISO 8601. */
  isAway(subject: string, at: string): Promise<boolean>;
  /** Charges of an account so far. */
  countCharges(account: string): Promise<number>;
  /** Enters a charge unless its key is taken, and returns what stands under the key. */
  recordCharge(charge: CardCharge): Promise<CardCharge>;
  /** The charge under a key after its bank made up its mind: a pending one succeeds now. Null when there is none. */
  settleCharge(key: string): Promise<CardCharge | null>;
  /** Enters a refund once per key, never above what is left of a successful charge; null when it is refused. */
  recordRefund(refund: CardRefund): Promise<CardRefund | null>;
}
