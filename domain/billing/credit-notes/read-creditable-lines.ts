import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { BilledRange } from './credit-from';
import type { BilledLine } from './credit-line-rules';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { LineBasis } from '../pricing/line-basis';
import { taxesLeftOf } from '../taxes/tax-summary-rules';
import { LineTaxes } from '../taxes/taxation-json';
import type { LineTax } from '../taxes/tax-types';

const Row = z.object({
  line_id: dbInteger,
  invoice_id: dbInteger,
  description: z.string(),
  subtotal: dbInteger,
  discount: dbInteger,
  tax: dbInteger,
  tax_rate_ppm: z.number(),
  tax_behavior: z.enum(taxBehaviors),
  taxes: LineTaxes,
  price: dbInteger,
  basis: LineBasis.nullable(),
  discount_timing: z.enum(['before_tax', 'after_tax']).nullable(),
  credited_subtotal: dbInteger,
  credited_discount: dbInteger,
  credited_tax: dbInteger,
  credited_taxes: z.array(LineTaxes).nullable(),
});
const GuardedRow = Row.extend({
  guard_id: dbInteger,
  guard_from: dbInstant,
  guard_to: dbInstant,
  guard_basis: LineBasis.nullable(),
  guard_item: z.string(),
  guard_layer: z.number(),
  is_draft: z.boolean(),
});

/** A line of a final invoice with what is left of it. */
export interface CreditableLine {
  lineId: number;
  invoiceId: number;
  description: string;
  /** Of all its seats for one whole period, minor units. */
  price: number;
  billed: BilledLine;
  basis: LineBasis | null;
  /** Of each of its taxes what is left to be given back; null where it bears the company's rate alone. */
  taxesLeft: readonly LineTax[] | null;
}

/** The same with a stretch of the guard that it holds; a line has several where days were granted. */
export interface GuardedLine extends CreditableLine, BilledRange {
  guard: { id: number; item: string; layer: number };
}

const columns = Prisma.sql`
             l.id AS line_id, l.invoice_id, l.description, l.subtotal, l.discount, l.tax, l.tax_rate_ppm, l.tax_behavior, l.taxes, l.unit_amount * l.quantity AS price, l.basis,
             (SELECT i.metadata->>'discountTiming' FROM finance.invoices i WHERE i.company_id = l.company_id AND i.id = l.invoice_id) AS discount_timing,
             coalesce(c.subtotal, 0)::bigint AS credited_subtotal, coalesce(c.discount, 0)::bigint AS credited_discount,
             coalesce(c.tax, 0)::bigint AS credited_tax, c.taxes AS credited_taxes`;
const credited = Prisma.sql`
        LEFT JOIN LATERAL (
          SELECT -sum(n.subtotal) AS subtotal, -sum(n.discount) AS discount, -sum(n.tax) AS tax, jsonb_agg(n.taxes) AS taxes FROM finance.credit_note_lines n
           WHERE n.company_id = l.company_id AND n.invoice_line_id = l.id) c ON true`;

/** @param where over `l` (finance.invoice_lines) */
export async function readCreditableLines(tx: TenantSql, where: Prisma.Sql): Promise<CreditableLine[]> {
  const rows = await tx.query(
    Row,
    Prisma.sql`SELECT ${columns} FROM finance.invoice_lines l ${credited}
                WHERE l.company_id = ${tx.companyId}::bigint AND ${where} ORDER BY l.invoice_id, l.line_no`,
  );

  return rows.map(toLine);
}

/** The unreleased ranges of an item, or of all, that end after an instant, each with the line that bills it (D22). */
export async function readGuardedLines(
  tx: TenantSql,
  { subscriptionId, item, from }: { subscriptionId: number; item: string | null; from: Date },
): Promise<GuardedLine[]> {
  const rows = await tx.query(
    GuardedRow,
    Prisma.sql`SELECT ${columns}, b.id AS guard_id, lower(b.service) AS guard_from, upper(b.service) AS guard_to, b.basis AS guard_basis,
                      b.item AS guard_item, b.layer AS guard_layer,
                      EXISTS (SELECT FROM finance.invoices i WHERE i.company_id = l.company_id AND i.id = l.invoice_id AND i.status = 'draft') AS is_draft
                 FROM finance.billed_service b JOIN finance.invoice_lines l ON l.company_id = b.company_id AND l.id = b.invoice_line_id ${credited}
                WHERE b.company_id = ${tx.companyId}::bigint AND b.subscription_id = ${subscriptionId}::bigint AND (${item}::text IS NULL OR b.item = ${item})
                  AND b.released_at IS NULL AND upper(b.service) > ${from}::timestamptz ORDER BY l.invoice_id, l.line_no, b.id`,
  );

  return rows.map((row) => ({
    ...toLine(row),
    range: { startsAt: row.guard_from.getTime(), endsAt: row.guard_to.getTime() },
    granted: row.guard_basis,
    isDraft: row.is_draft,
    guard: { id: row.guard_id, item: row.guard_item, layer: row.guard_layer },
  }));
}

function toLine(row: z.output<typeof Row>): CreditableLine {
  return {
    lineId: row.line_id,
    invoiceId: row.invoice_id,
    description: row.description,
    price: row.price,
    basis: row.basis,
    taxesLeft:
      row.taxes &&
      taxesLeftOf(
        row.taxes,
        (row.credited_taxes ?? []).flatMap((taxes) => taxes ?? []),
      ),
    billed: {
      lineId: String(row.line_id),
      amount: BigInt(row.subtotal),
      discount: BigInt(row.discount),
      tax: BigInt(row.tax),
      taxRatePpm: row.tax_rate_ppm,
      taxBehavior: row.tax_behavior,
      discountTiming: row.basis?.discountTiming ?? row.discount_timing ?? 'after_tax',
      credited: {
        amount: BigInt(row.credited_subtotal),
        discount: BigInt(row.credited_discount),
        tax: BigInt(row.credited_tax),
      },
    },
  };
}
