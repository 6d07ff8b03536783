import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { resolveSettings, type Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import type { CampaignState } from './dunning-campaign-rules';

const OverdueInvoice = z.object({
  id: z.number(),
  subscriptionId: z.number().nullable(),
  number: z.string().nullable(),
  currency: z.string(),
  due: z.number(),
  dueDate: z.string(),
});
/** `due` in minor units. */
export type OverdueInvoice = z.output<typeof OverdueInvoice>;

const Row = z.object({
  status: z.enum(['active', 'finished', 'closed']),
  next_look_at: dbInstant.nullable(),
  billing_account_id: dbInteger,
  customer_id: dbInteger,
  test_clock_id: dbInteger.nullable(),
  clock_now: dbInstant.nullable(),
  time_zone: z.string(),
  locale: z.string(),
  settings: z.unknown(),
  asked: z.array(z.object({ currency: z.string(), attempts: z.number(), lastRequestOn: z.string() })).nullable(),
  overdue: z.array(OverdueInvoice).nullable(),
});

export interface Campaign {
  id: number;
  status: 'active' | 'finished' | 'closed';
  nextLookAt: Date | null;
  billingAccountId: number;
  customerId: number;
  isTest: boolean;
  timeZone: string;
  locale: string;
  settings: Settings;
  state: CampaignState;
  /** Oldest first. */
  overdue: OverdueInvoice[];
  /** The clock's time for a customer on a test clock, the caller's otherwise (D26). */
  now: Date;
}

/**
 * Locks a campaign, then reads what it has asked for, and what is overdue of its account: two statements, because one that
 * waits for a lock still sees the other rows as they were before it waited.
 * @throws AppError not_found
 */
export async function lockCampaign(
  tx: TenantSql,
  { campaignId, now }: { campaignId: number; now: Date },
): Promise<Campaign> {
  await tx.write(
    Prisma.sql`SELECT 1 FROM finance.dunning_campaigns WHERE company_id = ${tx.companyId}::bigint AND id = ${campaignId}::bigint FOR UPDATE`,
  );
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT g.status, g.next_look_at, g.billing_account_id, g.customer_id, g.test_clock_id, t.clock_now, a.time_zone, a.locale,
        (SELECT s.values FROM platform.company_settings s WHERE s.company_id = g.company_id) AS settings,
        (SELECT jsonb_agg(to_jsonb(x)) FROM (
           SELECT r.currency, count(*) AS attempts, max(r.requested_on) AS "lastRequestOn" FROM finance.payment_requests r
            WHERE r.company_id = g.company_id AND r.dunning_campaign_id = g.id GROUP BY r.currency) x) AS asked,
        (SELECT jsonb_agg(to_jsonb(x) ORDER BY x."dueDate", x.id) FROM (
           SELECT i.id, i.subscription_id AS "subscriptionId", i.invoice_number AS number, i.currency, i.due_amount AS due, i.due_date AS "dueDate"
             FROM finance.invoices i
            WHERE i.company_id = g.company_id AND i.customer_id = g.customer_id AND i.billing_account_id = g.billing_account_id
              AND i.status = 'open' AND i.due_amount > 0 AND i.due_date <= t.now) x) AS overdue
        FROM finance.dunning_campaigns g
        JOIN finance.billing_accounts a ON a.company_id = g.company_id AND a.id = g.billing_account_id
        LEFT JOIN ordering.test_clocks k ON k.company_id = g.company_id AND k.id = g.test_clock_id
       CROSS JOIN LATERAL (SELECT k.now AS clock_now, coalesce(k.now, ${now}::timestamptz) AS now) t
       WHERE g.company_id = ${tx.companyId}::bigint AND g.id = ${campaignId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: `There is no dunning campaign ${campaignId}.` });
  }
  const asked = (row.asked ?? []).map(({ currency, ...made }) => [currency, made] as const);

  return {
    id: campaignId,
    status: row.status,
    nextLookAt: row.next_look_at,
    billingAccountId: row.billing_account_id,
    customerId: row.customer_id,
    isTest: row.test_clock_id !== null,
    timeZone: row.time_zone,
    locale: row.locale,
    settings: resolveSettings(row.settings),
    state: { byCurrency: Object.fromEntries(asked), isFinished: row.status === 'finished' },
    overdue: row.overdue ?? [],
    now: row.clock_now ?? now,
  };
}
