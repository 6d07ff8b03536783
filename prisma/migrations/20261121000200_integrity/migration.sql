-- What must hold whatever the code does: lists of states, amounts, stock, one payment under way, final invoices.
ALTER TABLE platform.companies
  ADD CHECK (status IN ('active', 'suspended')),
  ADD CHECK (business_model IN ('retail', 'subscription', 'freemium', 'multi')),
  ADD CHECK (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$');
ALTER TABLE platform.service_state ADD CHECK (state IN ('running', 'retiring', 'stopped')), ADD CHECK (replicas >= 0);
ALTER TABLE platform.idempotency_keys ADD CHECK (state IN ('in_progress', 'done'));

ALTER TABLE customer.users
  ADD CHECK (role IN ('super_admin', 'company_admin', 'shop_manager', 'staff', 'customer')),
  ADD CHECK (status IN ('active', 'disabled')), ADD CHECK (email = lower(email));
ALTER TABLE customer.customers ADD CHECK (email = lower(email)), ADD CHECK (total_spent >= 0), ADD CHECK (order_count >= 0);

ALTER TABLE product.products ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CHECK (status IN ('active', 'archived'));
ALTER TABLE product.plans
  ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CHECK (billing_cycle IN ('monthly', 'yearly')),
  ADD CHECK (trial_days BETWEEN 0 AND 730), ADD CHECK (status IN ('draft', 'active', 'archived'));
ALTER TABLE product.features ADD CHECK (status IN ('active', 'archived'));
ALTER TABLE product.addons
  ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CHECK (billing_period IN ('monthly', 'yearly', 'one_time'));

ALTER TABLE ordering.orders
  ADD CHECK (status IN ('pending', 'confirmed', 'shipped', 'delivered', 'cancelled')),
  ADD CHECK (payment_status IN ('pending', 'paid', 'failed', 'refund_due', 'partially_refunded', 'refunded', 'cancelled')),
  ADD CHECK (subtotal >= 0 AND tax >= 0 AND discount >= 0 AND total_amount >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE ordering.order_items ADD CHECK (quantity > 0), ADD CHECK (price >= 0 AND subtotal >= 0 AND discount >= 0 AND tax >= 0);
ALTER TABLE ordering.inventory
  ADD CONSTRAINT inventory_reserved_within_quantity CHECK (reserved >= 0 AND reserved <= quantity), ADD CHECK (reorder_level >= 0);
ALTER TABLE ordering.inventory_reservations ADD CHECK (quantity > 0), ADD CHECK (status IN ('held', 'committed', 'released'));
ALTER TABLE ordering.inventory_movements ADD CHECK (type IN ('SET', 'ADJUSTMENT', 'SALE', 'RETURN'));

ALTER TABLE finance.invoices
  ADD CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible')), ADD CHECK (invoice_type IN ('onetime', 'recurring')),
  ADD CHECK (subtotal >= 0 AND tax >= 0 AND discount >= 0 AND total_amount >= 0 AND paid_amount >= 0 AND due_amount >= 0),
  ADD CONSTRAINT invoice_number_given_at_finalisation CHECK ((invoice_number IS NULL) = (finalised_at IS NULL)),
  ADD CONSTRAINT invoice_final_once_not_draft CHECK (status IN ('draft', 'void') OR finalised_at IS NOT NULL);
CREATE UNIQUE INDEX invoices_one_per_order ON finance.invoices (company_id, order_id) WHERE order_id IS NOT NULL;

ALTER TABLE finance.payments
  ADD CHECK (status IN ('initiated', 'success', 'failed', 'superseded', 'cancelled', 'refund_due', 'refunded', 'partially_refunded')),
  ADD CHECK (amount >= 0 AND paid_amount >= 0 AND refunded_amount BETWEEN 0 AND paid_amount), ADD CHECK (currency ~ '^[A-Z]{3}$');
-- D11: at most one payment under way per invoice.
CREATE UNIQUE INDEX payments_one_initiated_per_invoice ON finance.payments (company_id, invoice_id) WHERE status = 'initiated';
ALTER TABLE finance.refunds ADD CHECK (amount > 0), ADD CHECK (status IN ('pending', 'succeeded', 'failed'));
ALTER TABLE finance.provider_events ADD CHECK (outcome IN ('success', 'failed'));
CREATE INDEX provider_events_unsignalled ON finance.provider_events (received_at) WHERE signalled_at IS NULL;
ALTER TABLE finance.payment_methods ADD CHECK (status IN ('active', 'detached'));
CREATE UNIQUE INDEX payment_methods_one_default ON finance.payment_methods (company_id, customer_id) WHERE is_default AND status = 'active';

-- D8: after finalisation only status, paid and due amounts, and their times may change.
CREATE FUNCTION finance.refuse_change_of_final_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.finalised_at IS NOT NULL AND
     (to_jsonb(NEW) - ARRAY['status', 'paid_amount', 'due_amount', 'paid_at', 'voided_at', 'updated_at'])
       IS DISTINCT FROM
     (to_jsonb(OLD) - ARRAY['status', 'paid_amount', 'due_amount', 'paid_at', 'voided_at', 'updated_at']) THEN
    RAISE EXCEPTION 'invoice % is final: only its status, paid and due amounts may change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER invoices_final BEFORE UPDATE ON finance.invoices
  FOR EACH ROW WHEN (OLD.finalised_at IS NOT NULL) EXECUTE FUNCTION finance.refuse_change_of_final_invoice();

CREATE FUNCTION finance.refuse_change_of_final_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  line finance.invoice_lines := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF EXISTS (SELECT FROM finance.invoices i WHERE i.company_id = line.company_id AND i.id = line.invoice_id AND i.finalised_at IS NOT NULL) THEN
    RAISE EXCEPTION 'invoice % is final: its lines may not change', line.invoice_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN line;
END $$;
CREATE TRIGGER invoice_lines_final BEFORE UPDATE OR DELETE ON finance.invoice_lines
  FOR EACH ROW EXECUTE FUNCTION finance.refuse_change_of_final_lines();
