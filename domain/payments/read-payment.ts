import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import type { PaymentMethod } from './payment-gateway';

/** A payment as the product's own code sees it. Amounts in minor units, `createdAt` ISO 8601. */
export interface PaymentRecord {
  id: number;
  orderId: number | null;
  subscriptionId: number | null;
  /** Token of the saved method that is charged; null where the customer pays. */
  savedToken: string | null;
  customerId: number;
  invoiceId: number;
  attempt: number;
  method: PaymentMethod;
  status: string;
  amount: number;
  currency: string;
  reference: string;
  transactionId: string | null;
  createdAt: string;
}

const Row = z.object({
  id: dbInteger,
  order_id: dbInteger.nullable(),
  subscription_id: dbInteger.nullable(),
  saved_token: z.string().nullable(),
  customer_id: dbInteger,
  invoice_id: dbInteger,
  attempt: z.number().int(),
  method: z.string(),
  status: z.string(),
  amount: dbInteger,
  currency: z.string(),
  reference: z.string(),
  transaction_id: z.string().nullable(),
  created_at: dbInstant,
});

export async function readPayment(tx: TenantSql, paymentId: number): Promise<PaymentRecord | null> {
  const [row] = await tx.query(
    Row,
    Prisma.sql`SELECT p.id, p.order_id, p.subscription_id, p.customer_id, p.invoice_id, p.attempt, p.method, p.status, p.amount, p.currency, p.reference,
                      p.transaction_id, p.created_at, m.token AS saved_token
                 FROM finance.payments p
                 LEFT JOIN finance.payment_methods m ON m.company_id = p.company_id AND m.id = p.payment_method_id
                WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${paymentId}::bigint`,
  );

  if (row === undefined) {
    return null;
  }

  return {
    id: row.id,
    orderId: row.order_id,
    subscriptionId: row.subscription_id,
    savedToken: row.saved_token,
    customerId: row.customer_id,
    invoiceId: row.invoice_id,
    attempt: row.attempt,
    method: row.method as PaymentMethod,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    reference: row.reference,
    transactionId: row.transaction_id,
    createdAt: row.created_at.toISOString(),
  };
}
