import { queryAsOwner } from '../environment/admin';
import type { TemporalClient } from '../../platform/temporal/client';
import type { Books } from './find-damage';

/** What must not be left once everything has come to rest: each statement names the rows that are. `$1` is the company. */
const unfinished: Readonly<Record<string, string>> = {
  'a payment that is due to go back': `SELECT id, status, updated_at FROM finance.payments WHERE company_id = $1 AND status = 'refund_due'`,
  'a refund that is under way': `SELECT id, payment_id, amount FROM finance.refunds WHERE company_id = $1 AND status = 'pending'`,
  'a clock on its way': `SELECT id, now, target FROM ordering.test_clocks WHERE company_id = $1 AND status <> 'ready'`,
  'a payment whose answer was not taken in': `
    SELECT id, status FROM finance.payments WHERE company_id = $1 AND status IN ('success', 'failed') AND settled_at IS NULL`,
  'more given back for an invoice than came for it': `
    SELECT i.id, i.paid_amount, back.balance, back.refunded FROM finance.invoices i, LATERAL (
      SELECT coalesce((SELECT sum(c.to_balance) FROM finance.credit_notes c WHERE c.company_id = i.company_id AND c.invoice_id = i.id), 0) AS balance,
             coalesce((SELECT sum(p.refunded_amount) FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id), 0) AS refunded,
             coalesce((SELECT sum(p.paid_amount) FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id), 0) AS paid) back
     WHERE i.company_id = $1 AND back.balance + back.refunded > back.paid + i.balance_applied`,
  'a balance that differs from its ledger': `
    SELECT a.id, a.balance, coalesce(sum(e.amount), 0) AS ledger FROM finance.billing_accounts a
      LEFT JOIN finance.balance_entries e ON e.company_id = a.company_id AND e.billing_account_id = a.id
     WHERE a.company_id = $1 GROUP BY a.id HAVING a.balance <> coalesce(sum(e.amount), 0)`,
  'an invoice whose columns do not sum': `
    SELECT id, status, subtotal, tax, discount, total_amount FROM finance.invoices
     WHERE company_id = $1 AND total_amount <> greatest(0, subtotal + tax - discount)`,
};

/** @returns a sentence for each thing of a company that has not come to rest, or does not add up */
export async function findUnfinished({ adminUrl, companyId }: Books): Promise<string[]> {
  const found: string[] = [];

  for (const [what, sql] of Object.entries(unfinished)) {
    const rows = await queryAsOwner(adminUrl, sql, [companyId]);
    found.push(...rows.slice(0, 5).map((row) => `${what}: ${JSON.stringify(row)}`));
  }

  return found;
}

/** Workflows whose code cannot go on: a task of theirs fails again and again, by its failure in the history. */
export async function findFailingWorkflows({ client }: TemporalClient): Promise<string[]> {
  const found: string[] = [];

  for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const attempt = raw.pendingWorkflowTask?.attempt ?? 0;

    if (attempt > 3) {
      found.push(`${workflowId} has tried its task ${attempt} times`);
    }
  }

  return found;
}
