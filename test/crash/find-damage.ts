import { queryAsOwner } from '../environment/admin';
import { type Bought, stories } from './buy-stubbornly';

export interface Books {
  adminUrl: string;
  companyId: number;
}

/**
 * What must never be found, whatever died when: each statement names the rows that are wrong. `$1` is the company.
 * Stock was set once before the first order, so the ledger begins with it.
 */
const rules: Readonly<Record<string, string>> = {
  'stock that differs from its ledger': `
    SELECT i.product_id, i.quantity, coalesce(sum(m.quantity_delta), 0) AS ledger FROM ordering.inventory i
      LEFT JOIN ordering.inventory_movements m ON m.company_id = i.company_id AND m.product_id = i.product_id
     WHERE i.company_id = $1 GROUP BY i.product_id, i.quantity HAVING i.quantity <> coalesce(sum(m.quantity_delta), 0)`,
  'stock held for nobody': `
    SELECT i.product_id, i.reserved, held.sum FROM ordering.inventory i, LATERAL (
      SELECT coalesce(sum(r.quantity), 0) AS sum FROM ordering.inventory_reservations r
       WHERE r.company_id = i.company_id AND r.product_id = i.product_id AND r.status = 'held') held
     WHERE i.company_id = $1 AND i.reserved <> held.sum`,
  'a reservation that its order does not explain': `
    SELECT o.id, o.status, o.payment_status, r.status AS reservation FROM ordering.orders o
      JOIN ordering.inventory_reservations r ON r.company_id = o.company_id AND r.order_id = o.id
     WHERE o.company_id = $1 AND r.status <> CASE WHEN o.status = 'pending' THEN 'held' WHEN o.status = 'cancelled' THEN 'released'
       ELSE 'committed' END`,
  'stock sold twice or not at all': `
    SELECT o.id, o.status, sold.sum, items.sum AS ordered FROM ordering.orders o,
      LATERAL (SELECT coalesce(-sum(m.quantity_delta), 0) AS sum FROM ordering.inventory_movements m
                WHERE m.company_id = o.company_id AND m.order_id = o.id) sold,
      LATERAL (SELECT sum(i.quantity) FROM ordering.order_items i WHERE i.company_id = o.company_id AND i.order_id = o.id) items
     WHERE o.company_id = $1 AND sold.sum <> CASE WHEN o.status IN ('pending', 'cancelled') THEN 0 ELSE items.sum END`,
  'a number of an invoice or a credit note that is missing or double': `
    WITH numbered AS (
      SELECT CASE WHEN invoice_number LIKE 'TEST-%' THEN 'test/company' ELSE 'company' END AS series, substring(invoice_number FROM '[0-9]+$')::bigint AS number
        FROM finance.invoices WHERE company_id = $1 AND invoice_number IS NOT NULL
      UNION ALL
      SELECT CASE WHEN credit_note_number LIKE 'TEST-%' THEN 'test/credit-notes' ELSE 'credit-notes' END, substring(credit_note_number FROM '[0-9]+$')::bigint
        FROM finance.credit_notes WHERE company_id = $1),
    counted AS (SELECT series, generate_series(1, last_number) AS number FROM finance.invoice_counters WHERE company_id = $1)
    SELECT series, number, count(n.number) AS times FROM numbered n FULL JOIN counted c USING (series, number)
     GROUP BY 1, 2 HAVING count(n.number) <> 1 OR count(c.number) <> 1`,
  'an order without exactly one invoice': `
    SELECT o.id, count(i.id) FROM ordering.orders o LEFT JOIN finance.invoices i ON i.company_id = o.company_id AND i.order_id = o.id
     WHERE o.company_id = $1 GROUP BY o.id HAVING count(i.id) <> 1`,
  'an invoice that is not what was paid, applied, credited and is due of it': `
    SELECT id, status, total_amount, paid_amount, balance_applied, credited_amount, due_amount FROM finance.invoices
     WHERE company_id = $1 AND status IN ('open', 'paid', 'uncollectible')
       AND (total_amount <> paid_amount + balance_applied + credited_amount + due_amount OR (status = 'paid') <> (due_amount = 0))`,
  'money in the books that no card charge explains, or the other way round': `
    SELECT p.id, p.status, p.paid_amount, c.amount AS charged, p.refunded_amount, c.refunded_amount AS given_back FROM finance.payments p
      FULL JOIN (SELECT * FROM sandbox.card_charges WHERE outcome = 'success') c ON c.transaction_id = p.transaction_id
     WHERE p.company_id = $1 AND p.method = 'card' AND (p.paid_amount > 0 OR c.amount IS NOT NULL)
       AND (p.paid_amount IS DISTINCT FROM c.amount OR p.refunded_amount IS DISTINCT FROM c.refunded_amount)`,
  'a card charge that no payment knows': `
    SELECT c.idempotency_key, c.outcome, c.amount FROM sandbox.card_charges c
     WHERE c.outcome IN ('success', 'pending') AND NOT EXISTS (SELECT FROM finance.payments p WHERE p.transaction_id = c.transaction_id)`,
  'an order charged more than once': `
    SELECT p.order_id, count(*) FROM finance.payments p WHERE p.company_id = $1 AND p.order_id IS NOT NULL AND p.paid_amount > p.refunded_amount
     GROUP BY p.order_id HAVING count(*) > 1`,
  'an invoice charged more than once': `
    SELECT p.invoice_id, jsonb_agg(jsonb_build_array(p.id, p.attempt, p.status, p.created_at, c.token, c.idempotency_key)) AS charges FROM finance.payments p JOIN sandbox.card_charges c ON c.transaction_id = p.transaction_id
     WHERE p.company_id = $1 AND c.outcome = 'success' AND c.amount > c.refunded_amount GROUP BY p.invoice_id HAVING count(*) > 1`,
  'a refund that is not what was paid': `
    SELECT p.id, p.paid_amount, p.refunded_amount, coalesce(sum(r.amount), 0) AS refunds FROM finance.payments p
      LEFT JOIN finance.refunds r ON r.company_id = p.company_id AND r.payment_id = p.id AND r.status <> 'failed'
     WHERE p.company_id = $1 GROUP BY p.id HAVING p.refunded_amount <> coalesce(sum(r.amount), 0)`,
  'a callback that nobody was told of': `
    SELECT id, reference, outcome FROM finance.provider_events WHERE company_id = $1 AND signalled_at IS NULL`,
  'an event that happened more than once to its order': `
    SELECT subject, type, count(*) FROM platform.events WHERE company_id = $1
       AND type IN ('order.created', 'order.confirmed', 'order.completed', 'order.cancelled', 'order.shipped', 'order.delivered', 'invoice.created') AND subject NOT LIKE 'subscription/%'
     GROUP BY subject, type HAVING count(*) > 1`,
  'an event of a subject that is missing': `
    SELECT subject, count(*), max(subject_seq) FROM platform.events WHERE company_id = $1
     GROUP BY subject HAVING count(*) <> max(subject_seq) OR count(DISTINCT subject_seq) <> count(*)`,
  'an event that was not published':
    'SELECT id, subject, type FROM platform.events WHERE company_id = $1 AND position IS NULL',
  'events of a subject published out of order': `
    SELECT * FROM (SELECT subject, subject_seq, position, lag(position) OVER (PARTITION BY subject ORDER BY subject_seq) AS before
      FROM platform.events WHERE company_id = $1) e WHERE e.before > e.position`,
  'a position given twice': 'SELECT position, count(*) FROM platform.events GROUP BY position HAVING count(*) > 1',
  'what a customer spent that differs from the books': `
    SELECT c.id, c.total_spent, c.order_count, kept.sum AS kept, credit.sum AS credit, bought.count FROM customer.customers c, LATERAL (
      SELECT count(*) FROM ordering.orders o
       WHERE o.company_id = c.company_id AND o.customer_id = c.id AND o.status NOT IN ('pending', 'cancelled')
         AND o.payment_status IN ('paid', 'partially_refunded', 'refunded')) bought, LATERAL (
      SELECT coalesce(sum(p.paid_amount - p.refunded_amount), 0) AS sum FROM finance.payments p
       WHERE p.company_id = c.company_id AND p.customer_id = c.id AND p.settled_at IS NOT NULL) kept, LATERAL (
      SELECT coalesce(sum(b.amount), 0) AS sum FROM finance.balance_entries b JOIN finance.billing_accounts a ON a.company_id = b.company_id AND a.id = b.billing_account_id
       WHERE a.company_id = c.company_id AND a.customer_id = c.id AND b.kind IN ('late_payment', 'refunded', 'refund_failed')) credit
     WHERE c.company_id = $1 AND (c.total_spent <> kept.sum - credit.sum OR c.order_count <> bought.count)`,
  'an event of a renewal that is double': `
    SELECT subject, type, payload ->> 'currentPeriodStart' AS period, count(*) FROM platform.events
     WHERE company_id = $1 AND type = 'subscription.renewed' GROUP BY 1, 2, 3 HAVING count(*) > 1`,
};

/** @returns a sentence for each thing that is wrong with the books of a company; none when all is well */
export async function findDamage({ adminUrl, companyId }: Books): Promise<string[]> {
  const found: string[] = [];

  for (const [name, sql] of Object.entries(rules)) {
    const rows = await queryAsOwner(adminUrl, sql, sql.includes('$1') ? [companyId] : []);
    found.push(...rows.slice(0, 5).map((row) => `${name}: ${JSON.stringify(row)}`));
  }

  return found;
}

/** @returns a sentence for each order that did not end as its customer's story says, and for each that nobody placed */
export async function findWrongEnds({ adminUrl, companyId }: Books, bought: readonly Bought[]): Promise<string[]> {
  const rows = await queryAsOwner<{ id: string; status: string; payment_status: string; payments: string }>(
    adminUrl,
    `SELECT o.id, o.status, o.payment_status, (SELECT count(*) FROM finance.payments p WHERE p.company_id = o.company_id AND p.order_id = o.id) AS payments
       FROM ordering.orders o WHERE o.company_id = $1 ORDER BY o.id`,
    [companyId],
  );
  const found = new Map(rows.map((row) => [Number(row.id), row]));
  const strangers = rows.filter(({ id }) => !bought.some(({ orderId }) => orderId === Number(id)));

  return [
    ...bought.flatMap(({ story, orderId }) => {
      const { status, paymentStatus, payments } = stories[story];
      const row = found.get(orderId);
      const is = row === undefined ? 'lost' : `${row.status}, ${row.payment_status}, ${row.payments} payments`;
      const wanted = `${status}, ${paymentStatus}, ${payments} payments`;

      return is === wanted ? [] : [`order ${orderId} (${story}) is ${is}; it should be ${wanted}`];
    }),
    ...strangers.map(({ id }) => `nobody placed order ${id}`),
  ];
}
