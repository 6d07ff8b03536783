import type { OrderWorld } from './order-world';

/** What must hold of a company's books after any interleaving; `received` is what customers were charged, minor units. */
export async function expectBalancedBooks(world: OrderWorld, received: number): Promise<void> {
  const rows = (sql: string) => world.query(sql, [world.company.id]);

  // The ledger adds up to the stock, and what is reserved is what orders hold.
  expect(
    await rows(`
      SELECT i.product_id, i.quantity, i.reserved FROM ordering.inventory i
       WHERE i.company_id = $1 AND (
         i.quantity <> (SELECT coalesce(sum(m.quantity_delta), 0) FROM ordering.inventory_movements m WHERE m.company_id = $1 AND m.product_id = i.product_id)
         OR i.reserved <> (SELECT coalesce(sum(r.quantity), 0) FROM ordering.inventory_reservations r
                            WHERE r.company_id = $1 AND r.product_id = i.product_id AND r.status = 'held'))`),
  ).toEqual([]);

  // Each order agrees with its invoice, its payments and its stock.
  expect(await rows(ordersThatDisagree)).toEqual([]);

  // A payment is refunded by its refunds, and one at most waits for each invoice.
  expect(
    await rows(`
      SELECT p.id, p.status FROM finance.payments p
       WHERE p.company_id = $1 AND (
         p.refunded_amount <> (SELECT coalesce(sum(r.amount), 0) FROM finance.refunds r WHERE r.company_id = $1 AND r.payment_id = p.id AND r.status = 'succeeded')
         OR p.paid_amount < (SELECT coalesce(sum(r.amount), 0) FROM finance.refunds r WHERE r.company_id = $1 AND r.payment_id = p.id AND r.status <> 'failed')
         OR (p.status = 'refunded') <> (p.refunded_amount > 0 AND p.refunded_amount = p.paid_amount))`),
  ).toEqual([]);

  // A promotion counts the orders that hold it; only an order that is over has given it back.
  expect(
    await rows(`
      SELECT p.id, p.used FROM product.promotions p
       WHERE p.company_id = $1 AND (
         p.used <> (SELECT count(*) FROM product.promotion_redemptions r WHERE r.company_id = $1 AND r.promotion_id = p.id AND r.released_at IS NULL)
         OR EXISTS (SELECT FROM product.promotion_redemptions r JOIN ordering.orders o ON o.company_id = r.company_id AND o.id = r.order_id
                     WHERE r.company_id = $1 AND r.promotion_id = p.id AND r.released_at IS NOT NULL AND o.status <> 'cancelled'))`),
  ).toEqual([]);

  // Numbers have no gap and none comes twice.
  const [numbers] = await rows(`
    SELECT count(*) AS count, count(DISTINCT invoice_number) AS different, coalesce(max(substr(invoice_number, 5)::int), 0) AS highest,
           (SELECT coalesce(max(last_number), 0) FROM finance.invoice_counters WHERE company_id = $1) AS counter
      FROM finance.invoices WHERE company_id = $1 AND invoice_number IS NOT NULL`);
  expect(new Set(Object.values(numbers!)).size).toBe(1);

  // Money received is kept, given back, due to go back, or not looked at yet.
  const [money] = await rows(`
    SELECT (SELECT sum(total_spent)::bigint FROM customer.customers WHERE company_id = $1) AS kept,
           (SELECT coalesce(sum(amount), 0)::bigint FROM finance.refunds WHERE company_id = $1 AND status = 'succeeded') AS refunded,
           coalesce(sum(paid_amount - refunded_amount) FILTER (WHERE status = 'refund_due'), 0)::bigint AS due,
           coalesce(sum(paid_amount) FILTER (WHERE status = 'success' AND settled_at IS NULL), 0)::bigint AS unsettled
      FROM finance.payments WHERE company_id = $1`);
  expect({ received }).toEqual({
    received: money!['kept'] + money!['refunded'] + money!['due'] + money!['unsettled'],
  });
  expect(
    await rows(`
      SELECT (SELECT sum(order_count) FROM customer.customers WHERE company_id = $1) =
             (SELECT count(*) FROM ordering.orders o JOIN finance.invoices i ON i.company_id = o.company_id AND i.order_id = o.id
               WHERE o.company_id = $1 AND o.status <> 'cancelled' AND i.paid_at IS NOT NULL) AS "isRight"`),
  ).toEqual([{ isRight: true }]);

  // Invoices keep what their payments and refunds say, and credit notes take back what the invoices say (D21).
  expect(await rows(invoicesThatDisagree)).toEqual([]);

  // Events of a subject are numbered without gaps; an order is completed once and cancelled once at most.
  expect(
    await rows(`
      SELECT subject FROM platform.events WHERE company_id = $1 GROUP BY subject
      HAVING max(subject_seq) <> count(*) OR min(subject_seq) <> 1 OR count(*) FILTER (WHERE type = 'order.completed') > 1
          OR count(*) FILTER (WHERE type = 'order.cancelled') > 1 OR count(*) FILTER (WHERE type = 'order.confirmed') > 1`),
  ).toEqual([]);
}

export const invoicesThatDisagree = `
  SELECT i.id, i.status, i.total_amount, i.due_amount, i.paid_amount, i.credited_amount, i.returned_amount FROM finance.invoices i
   WHERE i.company_id = $1 AND (
     i.paid_amount <> (SELECT coalesce(sum(p.applied_amount), 0) FROM finance.payments p WHERE p.company_id = $1 AND p.invoice_id = i.id)
     OR i.credited_amount <> (SELECT coalesce(sum(c.reduced_due + c.to_payment), 0) FROM finance.credit_notes c WHERE c.company_id = $1 AND c.invoice_id = i.id)
     OR i.returned_amount <> (SELECT coalesce(sum(c.to_balance), 0) FROM finance.credit_notes c WHERE c.company_id = $1 AND c.invoice_id = i.id)
          + (SELECT coalesce(sum(r.invoice_amount), 0) FROM finance.refunds r JOIN finance.payments p ON p.company_id = $1 AND p.id = r.payment_id
              WHERE r.company_id = $1 AND r.status = 'pending' AND p.invoice_id = i.id)
          + CASE WHEN i.status = 'void' AND i.credited_amount = 0 THEN i.balance_applied ELSE 0 END
     OR (i.status <> 'void' AND i.finalised_at IS NOT NULL
         AND i.total_amount <> i.due_amount + i.credited_amount + i.paid_amount + i.balance_applied)
     OR (i.status = 'void' AND i.due_amount <> 0)
     OR i.total_amount < (SELECT coalesce(-sum(c.total_amount), 0) FROM finance.credit_notes c WHERE c.company_id = $1 AND c.invoice_id = i.id)
     OR EXISTS (SELECT FROM finance.credit_notes c WHERE c.company_id = $1 AND c.invoice_id = i.id AND -c.total_amount <> c.reduced_due + c.to_balance + c.to_payment))`;

const ordersThatDisagree = `
  WITH seen AS (
    SELECT o.id, o.status, o.payment_status, i.status AS invoice_status, i.total_amount, i.paid_amount, i.due_amount, i.credited_amount, i.paid_at,
           i.finalised_at IS NOT NULL AS is_final,
           (SELECT array_agg(DISTINCT r.status) FROM ordering.inventory_reservations r WHERE r.company_id = $1 AND r.order_id = o.id) AS stock,
           (SELECT count(*) FROM platform.events e WHERE e.company_id = $1 AND e.subject = 'order/' || o.id AND e.type = 'order.completed') AS completed,
           (SELECT count(*) FROM finance.payments p WHERE p.company_id = $1 AND p.order_id = o.id AND p.status = 'initiated') AS waiting,
           (SELECT count(*) FROM finance.payments p WHERE p.company_id = $1 AND p.order_id = o.id AND p.status IN ('success', 'partially_refunded')
               AND p.settled_at IS NOT NULL) AS kept,
           (SELECT count(*) FROM finance.payments p WHERE p.company_id = $1 AND p.order_id = o.id AND p.status = 'refund_due') AS due,
           (SELECT count(*) FROM finance.payments p WHERE p.company_id = $1 AND p.order_id = o.id AND p.status = 'refunded') AS refunded
      FROM ordering.orders o JOIN finance.invoices i ON i.company_id = o.company_id AND i.order_id = o.id WHERE o.company_id = $1
  )
  SELECT * FROM seen WHERE NOT (
    completed = (paid_at IS NOT NULL)::int
    AND CASE WHEN invoice_status = 'paid' THEN is_final AND paid_amount = total_amount - credited_amount AND due_amount = 0 ELSE paid_amount = 0 END
    AND CASE invoice_status WHEN 'draft' THEN NOT is_final WHEN 'open' THEN is_final ELSE true END
    AND CASE status
          WHEN 'pending' THEN stock = '{held}' AND invoice_status = 'draft' AND payment_status IN ('pending', 'failed') AND kept = 0
          WHEN 'cancelled' THEN stock = '{released}' AND invoice_status = CASE WHEN total_amount = 0 AND paid_at IS NOT NULL THEN 'paid' ELSE 'void' END AND kept = 0 AND waiting = 0
               AND (payment_status = 'refund_due') = (due > 0) AND (payment_status <> 'refunded' OR refunded > 0)
          WHEN 'confirmed' THEN stock = CASE WHEN paid_at IS NOT NULL THEN '{committed}' ELSE '{held}' END::text[]
          WHEN 'delivered' THEN stock = '{committed}' AND paid_at IS NOT NULL
          ELSE stock = '{committed}' END
    AND CASE WHEN status IN ('confirmed', 'shipped', 'delivered') AND paid_at IS NOT NULL
             THEN waiting = 0 AND payment_status = CASE WHEN kept = 0 THEN 'refunded' ELSE payment_status END
                  AND payment_status IN ('paid', 'partially_refunded', 'refunded') AND kept = (payment_status <> 'refunded')::int
             ELSE true END)`;
