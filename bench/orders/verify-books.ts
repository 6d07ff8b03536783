import { Client } from 'pg';

/** After a run the books must be right, or its figures are worth nothing. @throws Error naming what is wrong */
export async function verifyBooks(adminUrl: string): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    const { rows } = await client.query<Record<string, string>>(`
      SELECT (SELECT count(*) FROM ordering.orders WHERE payment_status = 'paid') AS paid,
             (SELECT count(*) FROM finance.payments WHERE status = 'success' AND settled_at IS NOT NULL) AS settled,
             (SELECT count(*) FROM finance.invoices WHERE status = 'paid') AS invoiced,
             (SELECT count(DISTINCT invoice_number) FROM finance.invoices WHERE invoice_number IS NOT NULL) AS numbers,
             (SELECT coalesce(max(last_number), 0) FROM finance.invoice_counters) AS counter,
             (SELECT coalesce(-sum(quantity_delta), 0) FROM ordering.inventory_movements WHERE type = 'SALE') AS sold,
             (SELECT coalesce(sum(i.reserved), 0) - coalesce((SELECT sum(quantity) FROM ordering.inventory_reservations WHERE status = 'held'), 0)
                FROM ordering.inventory i) AS drift`);
    const row = rows[0] ?? {};
    const { paid, settled, invoiced, numbers, counter, sold, drift } = row;

    if (new Set([paid, settled, invoiced, numbers, counter, sold]).size !== 1 || drift !== '0') {
      throw new Error(`The books do not agree: ${JSON.stringify(row)}`);
    }

    return `${paid} orders = payments = invoices = invoice numbers = units sold, none held in vain`;
  } finally {
    await client.end();
  }
}
