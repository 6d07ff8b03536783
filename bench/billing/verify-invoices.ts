import { Client } from 'pg';

/**
 * After a run the books must be right, or its figures are worth nothing: every invoice that was issued has its number and its
 * lines, sums hold, the code was counted once for each, and no number of any series is missing.
 * @throws Error naming what is wrong
 */
export async function verifyInvoices(
  adminUrl: string,
  { issued, lines, code }: { issued: number; lines: number; code: string },
): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    const { rows } = await client.query<Record<string, string>>(
      `WITH i AS (SELECT i.*, p.id AS promotion_id, c.used FROM finance.invoices i
                    JOIN product.promotion_redemptions r ON r.company_id = i.company_id AND r.order_id = i.order_id
                    JOIN product.promotions p ON p.company_id = r.company_id AND p.id = r.promotion_id
                    JOIN product.promotion_codes c ON c.company_id = p.company_id AND c.promotion_id = p.id AND c.code = $1),
            l AS (SELECT l.* FROM finance.invoice_lines l JOIN i ON i.company_id = l.company_id AND i.id = l.invoice_id)
       SELECT (SELECT count(DISTINCT invoice_number) FROM i) AS numbered,
              (SELECT count(*) FROM i WHERE total_amount = subtotal + tax - discount AND discount > 0 AND tax > 0) AS totals,
              (SELECT count(*) FROM l WHERE jsonb_array_length(taxes) = 2) AS lines,
              (SELECT sum(subtotal - discount + tax) FROM l) - (SELECT sum(total_amount) FROM i) AS drift,
              (SELECT coalesce(max(used), 0) FROM i) AS used,
              (SELECT coalesce(sum(last_number), 0) FROM finance.invoice_counters)
                - (SELECT count(*) FROM finance.invoices WHERE invoice_number IS NOT NULL) AS gaps,
              (SELECT count(*) FROM finance.invoices WHERE status = 'open' AND due_amount = 0 AND total_amount > 0) AS forgotten`,
      [code],
    );
    const row = rows[0] ?? {};
    const wanted = {
      numbered: issued,
      totals: issued,
      lines: issued * lines,
      drift: 0,
      used: issued,
      gaps: 0,
      forgotten: 0,
    };

    if (Object.entries(wanted).some(([name, count]) => Number(row[name]) !== count)) {
      throw new Error(`The books do not agree: ${JSON.stringify(row)}, wanted ${JSON.stringify(wanted)}`);
    }

    return `${issued} invoices = numbers = uses of the code, ${issued * lines} lines sum up to them, no number is missing`;
  } finally {
    await client.end();
  }
}
