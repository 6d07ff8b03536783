import { Client } from 'pg';

import type { MonthEndCompany } from './month-end-company';

/**
 * After a run the books must be right, or its figures are worth nothing.
 * @param wanted subscriptions that were renewed once
 * @throws Error naming what is wrong
 */
export async function verifyMonthEnd(
  adminUrl: string,
  { companyId }: MonthEndCompany,
  { wanted, renewsAt }: { wanted: number; renewsAt: Date },
): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    const { rows } = await client.query<Record<string, string>>(
      `WITH new AS (SELECT i.* FROM finance.invoices i WHERE i.company_id = $1 AND i.period_start >= $2)
       SELECT (SELECT count(*) FROM new) AS invoices,
              (SELECT count(*) FROM new WHERE status = 'paid' AND due_amount = 0) AS paid,
              (SELECT count(DISTINCT subscription_id) FROM new) AS subscriptions,
              (SELECT count(DISTINCT invoice_number) FROM new) AS numbers,
              (SELECT sum(last_number) - 1 FROM finance.invoice_counters WHERE company_id = $1) AS counter,
              (SELECT count(*) FROM finance.payments p WHERE p.company_id = $1 AND p.status = 'success' AND p.settled_at IS NOT NULL
                  AND p.invoice_id IN (SELECT id FROM new)) AS payments,
              (SELECT count(*) FROM sandbox.card_charges c WHERE c.outcome = 'success'
                  AND c.transaction_id IN (SELECT p.transaction_id FROM finance.payments p WHERE p.company_id = $1 AND p.invoice_id IN (SELECT id FROM new))) AS charges,
              (SELECT count(*) FROM finance.billed_service b WHERE b.company_id = $1 AND b.released_at IS NULL AND lower(b.service) >= $2) AS periods`,
      [companyId, renewsAt],
    );
    const row = rows[0] ?? {};

    if (Object.values(row).some((count) => Number(count) !== wanted)) {
      throw new Error(`The books of the renewals do not agree on ${wanted}: ${JSON.stringify(row)}`);
    }
    const { rows: orders } = await client.query<Record<string, string>>(
      `SELECT (SELECT count(*) FROM ordering.orders WHERE company_id <> $1 AND payment_status = 'paid') AS orders,
              (SELECT count(*) FROM finance.payments WHERE company_id <> $1 AND status = 'success' AND settled_at IS NOT NULL) AS payments,
              (SELECT count(*) FROM finance.invoices WHERE company_id <> $1 AND status = 'paid') AS invoices,
              (SELECT count(DISTINCT invoice_number) FROM finance.invoices WHERE company_id <> $1) AS numbers,
              (SELECT sum(last_number) FROM finance.invoice_counters WHERE company_id <> $1) AS counter`,
      [companyId],
    );

    if (new Set(Object.values(orders[0] ?? {}).map(Number)).size !== 1) {
      throw new Error(`The books of the orders do not agree: ${JSON.stringify(orders[0])}`);
    }

    return `${wanted} renewals = invoices, paid = invoice numbers = payments = card charges = periods billed; ${orders[0]?.['orders']} orders = payments = invoices`;
  } finally {
    await client.end();
  }
}
