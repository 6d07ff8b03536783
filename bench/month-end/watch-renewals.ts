import { Client } from 'pg';

import type { MonthEndCompany } from './month-end-company';

/** How far a company's renewals are. Seconds are counted from the instant that all of them are due at. */
export interface Renewals {
  /** Their new period has begun. */
  renewed: number;
  /** And its invoice is paid. */
  paid: number;
  /** When the last was paid, and half and 99 of 100 of those that are; null: none is. */
  lastAfter: number | null;
  p50After: number | null;
  p99After: number | null;
}

export interface RenewalWatch {
  look(): Promise<Renewals>;
  close(): Promise<void>;
}

export async function watchRenewals(
  adminUrl: string,
  { companyId }: MonthEndCompany,
  renewsAt: Date,
): Promise<RenewalWatch> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  const after = (share: number) =>
    `extract(epoch FROM percentile_disc(${share}) WITHIN GROUP (ORDER BY p.settled_at) - $2::timestamptz)::float8`;

  return {
    async look() {
      const { rows } = await client.query<Renewals>(
        `SELECT (SELECT count(*)::int FROM ordering.subscriptions s
                  WHERE s.company_id = $1 AND s.current_period_start >= $2) AS renewed,
                count(*)::int AS paid, ${after(1)} AS "lastAfter", ${after(0.5)} AS "p50After", ${after(0.99)} AS "p99After"
           FROM finance.payments p JOIN finance.invoices i ON i.company_id = p.company_id AND i.id = p.invoice_id
          WHERE p.company_id = $1 AND i.period_start >= $2 AND i.status = 'paid' AND p.settled_at IS NOT NULL`,
        [companyId, renewsAt],
      );
      const [row] = rows;

      if (row === undefined) {
        throw new Error('There is no answer.');
      }

      return row;
    },
    close: () => client.end(),
  };
}
