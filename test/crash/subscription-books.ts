import { queryAsOwner } from '../environment/admin';
import type { Books } from './find-damage';

/** What the books say of one subscription, without ids, so that the same one of two companies compares. */
export interface SubscriptionBooks {
  customer: string;
  standing: unknown;
  invoices: unknown[];
  payments: unknown[];
  /** Of the card's bank. */
  charges: unknown[];
  history: unknown[];
  dunning: unknown[];
  events: unknown[];
}

/** Every instant is the test clock's, so each row must carry the very same one in an undisturbed run. */
const sql = `
  SELECT c.name AS customer,
    jsonb_build_object('status', s.status, 'plan', s.plan_name, 'period', jsonb_build_array(s.period_index, s.current_period_start, s.current_period_end),
      'collection', jsonb_build_array(s.collection_behavior, s.collection_paused_at, s.collection_resumes_at),
      'next', jsonb_build_array(s.next_deadline, s.next_deadline_at), 'activated', s.activated_at, 'ended', s.ended_at,
      'roles', (SELECT coalesce(jsonb_agg(r ->> 'role'), '[]') FROM jsonb_array_elements(s.invoice_roles) r),
      'waiting', (SELECT coalesce(jsonb_agg(w ->> 'kind'), '[]') FROM jsonb_array_elements(s.waiting_changes) w)) AS standing,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(i.purpose, i.status, i.period_start, i.period_end, i.subtotal, i.tax, i.total_amount, i.paid_amount,
        i.due_amount, i.due_date, i.finalised_at, i.paid_at, i.overdue_at) ORDER BY i.period_start, i.id), '[]')
       FROM finance.invoices i WHERE i.company_id = s.company_id AND i.subscription_id = s.id) AS invoices,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(i.period_start, p.attempt, p.status, p.amount, p.paid_amount, p.failure_reason, p.created_at, p.settled_at)
        ORDER BY p.id), '[]')
       FROM finance.payments p JOIN finance.invoices i ON i.company_id = p.company_id AND i.id = p.invoice_id
      WHERE p.company_id = s.company_id AND p.subscription_id = s.id) AS payments,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(k.outcome, k.amount, k.created_at) ORDER BY k.created_at, k.outcome), '[]')
       FROM sandbox.card_charges k WHERE k.token LIKE '% customer/' || c.id) AS charges,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(h.action, h.previous_status, h.new_status, h.details, h.created_at) ORDER BY h.id), '[]')
       FROM ordering.subscription_history h WHERE h.company_id = s.company_id AND h.subscription_id = s.id) AS history,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(d.status, d.attempts, d.is_hard, d.first_failed_at, d.ended_at,
        (SELECT jsonb_agg(jsonb_build_array(a.attempt, a.kind, a.created_at) ORDER BY a.attempt) FROM finance.dunning_attempts a
          WHERE a.company_id = d.company_id AND a.dunning_run_id = d.id)) ORDER BY d.first_failed_at), '[]')
       FROM finance.dunning_runs d WHERE d.company_id = s.company_id AND d.subscription_id = s.id) AS dunning,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(e.type, e.occurred_at) ORDER BY e.subject_seq), '[]')
       FROM platform.events e WHERE e.company_id = s.company_id AND e.subject = 'subscription/' || s.id) AS events
  FROM ordering.subscriptions s JOIN customer.customers c ON c.company_id = s.company_id AND c.id = s.customer_id
  WHERE s.company_id = $1 ORDER BY c.name`;

/** Of every subscription of a company, by the name of its customer. */
export function readSubscriptionBooks({ adminUrl, companyId }: Books): Promise<SubscriptionBooks[]> {
  return queryAsOwner<SubscriptionBooks & { [column: string]: unknown }>(adminUrl, sql, [companyId]);
}

/** Numbers of a company's invoices in the order in which they were given. */
export async function readInvoiceNumbers({ adminUrl, companyId }: Books): Promise<string[]> {
  const rows = await queryAsOwner<{ number: string }>(
    adminUrl,
    'SELECT invoice_number AS number FROM finance.invoices WHERE company_id = $1 AND invoice_number IS NOT NULL ORDER BY invoice_number',
    [companyId],
  );

  return rows.map(({ number }) => number);
}
