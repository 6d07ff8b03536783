-- D21: what goes back by all roads together never exceeds what was received for an invoice.
--   invoices.paid_amount      money received for it, less what was refunded
--   invoices.credited_amount  what its credit notes take off what is due, and what was refunded
--   invoices.returned_amount  of what was received: made account credit, or reserved by refunds under way
--   payments.applied_amount   how much of a payment stands in its invoice; what was over became account credit
--   refunds.invoice_amount, balance_amount  what a refund takes out of the invoice, and out of the account's credit
ALTER TABLE finance.invoices ADD COLUMN returned_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE finance.payments ADD COLUMN applied_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE finance.refunds ADD COLUMN invoice_amount bigint NOT NULL DEFAULT 0, ADD COLUMN balance_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE finance.credit_notes ADD COLUMN to_payment bigint NOT NULL DEFAULT 0, ADD COLUMN refund_id bigint;
ALTER TABLE finance.credit_notes ADD CONSTRAINT credit_notes_company_id_refund_id_fkey
  FOREIGN KEY (company_id, refund_id) REFERENCES finance.refunds (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX credit_notes_company_id_refund_id_key ON finance.credit_notes (company_id, refund_id);

ALTER TABLE finance.credit_notes DROP CONSTRAINT credit_notes_reason_check, ADD CONSTRAINT credit_notes_reason_check
  CHECK (reason IN ('plan_change', 'pause', 'cancellation', 'reissue', 'void', 'adjustment', 'refund'));
ALTER TABLE finance.credit_notes DROP CONSTRAINT credit_notes_check, ADD CONSTRAINT credit_note_parts_within_total
  CHECK (reduced_due >= 0 AND to_balance >= 0 AND to_payment >= 0 AND reduced_due + to_balance + to_payment <= -total_amount);
ALTER TABLE finance.balance_entries DROP CONSTRAINT balance_entries_kind_check, ADD CONSTRAINT balance_entries_kind_check
  CHECK (kind IN ('credit_note', 'applied', 'late_payment', 'adjustment', 'returned', 'refunded', 'refund_failed'));

CREATE OR REPLACE FUNCTION finance.refuse_change_of_final_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable text[] := ARRAY['status', 'paid_amount', 'due_amount', 'credited_amount', 'returned_amount', 'paid_at', 'voided_at', 'overdue_at', 'updated_at'];
BEGIN
  IF OLD.finalised_at IS NOT NULL AND (to_jsonb(NEW) - changeable) IS DISTINCT FROM (to_jsonb(OLD) - changeable) THEN
    RAISE EXCEPTION 'invoice % is final: only its status, paid and due amounts may change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What stands so far. Money that went back twice before this is not asked for again: figures stop at what was received.
UPDATE finance.payments p SET applied_amount = greatest(0, p.paid_amount - p.refunded_amount - coalesce(
    (SELECT sum(b.amount) FROM finance.balance_entries b WHERE b.company_id = p.company_id AND b.payment_id = p.id AND b.kind = 'late_payment'), 0))
 WHERE p.settled_at IS NOT NULL AND p.status IN ('success', 'partially_refunded');
UPDATE finance.invoices i SET returned_amount = least(i.paid_amount + i.balance_applied, n.returned)
  FROM (SELECT i.company_id, i.id,
          CASE WHEN i.status = 'void' THEN i.balance_applied ELSE 0 END
            + (SELECT coalesce(sum(c.to_balance), 0) FROM finance.credit_notes c WHERE c.company_id = i.company_id AND c.invoice_id = i.id)
            + (SELECT coalesce(sum(r.amount), 0) FROM finance.refunds r JOIN finance.payments p ON p.company_id = r.company_id AND p.id = r.payment_id
                WHERE p.company_id = i.company_id AND p.invoice_id = i.id AND p.status IN ('success', 'partially_refunded', 'refunded') AND r.status <> 'failed') AS returned
          FROM finance.invoices i WHERE i.finalised_at IS NOT NULL) n
 WHERE i.company_id = n.company_id AND i.id = n.id AND n.returned > 0;
UPDATE finance.refunds r SET invoice_amount = least(r.amount, p.applied_amount) FROM finance.payments p
 WHERE r.status = 'pending' AND p.company_id = r.company_id AND p.id = r.payment_id AND p.status <> 'refund_due';

ALTER TABLE finance.invoices
  ADD CONSTRAINT invoice_returns_within_received CHECK (returned_amount BETWEEN 0 AND paid_amount + balance_applied),
  ADD CONSTRAINT invoice_credit_within_total CHECK (credited_amount <= total_amount);
ALTER TABLE finance.payments ADD CONSTRAINT payment_applied_within_kept CHECK (applied_amount BETWEEN 0 AND paid_amount - refunded_amount);
ALTER TABLE finance.refunds ADD CONSTRAINT refund_parts_within_amount
  CHECK (invoice_amount >= 0 AND balance_amount >= 0 AND invoice_amount + balance_amount <= amount);

-- D22: differences of a price are billed for the same days as the price itself, each in a layer of its own (0: the price);
-- days that were granted carry the money that buys them: `basis` is what such a range was made from, in place of its line's.
ALTER TABLE finance.billed_service ADD COLUMN layer integer NOT NULL DEFAULT 0, ADD COLUMN basis jsonb;
ALTER TABLE finance.billed_service DROP CONSTRAINT billed_once;
UPDATE finance.billed_service b SET item = 'plan', layer = n.layer
  FROM (SELECT company_id, id, row_number() OVER (PARTITION BY company_id, subscription_id ORDER BY id) AS layer
          FROM finance.billed_service WHERE item LIKE 'plan-change/%') n
 WHERE b.company_id = n.company_id AND b.id = n.id;
ALTER TABLE finance.billed_service ADD CHECK (layer >= 0), ADD CONSTRAINT billed_once
  EXCLUDE USING gist (company_id WITH =, subscription_id WITH =, item WITH =, layer WITH =, service WITH &&) WHERE (released_at IS NULL);
