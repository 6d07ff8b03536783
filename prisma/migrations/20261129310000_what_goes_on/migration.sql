-- What is looked for again and again, or rarely found, is found without reading what is over: that is nearly everything.

-- Rows that need a workflow (system.unfinished_…, system.open_work).
CREATE INDEX orders_unfinished ON ordering.orders (id) INCLUDE (company_id) WHERE status IN ('pending', 'confirmed', 'shipped');
CREATE INDEX subscriptions_unfinished ON ordering.subscriptions (id) INCLUDE (company_id)
  WHERE status NOT IN ('cancelled', 'expired') OR next_deadline_at IS NOT NULL;

-- What an account owes.
CREATE INDEX invoices_open_of_account ON finance.invoices (company_id, billing_account_id) WHERE status = 'open';

-- Lists by a state that few are in.
CREATE INDEX invoices_not_paid ON finance.invoices (company_id, status, id) WHERE status <> 'paid';
CREATE INDEX payments_not_received ON finance.payments (company_id, status, id) WHERE status <> 'success';
CREATE INDEX orders_not_paid ON ordering.orders (company_id, payment_status, id) WHERE payment_status <> 'paid';

-- CreateIndex
CREATE INDEX "payments_company_id_method_id_idx" ON "finance"."payments"("company_id", "method", "id");

-- CreateIndex
CREATE INDEX "subscriptions_company_id_plan_id_id_idx" ON "ordering"."subscriptions"("company_id", "plan_id", "id");

-- Lists between two instants go by the instant.
-- DropIndex
DROP INDEX "finance"."invoices_created_at_idx";

-- DropIndex
DROP INDEX "ordering"."orders_created_at_idx";

-- CreateIndex
CREATE INDEX "invoices_company_id_created_at_id_idx" ON "finance"."invoices"("company_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "orders_company_id_created_at_id_idx" ON "ordering"."orders"("company_id", "created_at", "id");
