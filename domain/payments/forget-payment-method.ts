import { Prisma, type TenantSql } from '../../platform/db/database';

/**
 * Takes a saved method back whose request was refused, so that it has changed nothing: one that the request itself has
 * saved, and that nothing uses.
 * @param input.savedAt the instant at which the request saved it; one of another instant was there before
 */
export function forgetPaymentMethod(tx: TenantSql, input: { paymentMethodId: number; savedAt: Date }): Promise<void> {
  const { paymentMethodId, savedAt } = input;

  return tx.write(Prisma.sql`
      DELETE FROM finance.payment_methods m
       WHERE m.company_id = ${tx.companyId}::bigint AND m.id = ${paymentMethodId}::bigint AND m.created_at = ${savedAt}::timestamptz
         AND NOT EXISTS (SELECT FROM ordering.subscriptions s WHERE s.company_id = m.company_id AND s.payment_method_id = m.id)
         AND NOT EXISTS (SELECT FROM finance.payments p WHERE p.company_id = m.company_id AND p.payment_method_id = m.id)`);
}
