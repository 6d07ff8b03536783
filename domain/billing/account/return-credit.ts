import type { TenantSql } from '../../../platform/db/database';
import { enterBalance, type NewBalanceEntry } from './enter-balance';
import { usableCredit } from './lock-account';

/**
 * Enters what comes back of an invoice, a payment or a refund. What goes back to a grant that has expired meanwhile expires at
 * once, so that a balance never shows what can no longer be used.
 */
export async function returnCredit(
  tx: TenantSql,
  input: NewBalanceEntry & { kind: 'credit_note' | 'returned' | 'refund_failed' },
): Promise<void> {
  const draws = await enterBalance(tx, input);

  if (draws.length > 0) {
    await usableCredit(tx, { billingAccountId: input.party.billingAccountId, now: input.now });
  }
}
