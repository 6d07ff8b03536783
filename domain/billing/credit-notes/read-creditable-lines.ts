import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { BilledLine } from './credit-line-rules';
import { LineBasis } from '../pricing/line-basis';

const Row = z.object({
  line_id: dbInteger,
  invoice_id: dbInteger,
  description: z.string(),
  subtotal: dbInteger,
  discount: dbInteger,
  tax: dbInteger,
  tax_rate_ppm: z.number(),
  basis: LineBasis.nullable(),
  credited_subtotal: dbInteger,
  credited_discount: dbInteger,
  credited_tax: dbInteger,
  guard_id: dbInteger.nullable(),
  guard_from: dbInstant.nullable(),
  guard_to: dbInstant.nullable(),
});

/** A line of a final invoice with what is left of it, and the stretch of the guard that it holds. */
export interface CreditableLine {
  lineId: number;
  invoiceId: number;
  description: string;
  billed: BilledLine;
  basis: LineBasis | null;
  guard: { id: number; startsAt: Date; endsAt: Date } | null;
}

/** @param where over `l` (finance.invoice_lines) and `b` (its unreleased row of finance.billed_service, if any) */
export async function readCreditableLines(tx: TenantSql, where: Prisma.Sql): Promise<CreditableLine[]> {
  const rows = await tx.query(
    Row,
    Prisma.sql`
      SELECT l.id AS line_id, l.invoice_id, l.description, l.subtotal, l.discount, l.tax, l.tax_rate_ppm, l.basis,
             coalesce(c.subtotal, 0)::bigint AS credited_subtotal, coalesce(c.discount, 0)::bigint AS credited_discount,
             coalesce(c.tax, 0)::bigint AS credited_tax, b.id AS guard_id, lower(b.service) AS guard_from, upper(b.service) AS guard_to
        FROM finance.invoice_lines l
        LEFT JOIN finance.billed_service b ON b.company_id = l.company_id AND b.invoice_line_id = l.id AND b.released_at IS NULL
        LEFT JOIN LATERAL (
          SELECT -sum(n.subtotal) AS subtotal, -sum(n.discount) AS discount, -sum(n.tax) AS tax FROM finance.credit_note_lines n
           WHERE n.company_id = l.company_id AND n.invoice_line_id = l.id) c ON true
       WHERE l.company_id = ${tx.companyId}::bigint AND ${where}
       ORDER BY l.invoice_id, l.line_no`,
  );

  return rows.map((row) => ({
    lineId: row.line_id,
    invoiceId: row.invoice_id,
    description: row.description,
    basis: row.basis,
    billed: {
      lineId: String(row.line_id),
      amount: BigInt(row.subtotal),
      discount: BigInt(row.discount),
      tax: BigInt(row.tax),
      taxRatePpm: row.tax_rate_ppm,
      discountTiming: row.basis?.discountTiming ?? 'after_tax',
      credited: {
        amount: BigInt(row.credited_subtotal),
        discount: BigInt(row.credited_discount),
        tax: BigInt(row.credited_tax),
      },
    },
    guard:
      row.guard_id === null || row.guard_from === null || row.guard_to === null
        ? null
        : { id: row.guard_id, startsAt: row.guard_from, endsAt: row.guard_to },
  }));
}
