import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { paymentParts, type PaymentRow } from './payment-view';

export interface PaymentFilter {
  customerId?: number | undefined;
  orderId?: number | undefined;
  invoiceId?: number | undefined;
  /** `pending` is the documents' other word for `initiated` (S401). */
  status?: string | undefined;
  method?: string | undefined;
  before: number | null;
  limit: number;
}

/** Payments of the company, newest first. */
export async function listPayments(tx: TenantTransaction, filter: PaymentFilter): Promise<PaymentRow[]> {
  const { customerId, orderId, invoiceId, status, method, before, limit } = filter;
  const where: Prisma.PaymentWhereInput = {
    ...(customerId === undefined ? {} : { customerId }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(invoiceId === undefined ? {} : { invoiceId }),
    ...(status === undefined ? {} : { status: status === 'pending' ? 'initiated' : status }),
    ...(method === undefined ? {} : { method }),
    ...(before === null ? {} : { id: { lt: before } }),
  };

  return tx.orm.payment.findMany({ where, orderBy: { id: 'desc' }, take: limit, include: paymentParts });
}

/** @param customerId when given, another customer's payment is not found */
export async function readPaymentRow(
  tx: TenantTransaction,
  input: { paymentId: number; customerId?: number | null },
): Promise<PaymentRow | null> {
  const { paymentId, customerId } = input;

  return tx.orm.payment.findFirst({
    where: { id: paymentId, ...(customerId == null ? {} : { customerId }) },
    include: paymentParts,
  });
}
