import { toNumber } from '../../platform/db/columns';
import type { TenantTransaction } from '../../platform/db/database';
import type { PaymentMethod } from './payment-gateway';

/** A payment as the product's own code sees it. Amounts in minor units, `createdAt` ISO 8601. */
export interface PaymentRecord {
  id: number;
  orderId: number | null;
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

export async function readPayment(tx: TenantTransaction, paymentId: number): Promise<PaymentRecord | null> {
  const row = await tx.orm.payment.findUnique({ where: { companyId_id: { companyId: tx.companyId, id: paymentId } } });

  if (row === null) {
    return null;
  }

  return {
    id: toNumber(row.id),
    orderId: row.orderId === null ? null : toNumber(row.orderId),
    customerId: toNumber(row.customerId),
    invoiceId: toNumber(row.invoiceId),
    attempt: row.attempt,
    method: row.method as PaymentMethod,
    status: row.status,
    amount: toNumber(row.amount),
    currency: row.currency,
    reference: row.reference,
    transactionId: row.transactionId,
    createdAt: row.createdAt.toISOString(),
  };
}
