import { Prisma, type TenantSql } from '../../platform/db/database';
import { finaliseInvoice } from '../billing/invoices/finalise-invoice';
import type { InvoiceDraft } from '../billing/invoices/invoice-types';
import type { Settings } from '../companies/setting-catalogue';
import { invoiceNumbering, invoiceSnapshot } from '../billing/invoices/invoice-document';
import { insertOrderNotices } from './order-notices';
import { orderSubject } from './order-number-rules';
import type { Buyer } from './read-placement-context';

/** Cash on delivery is confirmed at once: no window, invoice numbered and open, paid at delivery (D8, D11). */
export async function confirmCashOrder(
  tx: TenantSql,
  input: { orderId: number; draft: InvoiceDraft; settings: Settings; buyer: Buyer; now: Date },
): Promise<void> {
  const { orderId, draft, settings, buyer, now } = input;
  await tx.write(Prisma.sql`WITH told AS (${insertOrderNotices(
    tx.companyId,
    { orderId, currency: draft.currency, total: draft.totalAmount, paymentMethod: 'cod', buyer },
    [{ kind: 'order_confirmed' }],
    now,
  )})
               UPDATE ordering.orders SET status = 'confirmed', confirmed_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${orderId}::bigint`);
  await finaliseInvoice(tx, {
    invoiceId: draft.invoiceId,
    status: 'open',
    numbering: invoiceNumbering(settings, { customerId: buyer.id, isTest: buyer.isTest, now }),
    snapshot: invoiceSnapshot(settings, buyer),
    dueDate: null,
    subject: orderSubject(orderId),
    events: [
      {
        type: 'invoice.updated',
        payload: {
          invoiceId: draft.invoiceId,
          orderId,
          status: 'open',
          totalAmount: draft.totalAmount,
          currency: draft.currency,
        },
      },
      {
        type: 'order.confirmed',
        payload: {
          orderId,
          orderNumber: draft.orderNumber,
          customerId: buyer.id,
          totalAmount: draft.totalAmount,
          currency: draft.currency,
        },
      },
    ],
    now,
  });
}
