import { Prisma } from '../../../platform/db/database';
import { draftSnapshot } from './invoice-document';
import { type InvoiceDraft } from './invoice-types';

/**
 * Two common table expressions, `invoice` and `invoice_lines`, that write a draft invoice inside a larger statement (D9).
 * @param onlyIf SQL that yields at most one row; nothing is written when it yields none
 */
export function insertInvoiceExpressions(
  companyId: number,
  draft: InvoiceDraft,
  now: Date,
  onlyIf: Prisma.Sql,
): Prisma.Sql {
  return Prisma.sql`
    invoice AS (
      INSERT INTO finance.invoices (id, company_id, billing_account_id, customer_id, invoice_type, status, order_id, order_number,
        subscription_id, subtotal, tax, discount, total_amount, due_amount, currency, due_date, period_start, period_end, notes,
        purpose, metadata, snapshot, created_at, updated_at)
      SELECT ${draft.invoiceId}::bigint, ${companyId}::bigint, ${draft.billingAccountId}::bigint, ${draft.customerId}::bigint,
        ${draft.invoiceType}, 'draft', ${draft.orderId}::bigint, ${draft.orderNumber}, ${draft.subscriptionId}::bigint,
        ${draft.subtotal}::bigint, ${draft.tax}::bigint, ${draft.discount}::bigint, ${draft.totalAmount}::bigint,
        ${draft.totalAmount}::bigint, ${draft.currency}, ${draft.dueDate}::timestamptz, ${draft.periodStart}::timestamptz,
        ${draft.periodEnd}::timestamptz, ${draft.notes}, ${draft.purpose ?? 'sale'}, ${JSON.stringify(draft.metadata)}::jsonb,
        ${draftSnapshot(draft)}::jsonb, ${now}::timestamptz, ${now}::timestamptz
      FROM (${onlyIf}) AS permitted
      RETURNING id
    ),
    invoice_lines AS (
      INSERT INTO finance.invoice_lines (company_id, invoice_id, line_no, description, product_id, quantity, unit_amount, tax_behavior, subtotal,
        discount, tax_rate_ppm, tax, taxes, promotion_discounts, period_start, period_end, plan_id, item, basis, usage)
      SELECT ${companyId}::bigint, invoice.id, l."lineNo", l.description, l."productId", l.quantity, l."unitAmount",
        coalesce(l."taxBehavior", 'exclusive'), l.subtotal,
        l.discount, l."taxRatePpm", l.tax, l.taxes, l."promotionDiscounts", l."periodStart", l."periodEnd",
        l."planId", l.item, l.basis, l.usage
      FROM invoice, jsonb_to_recordset(${JSON.stringify(draft.lines)}::jsonb) AS l("lineNo" int, description text, "productId" bigint,
        quantity int, "unitAmount" bigint, "taxBehavior" text, subtotal bigint, discount bigint, "taxRatePpm" int, tax bigint, taxes jsonb, "promotionDiscounts" jsonb,
        "periodStart" timestamptz, "periodEnd" timestamptz, "planId" bigint, item text, basis jsonb, usage jsonb)
      RETURNING id, line_no, item, period_start, period_end, usage
    )`;
}
