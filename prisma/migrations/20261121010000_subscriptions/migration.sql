-- AlterTable
ALTER TABLE "finance"."billing_accounts" ADD COLUMN     "balance" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "customer"."customers" ADD COLUMN     "is_trial_used" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "test_clock_id" BIGINT;

-- AlterTable
ALTER TABLE "finance"."invoices" ADD COLUMN     "balance_applied" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "credited_amount" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "overdue_at" TIMESTAMPTZ(3),
ADD COLUMN     "purpose" TEXT NOT NULL DEFAULT 'sale';

-- AlterTable
ALTER TABLE "finance"."invoice_lines" ADD COLUMN     "basis" JSONB,
ADD COLUMN     "item" TEXT,
ADD COLUMN     "plan_id" BIGINT;

-- AlterTable
ALTER TABLE "finance"."payments" ADD COLUMN     "ask_at" TIMESTAMPTZ(3),
ADD COLUMN     "is_hard_decline" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "payment_method_id" BIGINT,
ADD COLUMN     "subscription_id" BIGINT;

-- CreateTable
CREATE TABLE "finance"."credit_notes" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "credit_note_number" TEXT NOT NULL,
    "billing_account_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "invoice_id" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "notes" TEXT,
    "subtotal" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "total_amount" BIGINT NOT NULL,
    "reduced_due" BIGINT NOT NULL,
    "to_balance" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."credit_note_lines" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "credit_note_id" BIGINT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "invoice_line_id" BIGINT NOT NULL,
    "description" TEXT NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),

    CONSTRAINT "credit_note_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."balance_entries" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "billing_account_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "invoice_id" BIGINT,
    "credit_note_id" BIGINT,
    "payment_id" BIGINT,
    "notes" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "balance_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."billed_service" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "subscription_id" BIGINT NOT NULL,
    "item" TEXT NOT NULL,
    "service" tstzrange NOT NULL,
    "invoice_line_id" BIGINT NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "billed_service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."dunning_runs" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "invoice_id" BIGINT NOT NULL,
    "subscription_id" BIGINT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "first_failed_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "is_hard" BOOLEAN NOT NULL DEFAULT false,
    "next_attempt_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "dunning_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."dunning_attempts" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "dunning_run_id" BIGINT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "payment_id" BIGINT,
    "outcome" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dunning_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."subscriptions" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "billing_account_id" BIGINT NOT NULL,
    "plan_id" BIGINT NOT NULL,
    "plan_name" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "billing_cycle" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL,
    "is_free_tier" BOOLEAN NOT NULL DEFAULT false,
    "is_trial_used" BOOLEAN NOT NULL DEFAULT false,
    "trial_start" TIMESTAMPTZ(3),
    "trial_end" TIMESTAMPTZ(3),
    "trial_ending_told" BOOLEAN NOT NULL DEFAULT false,
    "time_zone" TEXT NOT NULL,
    "anchor_at" TIMESTAMPTZ(3),
    "period_index" INTEGER NOT NULL DEFAULT 0,
    "current_period_start" TIMESTAMPTZ(3),
    "current_period_end" TIMESTAMPTZ(3),
    "billing_timing" TEXT NOT NULL,
    "renewal_lead_days" INTEGER NOT NULL,
    "collection" TEXT NOT NULL,
    "payment_method" TEXT,
    "payment_method_id" BIGINT,
    "renewal_invoice_id" BIGINT,
    "upcoming_told" BOOLEAN NOT NULL DEFAULT false,
    "first_invoice_id" BIGINT,
    "first_invoice_by" TIMESTAMPTZ(3),
    "activated_at" TIMESTAMPTZ(3),
    "cancel_at_period_end" BOOLEAN NOT NULL DEFAULT false,
    "pause_at_period_end" BOOLEAN NOT NULL DEFAULT false,
    "scheduled_change" JSONB,
    "cancelled_at" TIMESTAMPTZ(3),
    "cancellation_reason" TEXT,
    "paused_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "next_deadline_at" TIMESTAMPTZ(3),
    "next_deadline" TEXT,
    "test_clock_id" BIGINT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."subscription_history" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "subscription_id" BIGINT NOT NULL,
    "action" TEXT NOT NULL,
    "previous_status" TEXT,
    "new_status" TEXT,
    "previous_plan_id" BIGINT,
    "new_plan_id" BIGINT,
    "details" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."test_clocks" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "name" TEXT,
    "now" TIMESTAMPTZ(3) NOT NULL,
    "target" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL DEFAULT 'ready',
    "steps" INTEGER NOT NULL DEFAULT 0,
    "report" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "test_clocks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."entity_commands" (
    "company_id" BIGINT NOT NULL,
    "subject" TEXT NOT NULL,
    "command_id" TEXT NOT NULL,
    "result" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "entity_commands_pkey" PRIMARY KEY ("company_id","subject","command_id")
);

-- CreateIndex
CREATE INDEX "credit_notes_company_id_invoice_id_idx" ON "finance"."credit_notes"("company_id", "invoice_id");

-- CreateIndex
CREATE INDEX "credit_notes_company_id_customer_id_id_idx" ON "finance"."credit_notes"("company_id", "customer_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_company_id_id_key" ON "finance"."credit_notes"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_notes_company_id_credit_note_number_key" ON "finance"."credit_notes"("company_id", "credit_note_number");

-- CreateIndex
CREATE INDEX "credit_note_lines_company_id_invoice_line_id_idx" ON "finance"."credit_note_lines"("company_id", "invoice_line_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_lines_company_id_id_key" ON "finance"."credit_note_lines"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_lines_company_id_credit_note_id_line_no_key" ON "finance"."credit_note_lines"("company_id", "credit_note_id", "line_no");

-- CreateIndex
CREATE INDEX "balance_entries_company_id_billing_account_id_id_idx" ON "finance"."balance_entries"("company_id", "billing_account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "balance_entries_company_id_id_key" ON "finance"."balance_entries"("company_id", "id");

-- CreateIndex
CREATE INDEX "billed_service_company_id_invoice_line_id_idx" ON "finance"."billed_service"("company_id", "invoice_line_id");

-- CreateIndex
CREATE UNIQUE INDEX "billed_service_company_id_id_key" ON "finance"."billed_service"("company_id", "id");

-- CreateIndex
CREATE INDEX "dunning_runs_company_id_subscription_id_idx" ON "finance"."dunning_runs"("company_id", "subscription_id");

-- CreateIndex
CREATE UNIQUE INDEX "dunning_runs_company_id_id_key" ON "finance"."dunning_runs"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dunning_runs_company_id_invoice_id_key" ON "finance"."dunning_runs"("company_id", "invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "dunning_attempts_company_id_id_key" ON "finance"."dunning_attempts"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dunning_attempts_company_id_dunning_run_id_attempt_key" ON "finance"."dunning_attempts"("company_id", "dunning_run_id", "attempt");

-- CreateIndex
CREATE INDEX "subscriptions_company_id_customer_id_id_idx" ON "ordering"."subscriptions"("company_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "subscriptions_company_id_status_id_idx" ON "ordering"."subscriptions"("company_id", "status", "id");

-- CreateIndex
CREATE INDEX "subscriptions_company_id_test_clock_id_next_deadline_at_idx" ON "ordering"."subscriptions"("company_id", "test_clock_id", "next_deadline_at");

-- CreateIndex
CREATE UNIQUE INDEX "subscriptions_company_id_id_key" ON "ordering"."subscriptions"("company_id", "id");

-- CreateIndex
CREATE INDEX "subscription_history_company_id_subscription_id_id_idx" ON "ordering"."subscription_history"("company_id", "subscription_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_history_company_id_id_key" ON "ordering"."subscription_history"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "test_clocks_company_id_id_key" ON "ordering"."test_clocks"("company_id", "id");

-- CreateIndex
CREATE INDEX "payments_company_id_subscription_id_idx" ON "finance"."payments"("company_id", "subscription_id");

-- AddForeignKey
ALTER TABLE "customer"."customers" ADD CONSTRAINT "customers_company_id_test_clock_id_fkey" FOREIGN KEY ("company_id", "test_clock_id") REFERENCES "ordering"."test_clocks"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."invoices" ADD CONSTRAINT "invoices_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."invoice_lines" ADD CONSTRAINT "invoice_lines_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."payments" ADD CONSTRAINT "payments_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."payments" ADD CONSTRAINT "payments_company_id_payment_method_id_fkey" FOREIGN KEY ("company_id", "payment_method_id") REFERENCES "finance"."payment_methods"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_notes" ADD CONSTRAINT "credit_notes_company_id_billing_account_id_fkey" FOREIGN KEY ("company_id", "billing_account_id") REFERENCES "finance"."billing_accounts"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_notes" ADD CONSTRAINT "credit_notes_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_notes" ADD CONSTRAINT "credit_notes_company_id_invoice_id_fkey" FOREIGN KEY ("company_id", "invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_note_lines" ADD CONSTRAINT "credit_note_lines_company_id_credit_note_id_fkey" FOREIGN KEY ("company_id", "credit_note_id") REFERENCES "finance"."credit_notes"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_note_lines" ADD CONSTRAINT "credit_note_lines_company_id_invoice_line_id_fkey" FOREIGN KEY ("company_id", "invoice_line_id") REFERENCES "finance"."invoice_lines"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."balance_entries" ADD CONSTRAINT "balance_entries_company_id_billing_account_id_fkey" FOREIGN KEY ("company_id", "billing_account_id") REFERENCES "finance"."billing_accounts"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."balance_entries" ADD CONSTRAINT "balance_entries_company_id_invoice_id_fkey" FOREIGN KEY ("company_id", "invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."balance_entries" ADD CONSTRAINT "balance_entries_company_id_credit_note_id_fkey" FOREIGN KEY ("company_id", "credit_note_id") REFERENCES "finance"."credit_notes"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."balance_entries" ADD CONSTRAINT "balance_entries_company_id_payment_id_fkey" FOREIGN KEY ("company_id", "payment_id") REFERENCES "finance"."payments"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."billed_service" ADD CONSTRAINT "billed_service_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."billed_service" ADD CONSTRAINT "billed_service_company_id_invoice_line_id_fkey" FOREIGN KEY ("company_id", "invoice_line_id") REFERENCES "finance"."invoice_lines"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."dunning_runs" ADD CONSTRAINT "dunning_runs_company_id_invoice_id_fkey" FOREIGN KEY ("company_id", "invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."dunning_runs" ADD CONSTRAINT "dunning_runs_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."dunning_attempts" ADD CONSTRAINT "dunning_attempts_company_id_dunning_run_id_fkey" FOREIGN KEY ("company_id", "dunning_run_id") REFERENCES "finance"."dunning_runs"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."dunning_attempts" ADD CONSTRAINT "dunning_attempts_company_id_payment_id_fkey" FOREIGN KEY ("company_id", "payment_id") REFERENCES "finance"."payments"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_billing_account_id_fkey" FOREIGN KEY ("company_id", "billing_account_id") REFERENCES "finance"."billing_accounts"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_payment_method_id_fkey" FOREIGN KEY ("company_id", "payment_method_id") REFERENCES "finance"."payment_methods"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_test_clock_id_fkey" FOREIGN KEY ("company_id", "test_clock_id") REFERENCES "ordering"."test_clocks"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_first_invoice_id_fkey" FOREIGN KEY ("company_id", "first_invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscriptions" ADD CONSTRAINT "subscriptions_company_id_renewal_invoice_id_fkey" FOREIGN KEY ("company_id", "renewal_invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscription_history" ADD CONSTRAINT "subscription_history_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscription_history" ADD CONSTRAINT "subscription_history_company_id_previous_plan_id_fkey" FOREIGN KEY ("company_id", "previous_plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."subscription_history" ADD CONSTRAINT "subscription_history_company_id_new_plan_id_fkey" FOREIGN KEY ("company_id", "new_plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "sandbox"."card_outages" (
    "id" BIGSERIAL NOT NULL,
    "subject" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "card_outages_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "card_outages_subject_idx" ON "sandbox"."card_outages"("subject");
GRANT SELECT ON "sandbox"."card_outages" TO bmms_app;

-- What must hold whatever the code does.
CREATE EXTENSION IF NOT EXISTS btree_gist;

DO $$
DECLARE
  tenant_table regclass;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['ordering.subscriptions', 'ordering.subscription_history', 'ordering.test_clocks', 'platform.entity_commands',
    'finance.credit_notes', 'finance.credit_note_lines', 'finance.balance_entries', 'finance.billed_service', 'finance.dunning_runs',
    'finance.dunning_attempts']::regclass[]
  LOOP
    CALL system.isolate_tenant_table(tenant_table, 'company_id');
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO bmms_app', tenant_table);
    EXECUTE format('GRANT SELECT ON %s TO bmms_system', tenant_table);
  END LOOP;
END $$;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ordering, finance TO bmms_app;
-- Documents and ledgers are written once.
REVOKE UPDATE ON ordering.subscription_history, finance.credit_notes, finance.credit_note_lines, finance.balance_entries, platform.entity_commands FROM bmms_app;
ALTER TABLE ordering.test_clocks ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);

ALTER TABLE product.plans DROP CONSTRAINT plans_billing_cycle_check;
ALTER TABLE product.plans ADD CONSTRAINT plans_billing_cycle_check CHECK (billing_cycle IN ('daily', 'weekly', 'biweekly', 'thirty_days',
  'thirty_one_days', 'sixty_days', 'ninety_days', 'monthly', 'bimonthly', 'quarterly', 'triannual', 'semiannual', 'yearly',
  'eighteen_months', 'biennial', 'triennial'));

ALTER TABLE ordering.subscriptions
  ADD CHECK (status IN ('trial', 'active', 'past_due', 'paused', 'cancelled', 'expired')),
  ADD CHECK (amount >= 0 AND quantity >= 1), ADD CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CHECK (collection IN ('charge_automatically', 'send_invoice')), ADD CHECK (billing_timing IN ('in_advance', 'in_arrears')),
  ADD CHECK (renewal_lead_days BETWEEN 0 AND 27),
  ADD CONSTRAINT subscription_period_has_length CHECK (current_period_end > current_period_start),
  ADD CONSTRAINT subscription_deadline_named CHECK ((next_deadline_at IS NULL) = (next_deadline IS NULL)),
  ADD CONSTRAINT subscription_trial_has_end CHECK (status <> 'trial' OR trial_end IS NOT NULL);
ALTER TABLE ordering.subscription_history
  ADD CHECK (action IN ('created', 'renewed', 'cancelled', 'status_changed', 'plan_changed', 'rejected'));
ALTER TABLE ordering.test_clocks ADD CHECK (status IN ('ready', 'advancing')), ADD CHECK ((status = 'advancing') = (target IS NOT NULL));

ALTER TABLE finance.invoices
  ADD CHECK (purpose IN ('sale', 'first', 'renewal', 'change', 'resume', 'final')),
  ADD CHECK (balance_applied >= 0 AND credited_amount >= 0),
  ADD CONSTRAINT invoice_due_is_what_is_left CHECK (
    status = 'void' OR due_amount = greatest(0, total_amount - balance_applied - credited_amount - paid_amount));
ALTER TABLE finance.billing_accounts ADD CONSTRAINT account_balance_never_negative CHECK (balance >= 0);
ALTER TABLE finance.credit_notes
  ADD CHECK (reason IN ('plan_change', 'pause', 'cancellation', 'reissue', 'void', 'adjustment')),
  ADD CONSTRAINT credit_note_takes_back CHECK (subtotal <= 0 AND tax <= 0 AND discount <= 0 AND total_amount = subtotal + tax - discount AND total_amount <= 0),
  ADD CHECK (reduced_due >= 0 AND to_balance >= 0 AND reduced_due + to_balance <= -total_amount);
ALTER TABLE finance.credit_note_lines ADD CHECK (subtotal <= 0 AND tax <= 0 AND discount <= 0);
ALTER TABLE finance.balance_entries
  ADD CHECK (kind IN ('credit_note', 'applied', 'late_payment', 'adjustment', 'returned')), ADD CHECK (amount <> 0),
  ADD CONSTRAINT balance_never_negative CHECK (balance_after >= 0);
ALTER TABLE finance.dunning_runs ADD CHECK (status IN ('active', 'recovered', 'exhausted', 'stopped')), ADD CHECK (attempts >= 1);
ALTER TABLE finance.dunning_attempts ADD CHECK (kind IN ('charge', 'reminder', 'skipped')), ADD CHECK (outcome IN ('failed', 'success'));

-- D22: what is billed once is not billed again, whatever the code does.
ALTER TABLE finance.billed_service
  ADD CONSTRAINT billed_service_has_length CHECK (NOT isempty(service) OR released_at IS NOT NULL),
  ADD CONSTRAINT billed_once EXCLUDE USING gist (company_id WITH =, subscription_id WITH =, item WITH =, service WITH &&)
    WHERE (released_at IS NULL);

-- D8: what is still to be paid may also shrink by a credit note, and an invoice is told to be overdue once.
CREATE OR REPLACE FUNCTION finance.refuse_change_of_final_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable text[] := ARRAY['status', 'paid_amount', 'due_amount', 'credited_amount', 'paid_at', 'voided_at', 'overdue_at', 'updated_at'];
BEGIN
  IF OLD.finalised_at IS NOT NULL AND (to_jsonb(NEW) - changeable) IS DISTINCT FROM (to_jsonb(OLD) - changeable) THEN
    RAISE EXCEPTION 'invoice % is final: only its status, paid and due amounts may change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Relay of the payment inbox: now with the subscription that owns the payment.
DROP FUNCTION system.unsignalled_provider_events(timestamptz, integer);
CREATE FUNCTION system.unsignalled_provider_events(p_received_before timestamptz, p_limit integer)
RETURNS TABLE (id bigint, company_id bigint, payment_id bigint, order_id bigint, subscription_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT e.id, e.company_id, p.id, p.order_id, p.subscription_id
    FROM finance.provider_events e JOIN finance.payments p ON p.reference = e.reference
   WHERE e.signalled_at IS NULL AND e.received_at < p_received_before ORDER BY e.received_at LIMIT p_limit
$$;

-- Subscriptions whose workflow must be running, and clocks whose advance must go on: for `bmms doctor --repair`.
CREATE FUNCTION system.unfinished_subscriptions(p_after bigint, p_limit integer)
RETURNS TABLE (company_id bigint, id bigint, customer_id bigint, plan_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.company_id, s.id, s.customer_id, s.plan_name FROM ordering.subscriptions s
   WHERE s.id > p_after AND (s.status NOT IN ('cancelled', 'expired') OR s.next_deadline_at IS NOT NULL) ORDER BY s.id LIMIT p_limit
$$;
CREATE FUNCTION system.advancing_clocks(p_after bigint, p_limit integer) RETURNS TABLE (company_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.company_id, c.id FROM ordering.test_clocks c WHERE c.id > p_after AND c.status = 'advancing' ORDER BY c.id LIMIT p_limit
$$;

GRANT CREATE ON SCHEMA system TO bmms_system;
DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'system'::regnamespace AND p.prosecdef
             AND p.proname IN ('unsignalled_provider_events', 'unfinished_subscriptions', 'advancing_clocks') LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO bmms_system', f);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO bmms_app', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
