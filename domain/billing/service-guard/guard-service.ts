import { Prisma } from '../../../platform/db/database';
import type { LineBasis } from '../pricing/line-basis';

/*
 * Statements of the guard against double billing (D22), each to stand by itself or as a common table expression of a larger
 * one (D9). Its unreleased ranges of one item never overlap.
 */

/**
 * Guards the service of an invoice's lines, which the common table `invoice_lines` holds (see insert-invoice.ts). Lines of
 * usage are guarded by its meters (domain/usage/billing).
 * @param layers of the lines, in their order: 0 for a price, 1 and more for differences that are billed on top of it
 */
export function guardInvoiceLines(companyId: number, subscriptionId: number, layers: readonly number[]): Prisma.Sql {
  return Prisma.sql`INSERT INTO finance.billed_service (company_id, subscription_id, item, layer, service, invoice_line_id)
          SELECT ${companyId}::bigint, ${subscriptionId}::bigint, l.item, (${[...layers]}::int[])[l.line_no], tstzrange(l.period_start, l.period_end), l.id
            FROM invoice_lines l WHERE l.usage IS NULL
          RETURNING id`;
}

/** All service of an invoice may be billed again. */
export function releaseInvoice(companyId: number, invoiceId: number, now: Date): Prisma.Sql {
  return Prisma.sql`
      UPDATE finance.billed_service b SET released_at = ${now}::timestamptz FROM finance.invoice_lines l
       WHERE b.company_id = ${companyId}::bigint AND b.invoice_line_id = l.id AND l.company_id = b.company_id
         AND l.invoice_id = ${invoiceId}::bigint AND b.released_at IS NULL RETURNING b.id`;
}

/** Ranges end where the service does; one of which nothing is left is released. */
export function endRanges(companyId: number, ids: readonly number[], at: Date, now: Date): Prisma.Sql {
  return Prisma.sql`
      UPDATE finance.billed_service SET
             released_at = CASE WHEN lower(service) >= ${at}::timestamptz THEN ${now}::timestamptz END,
             service = CASE WHEN lower(service) >= ${at}::timestamptz THEN service ELSE tstzrange(lower(service), ${at}::timestamptz) END
       WHERE company_id = ${companyId}::bigint AND id = ANY (${[...ids]}::bigint[]) RETURNING id`;
}

/** Another range of the same item, layer and line as a given one: days that were granted, with what they were made from. */
export function insertRange(
  companyId: number,
  like: number,
  { startsAt, endsAt, basis }: { startsAt: Date; endsAt: Date; basis: LineBasis },
): Prisma.Sql {
  return Prisma.sql`
      INSERT INTO finance.billed_service (company_id, subscription_id, item, layer, service, invoice_line_id, basis)
      SELECT b.company_id, b.subscription_id, b.item, b.layer, tstzrange(${startsAt}::timestamptz, ${endsAt}::timestamptz), b.invoice_line_id,
             ${JSON.stringify(basis)}::jsonb
        FROM finance.billed_service b WHERE b.company_id = ${companyId}::bigint AND b.id = ${like}::bigint RETURNING id`;
}
