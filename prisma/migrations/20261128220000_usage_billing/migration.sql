-- Usage on invoices: prices of a meter within a plan or an add-on, what a subscription agreed on, and how much of each
-- metered stretch of its service is billed.
ALTER TABLE "usage"."meter_prices" ADD COLUMN "plan_id" BIGINT, ADD COLUMN "addon_id" BIGINT;
ALTER TABLE "usage"."meter_prices" ADD CONSTRAINT "meter_prices_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "usage"."meter_prices" ADD CONSTRAINT "meter_prices_company_id_addon_id_fkey" FOREIGN KEY ("company_id", "addon_id") REFERENCES "product"."addons"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE usage.meter_prices ADD CONSTRAINT meter_prices_one_owner CHECK (plan_id IS NULL OR addon_id IS NULL);
-- One in a currency at a time: in general, and for each plan and add-on.
DROP INDEX usage.meter_prices_one_active;
CREATE UNIQUE INDEX meter_prices_one_active ON usage.meter_prices (company_id, meter_id, currency, coalesce(plan_id, 0), coalesce(addon_id, 0)) WHERE status = 'active';
CREATE INDEX "meter_prices_company_id_plan_id_idx" ON "usage"."meter_prices"("company_id", "plan_id");
CREATE INDEX "meter_prices_company_id_addon_id_idx" ON "usage"."meter_prices"("company_id", "addon_id");

ALTER TABLE "ordering"."subscriptions" ADD COLUMN "meters" JSONB NOT NULL DEFAULT '[]', ADD COLUMN "metered_since" TIMESTAMPTZ(3), ADD COLUMN "is_metered" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "ordering"."user_addons" ADD COLUMN "meters" JSONB NOT NULL DEFAULT '[]', ADD COLUMN "metered_since" TIMESTAMPTZ(3);
ALTER TABLE ordering.subscriptions ADD CONSTRAINT subscription_meters CHECK (jsonb_typeof(meters) = 'array');
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addon_meters CHECK (jsonb_typeof(meters) = 'array');

-- What a line of usage was made from; null of every other line.
ALTER TABLE "finance"."invoice_lines" ADD COLUMN "usage" JSONB;

-- CreateTable
CREATE TABLE "usage"."metered_periods" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "subscription_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "item" TEXT NOT NULL,
    "meter_id" BIGINT NOT NULL,
    "meter_price_id" BIGINT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "is_closed" BOOLEAN NOT NULL,
    "billed_amount" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "metered_periods_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "metered_periods_company_id_id_key" ON "usage"."metered_periods"("company_id", "id");
CREATE UNIQUE INDEX "metered_periods_company_id_subscription_id_item_meter_id_st_key" ON "usage"."metered_periods"("company_id", "subscription_id", "item", "meter_id", "starts_at");
ALTER TABLE "usage"."metered_periods" ADD CONSTRAINT "metered_periods_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "usage"."metered_periods" ADD CONSTRAINT "metered_periods_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "usage"."metered_periods" ADD CONSTRAINT "metered_periods_company_id_meter_id_fkey" FOREIGN KEY ("company_id", "meter_id") REFERENCES "usage"."meters"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "usage"."metered_periods" ADD CONSTRAINT "metered_periods_company_id_meter_price_id_fkey" FOREIGN KEY ("company_id", "meter_price_id") REFERENCES "usage"."meter_prices"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE usage.metered_periods ADD CONSTRAINT metered_period_has_length CHECK (ends_at > starts_at);
ALTER TABLE usage.metered_periods ADD CONSTRAINT metered_period_amount CHECK (billed_amount >= 0);
-- What a customer used of a meter is billed once, whatever the code does.
ALTER TABLE usage.metered_periods ADD CONSTRAINT metered_once
  EXCLUDE USING gist (company_id WITH =, customer_id WITH =, meter_id WITH =, tstzrange(starts_at, ends_at) WITH &&);

-- Events that came long after they happened, which may belong to a period that is billed.
CREATE INDEX events_late ON usage.events (company_id, customer_id, recorded_at) WHERE recorded_at - occurred_at > interval '1 hour';

CALL system.isolate_tenant_table('usage.metered_periods', 'company_id');
GRANT SELECT, INSERT, UPDATE ON usage.metered_periods TO bmms_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA usage TO bmms_app;
