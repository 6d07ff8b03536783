import { z } from 'zod';

import { dbInteger, dbNothing } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import type { PaymentGateways, PaymentMethod } from './payment-gateway';
import { isSealed } from './token-seal';

/**
 * Saves a token that a provider gave, to be charged later without the customer (D12, D24). The same token is saved once.
 * @returns its id
 * @throws AppError payment_method_unavailable where the method cannot charge a saved token;
 *   payment_token_unknown; customer_not_found on /customerId
 */
export async function savePaymentMethod(
  tx: TenantSql,
  input: { customerId: number; method: PaymentMethod; token: string; gateways: PaymentGateways; now: Date },
): Promise<number> {
  const { customerId, method, token, now } = input;

  if (input.gateways.get(method)?.charge === undefined) {
    throw new AppError('payment_method_unavailable', {
      field: '/paymentMethod',
      detail: `${method} cannot charge a saved method.`,
    });
  }
  // Of a token that went into a workflow: whoever read it there holds no token.
  if (isSealed(token)) {
    throw new AppError('payment_token_unknown', { field: '/paymentToken' });
  }
  await lockCustomer(tx, customerId);
  const [row] = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`
      WITH known AS (
        SELECT id FROM finance.payment_methods WHERE company_id = ${tx.companyId}::bigint AND customer_id = ${customerId}::bigint AND method = ${method}
           AND token = ${token} AND status = 'active' ORDER BY id LIMIT 1
      ), added AS (
        INSERT INTO finance.payment_methods (company_id, customer_id, method, token, label, is_default, created_at, updated_at)
        SELECT ${tx.companyId}::bigint, ${customerId}::bigint, ${method}, ${token}, ${labelOf(method, token)},
               NOT EXISTS (SELECT FROM finance.payment_methods m WHERE m.company_id = ${tx.companyId}::bigint AND m.customer_id = ${customerId}::bigint
                              AND m.is_default AND m.status = 'active'), ${now}::timestamptz, ${now}::timestamptz
         WHERE NOT EXISTS (SELECT FROM known) RETURNING id
      )
      SELECT id FROM known UNION ALL SELECT id FROM added`,
  );

  if (row === undefined) {
    throw new Error('A payment method was neither found nor saved.');
  }

  return row.id;
}

/** Of methods that are saved at once each sees those before it: one token is one method, and one is the default. */
async function lockCustomer(tx: TenantSql, customerId: number): Promise<void> {
  const held = await tx.query(
    dbNothing,
    Prisma.sql`SELECT 1 FROM customer.customers WHERE company_id = ${tx.companyId}::bigint AND id = ${customerId}::bigint FOR NO KEY UPDATE`,
  );

  if (held.length === 0) {
    throw new AppError('customer_not_found', {
      detail: `There is no customer ${customerId}.`,
      field: '/customerId',
    });
  }
}

/** What people tell it by; never the token. */
function labelOf(method: string, token: string): string {
  return `${method} …${token.slice(-4)}`;
}
