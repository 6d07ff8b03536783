-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "customer";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "finance";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "ordering";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "platform";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "product";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "sandbox";

-- CreateTable
CREATE TABLE "customer"."users" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "email" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "name" TEXT,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer"."refresh_tokens" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "family" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer"."customers" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "user_id" BIGINT,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT,
    "segment" TEXT NOT NULL DEFAULT 'standard',
    "lifecycle_stage" TEXT NOT NULL DEFAULT 'new',
    "total_spent" BIGINT NOT NULL DEFAULT 0,
    "order_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."billing_accounts" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."invoices" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "billing_account_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "invoice_number" TEXT,
    "invoice_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "order_id" BIGINT,
    "order_number" TEXT,
    "subscription_id" BIGINT,
    "subtotal" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "total_amount" BIGINT NOT NULL,
    "due_amount" BIGINT NOT NULL,
    "paid_amount" BIGINT NOT NULL DEFAULT 0,
    "currency" CHAR(3) NOT NULL,
    "due_date" TIMESTAMPTZ(3),
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "notes" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "snapshot" JSONB,
    "finalised_at" TIMESTAMPTZ(3),
    "paid_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."invoice_lines" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "invoice_id" BIGINT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "product_id" BIGINT,
    "quantity" INTEGER NOT NULL,
    "unit_amount" BIGINT NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "tax_rate_ppm" INTEGER NOT NULL,
    "tax" BIGINT NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."invoice_counters" (
    "company_id" BIGINT NOT NULL,
    "series" TEXT NOT NULL,
    "last_number" BIGINT NOT NULL,

    CONSTRAINT "invoice_counters_pkey" PRIMARY KEY ("company_id","series")
);

-- CreateTable
CREATE TABLE "finance"."payments" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "invoice_id" BIGINT NOT NULL,
    "order_id" BIGINT,
    "customer_id" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "reference" TEXT NOT NULL,
    "payment_url" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "transaction_id" TEXT,
    "paid_amount" BIGINT NOT NULL DEFAULT 0,
    "refunded_amount" BIGINT NOT NULL DEFAULT 0,
    "paid_at" TIMESTAMPTZ(3),
    "failure_reason" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."refunds" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "payment_id" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "effect_key" TEXT NOT NULL,
    "transaction_id" TEXT,
    "failure_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "refunds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."provider_events" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "signalled_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."payment_methods" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "method" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_methods_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."orders" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "order_number" TEXT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "business_model" TEXT NOT NULL DEFAULT 'retail',
    "status" TEXT NOT NULL,
    "payment_status" TEXT NOT NULL,
    "payment_method" TEXT NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "total_amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "shipping_address" TEXT NOT NULL,
    "billing_address" TEXT,
    "payment_due_at" TIMESTAMPTZ(3),
    "carrier" TEXT,
    "tracking_number" TEXT,
    "cancel_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "shipped_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."order_items" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "line_no" INTEGER NOT NULL,
    "product_id" BIGINT NOT NULL,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "price" BIGINT NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,

    CONSTRAINT "order_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."inventory" (
    "company_id" BIGINT NOT NULL,
    "product_id" BIGINT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "reserved" INTEGER NOT NULL DEFAULT 0,
    "available" INTEGER GENERATED ALWAYS AS (quantity - reserved) STORED,
    "reorder_level" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inventory_pkey" PRIMARY KEY ("company_id","product_id")
);

-- CreateTable
CREATE TABLE "ordering"."inventory_reservations" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "product_id" BIGINT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inventory_reservations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."inventory_movements" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "product_id" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "quantity_delta" INTEGER NOT NULL,
    "reason" TEXT,
    "order_id" BIGINT,
    "user_id" BIGINT,
    "effect_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "inventory_movements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."companies" (
    "id" BIGSERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "business_model" TEXT NOT NULL DEFAULT 'multi',
    "accepts_orders" BOOLEAN NOT NULL DEFAULT true,
    "accepts_subscriptions" BOOLEAN NOT NULL DEFAULT true,
    "accepts_addons" BOOLEAN NOT NULL DEFAULT true,
    "is_sandbox" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "companies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."company_settings" (
    "company_id" BIGINT NOT NULL,
    "values" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "company_settings_pkey" PRIMARY KEY ("company_id")
);

-- CreateTable
CREATE TABLE "platform"."service_state" (
    "service" TEXT NOT NULL,
    "replicas" INTEGER NOT NULL DEFAULT 1,
    "env" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'running',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_state_pkey" PRIMARY KEY ("service")
);

-- CreateTable
CREATE TABLE "platform"."installation" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."idempotency_keys" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "principal" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "target_id" BIGINT,
    "state" TEXT NOT NULL DEFAULT 'in_progress',
    "locked_until" TIMESTAMPTZ(3) NOT NULL,
    "response_status" INTEGER,
    "response_body" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."event_subjects" (
    "company_id" BIGINT NOT NULL,
    "subject" TEXT NOT NULL,
    "last_seq" INTEGER NOT NULL,

    CONSTRAINT "event_subjects_pkey" PRIMARY KEY ("company_id","subject")
);

-- CreateTable
CREATE TABLE "platform"."events" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "position" BIGINT,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product"."products" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "category" TEXT,
    "price" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product"."plans" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "price" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "billing_cycle" TEXT NOT NULL,
    "trial_enabled" BOOLEAN NOT NULL DEFAULT false,
    "trial_days" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product"."features" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "description" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "features_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product"."plan_features" (
    "company_id" BIGINT NOT NULL,
    "plan_id" BIGINT NOT NULL,
    "feature_id" BIGINT NOT NULL,

    CONSTRAINT "plan_features_pkey" PRIMARY KEY ("company_id","plan_id","feature_id")
);

-- CreateTable
CREATE TABLE "product"."addons" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "addon_key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "price" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "billing_period" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "features" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "addons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sandbox"."card_charges" (
    "idempotency_key" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "transaction_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "refunded_amount" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "card_charges_pkey" PRIMARY KEY ("idempotency_key")
);

-- CreateTable
CREATE TABLE "sandbox"."card_refunds" (
    "idempotency_key" TEXT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "card_refunds_pkey" PRIMARY KEY ("idempotency_key")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_company_id_id_key" ON "customer"."users"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "users_company_id_email_key" ON "customer"."users"("company_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_token_hash_key" ON "customer"."refresh_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "refresh_tokens_company_id_user_id_idx" ON "customer"."refresh_tokens"("company_id", "user_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_company_id_family_idx" ON "customer"."refresh_tokens"("company_id", "family");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_company_id_id_key" ON "customer"."refresh_tokens"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "customers_company_id_id_key" ON "customer"."customers"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "customers_company_id_email_key" ON "customer"."customers"("company_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "customers_company_id_user_id_key" ON "customer"."customers"("company_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "billing_accounts_company_id_id_key" ON "finance"."billing_accounts"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "billing_accounts_company_id_customer_id_key" ON "finance"."billing_accounts"("company_id", "customer_id");

-- CreateIndex
CREATE INDEX "invoices_company_id_customer_id_id_idx" ON "finance"."invoices"("company_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "invoices_company_id_order_id_idx" ON "finance"."invoices"("company_id", "order_id");

-- CreateIndex
CREATE INDEX "invoices_company_id_subscription_id_id_idx" ON "finance"."invoices"("company_id", "subscription_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoices_company_id_id_key" ON "finance"."invoices"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoices_company_id_invoice_number_key" ON "finance"."invoices"("company_id", "invoice_number");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_lines_company_id_id_key" ON "finance"."invoice_lines"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_lines_company_id_invoice_id_line_no_key" ON "finance"."invoice_lines"("company_id", "invoice_id", "line_no");

-- CreateIndex
CREATE UNIQUE INDEX "payments_reference_key" ON "finance"."payments"("reference");

-- CreateIndex
CREATE INDEX "payments_company_id_invoice_id_idx" ON "finance"."payments"("company_id", "invoice_id");

-- CreateIndex
CREATE INDEX "payments_company_id_order_id_idx" ON "finance"."payments"("company_id", "order_id");

-- CreateIndex
CREATE INDEX "payments_company_id_customer_id_id_idx" ON "finance"."payments"("company_id", "customer_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "payments_company_id_id_key" ON "finance"."payments"("company_id", "id");

-- CreateIndex
CREATE INDEX "refunds_company_id_payment_id_idx" ON "finance"."refunds"("company_id", "payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "refunds_company_id_id_key" ON "finance"."refunds"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "refunds_company_id_effect_key_key" ON "finance"."refunds"("company_id", "effect_key");

-- CreateIndex
CREATE UNIQUE INDEX "provider_events_company_id_id_key" ON "finance"."provider_events"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_events_provider_reference_outcome_key" ON "finance"."provider_events"("provider", "reference", "outcome");

-- CreateIndex
CREATE INDEX "payment_methods_company_id_customer_id_idx" ON "finance"."payment_methods"("company_id", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_methods_company_id_id_key" ON "finance"."payment_methods"("company_id", "id");

-- CreateIndex
CREATE INDEX "orders_company_id_customer_id_id_idx" ON "ordering"."orders"("company_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "orders_company_id_status_id_idx" ON "ordering"."orders"("company_id", "status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_company_id_id_key" ON "ordering"."orders"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "orders_company_id_order_number_key" ON "ordering"."orders"("company_id", "order_number");

-- CreateIndex
CREATE UNIQUE INDEX "order_items_company_id_id_key" ON "ordering"."order_items"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "order_items_company_id_order_id_line_no_key" ON "ordering"."order_items"("company_id", "order_id", "line_no");

-- CreateIndex
CREATE INDEX "inventory_reservations_company_id_product_id_status_idx" ON "ordering"."inventory_reservations"("company_id", "product_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_reservations_company_id_id_key" ON "ordering"."inventory_reservations"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_reservations_company_id_order_id_product_id_key" ON "ordering"."inventory_reservations"("company_id", "order_id", "product_id");

-- CreateIndex
CREATE INDEX "inventory_movements_company_id_product_id_id_idx" ON "ordering"."inventory_movements"("company_id", "product_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_movements_company_id_id_key" ON "ordering"."inventory_movements"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_movements_company_id_effect_key_key" ON "ordering"."inventory_movements"("company_id", "effect_key");

-- CreateIndex
CREATE UNIQUE INDEX "companies_slug_key" ON "platform"."companies"("slug");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "platform"."idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "idempotency_keys_company_id_principal_route_key_key" ON "platform"."idempotency_keys"("company_id", "principal", "route", "key");

-- CreateIndex
CREATE UNIQUE INDEX "events_position_key" ON "platform"."events"("position");

-- CreateIndex
CREATE INDEX "events_company_id_type_id_idx" ON "platform"."events"("company_id", "type", "id");

-- CreateIndex
CREATE UNIQUE INDEX "events_company_id_subject_subject_seq_key" ON "platform"."events"("company_id", "subject", "subject_seq");

-- CreateIndex
CREATE INDEX "products_company_id_category_idx" ON "product"."products"("company_id", "category");

-- CreateIndex
CREATE UNIQUE INDEX "products_company_id_id_key" ON "product"."products"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "products_company_id_sku_key" ON "product"."products"("company_id", "sku");

-- CreateIndex
CREATE UNIQUE INDEX "plans_company_id_id_key" ON "product"."plans"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "plans_company_id_name_key" ON "product"."plans"("company_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "features_company_id_id_key" ON "product"."features"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "features_company_id_code_key" ON "product"."features"("company_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "addons_company_id_id_key" ON "product"."addons"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "addons_company_id_addon_key_key" ON "product"."addons"("company_id", "addon_key");

-- CreateIndex
CREATE UNIQUE INDEX "card_charges_transaction_id_key" ON "sandbox"."card_charges"("transaction_id");

-- CreateIndex
CREATE INDEX "card_refunds_transaction_id_idx" ON "sandbox"."card_refunds"("transaction_id");

-- AddForeignKey
ALTER TABLE "customer"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_company_id_user_id_fkey" FOREIGN KEY ("company_id", "user_id") REFERENCES "customer"."users"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer"."customers" ADD CONSTRAINT "customers_company_id_user_id_fkey" FOREIGN KEY ("company_id", "user_id") REFERENCES "customer"."users"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."billing_accounts" ADD CONSTRAINT "billing_accounts_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."invoices" ADD CONSTRAINT "invoices_company_id_billing_account_id_fkey" FOREIGN KEY ("company_id", "billing_account_id") REFERENCES "finance"."billing_accounts"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."invoices" ADD CONSTRAINT "invoices_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."invoices" ADD CONSTRAINT "invoices_company_id_order_id_fkey" FOREIGN KEY ("company_id", "order_id") REFERENCES "ordering"."orders"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."invoice_lines" ADD CONSTRAINT "invoice_lines_company_id_invoice_id_fkey" FOREIGN KEY ("company_id", "invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."payments" ADD CONSTRAINT "payments_company_id_invoice_id_fkey" FOREIGN KEY ("company_id", "invoice_id") REFERENCES "finance"."invoices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."payments" ADD CONSTRAINT "payments_company_id_order_id_fkey" FOREIGN KEY ("company_id", "order_id") REFERENCES "ordering"."orders"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."payments" ADD CONSTRAINT "payments_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."refunds" ADD CONSTRAINT "refunds_company_id_payment_id_fkey" FOREIGN KEY ("company_id", "payment_id") REFERENCES "finance"."payments"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."payment_methods" ADD CONSTRAINT "payment_methods_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."orders" ADD CONSTRAINT "orders_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."order_items" ADD CONSTRAINT "order_items_company_id_order_id_fkey" FOREIGN KEY ("company_id", "order_id") REFERENCES "ordering"."orders"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."order_items" ADD CONSTRAINT "order_items_company_id_product_id_fkey" FOREIGN KEY ("company_id", "product_id") REFERENCES "product"."products"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."inventory" ADD CONSTRAINT "inventory_company_id_product_id_fkey" FOREIGN KEY ("company_id", "product_id") REFERENCES "product"."products"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."inventory_reservations" ADD CONSTRAINT "inventory_reservations_company_id_order_id_fkey" FOREIGN KEY ("company_id", "order_id") REFERENCES "ordering"."orders"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."inventory_reservations" ADD CONSTRAINT "inventory_reservations_company_id_product_id_fkey" FOREIGN KEY ("company_id", "product_id") REFERENCES "ordering"."inventory"("company_id", "product_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."inventory_movements" ADD CONSTRAINT "inventory_movements_company_id_product_id_fkey" FOREIGN KEY ("company_id", "product_id") REFERENCES "ordering"."inventory"("company_id", "product_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."plan_features" ADD CONSTRAINT "plan_features_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."plan_features" ADD CONSTRAINT "plan_features_company_id_feature_id_fkey" FOREIGN KEY ("company_id", "feature_id") REFERENCES "product"."features"("company_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

