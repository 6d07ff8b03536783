import { Client } from 'pg';

/** After a run the books must be right, or its figures are worth nothing. @throws Error naming what is wrong */
export async function verifyRenewals(adminUrl: string, wantedInvoices: number): Promise<string> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    const { rows } = await client.query<Record<string, string>>(`
      SELECT (SELECT count(*) FROM finance.invoices) AS invoices,
             (SELECT count(*) FROM finance.invoices WHERE status = 'paid') AS paid,
             (SELECT count(DISTINCT invoice_number) FROM finance.invoices) AS numbers,
             (SELECT sum(last_number) FROM finance.invoice_counters) AS counters,
             (SELECT count(*) FROM finance.payments WHERE status = 'success' AND settled_at IS NOT NULL) AS settled,
             (SELECT count(*) FROM sandbox.card_charges WHERE outcome = 'success') AS charges,
             (SELECT count(DISTINCT (subscription_id, service)) FROM finance.billed_service) AS periods`);
    const row = rows[0] ?? {};

    if (Object.values(row).some((count) => Number(count) !== wantedInvoices)) {
      throw new Error(`The books do not agree on ${wantedInvoices}: ${JSON.stringify(row)}`);
    }

    return `${wantedInvoices} periods = invoices = invoice numbers = payments = card charges, all paid`;
  } finally {
    await client.end();
  }
}

/** Subscriptions that live by real time and whose first invoice is paid. */
export async function countActivated(adminUrl: string): Promise<number> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM ordering.subscriptions WHERE test_clock_id IS NULL AND activated_at IS NOT NULL',
    );

    return Number(rows[0]?.count ?? 0);
  } finally {
    await client.end();
  }
}
