import { toNumber } from '../../platform/db/columns';
import { formatInstant } from '../../platform/instant';
import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';

export type PaymentMethodRow = Prisma.PaymentMethodGetPayload<object>;

/** What is saved of a customer to be charged, the default first (D12). */
export function listPaymentMethods(tx: TenantTransaction, customerId: number): Promise<PaymentMethodRow[]> {
  return tx.orm.paymentMethod.findMany({
    where: { customerId, status: 'active' },
    orderBy: [{ isDefault: 'desc' }, { id: 'asc' }],
  });
}

/** A saved method as the API shows it; never its token. @param timeZone of the billing account */
export function viewPaymentMethod(row: PaymentMethodRow, timeZone?: string) {
  return {
    id: toNumber(row.id),
    customerId: toNumber(row.customerId),
    method: row.method,
    label: row.label,
    isDefault: row.isDefault,
    createdAt: formatInstant(row.createdAt, timeZone),
  };
}

/**
 * Takes a saved method away: it is charged no more, and subscriptions that used it send invoices. Its row stays for what was
 * paid with it. @throws AppError not_found
 */
export async function detachPaymentMethod(
  tx: TenantTransaction,
  input: { customerId: number; paymentMethodId: number; now: Date },
): Promise<void> {
  const { count } = await tx.orm.paymentMethod.updateMany({
    where: { id: input.paymentMethodId, customerId: input.customerId, status: 'active' },
    data: { status: 'detached', isDefault: false, updatedAt: input.now },
  });

  if (count === 0) {
    throw new AppError('not_found', { detail: `The customer has no payment method ${input.paymentMethodId}.` });
  }
}
