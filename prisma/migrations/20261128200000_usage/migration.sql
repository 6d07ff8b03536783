-- Usage: meters, what they cost, and the events that they count. Events are written once, in batches, and found by customer
-- and time; their ids are the senders' own, and what makes a repeat one. Ids sort by their bytes, on every host alike.
CREATE SCHEMA IF NOT EXISTS "usage";
GRANT USAGE ON SCHEMA usage TO bmms_app, bmms_system;

-- CreateTable
CREATE TABLE "usage"."meters" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "event_name" TEXT NOT NULL,
    "aggregation" TEXT NOT NULL,
    "property" TEXT,
    "filters" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'active',
    "search_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "meters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage"."meter_prices" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "meter_id" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "price" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "meter_prices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage"."events" (
    "company_id" BIGINT NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,
    "event_name" TEXT COLLATE "C" NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "properties" JSONB NOT NULL DEFAULT '{}',
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("company_id","event_id")
);

-- CreateIndex
CREATE INDEX "meters_company_id_event_name_idx" ON "usage"."meters"("company_id", "event_name");
CREATE UNIQUE INDEX "meters_company_id_id_key" ON "usage"."meters"("company_id", "id");
CREATE UNIQUE INDEX "meters_company_id_code_key" ON "usage"."meters"("company_id", "code");
CREATE INDEX "meter_prices_company_id_meter_id_idx" ON "usage"."meter_prices"("company_id", "meter_id");
CREATE UNIQUE INDEX "meter_prices_company_id_id_key" ON "usage"."meter_prices"("company_id", "id");
CREATE INDEX "events_company_id_customer_id_event_name_occurred_at_idx" ON "usage"."events"("company_id", "customer_id", "event_name", "occurred_at");

-- AddForeignKey
ALTER TABLE "usage"."meters" ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE "usage"."meter_prices" ADD CONSTRAINT "meter_prices_company_id_meter_id_fkey" FOREIGN KEY ("company_id", "meter_id") REFERENCES "usage"."meters"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "usage"."events" ADD CONSTRAINT "events_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does: a meter reads a property unless it counts, and has one price in a currency.
ALTER TABLE usage.meters ADD CONSTRAINT meters_aggregation_check CHECK (aggregation IN ('count', 'sum', 'max', 'unique_count', 'last'));
ALTER TABLE usage.meters ADD CONSTRAINT meters_property_check CHECK ((aggregation = 'count') = (property IS NULL));
ALTER TABLE usage.meters ADD CONSTRAINT meters_status_check CHECK (status IN ('active', 'archived'));
ALTER TABLE usage.meter_prices ADD CONSTRAINT meter_prices_status_check CHECK (status IN ('active', 'archived'));
CREATE UNIQUE INDEX meter_prices_one_active ON usage.meter_prices (company_id, meter_id, currency) WHERE status = 'active';

CALL system.isolate_tenant_table('usage.meters', 'company_id');
CALL system.isolate_tenant_table('usage.meter_prices', 'company_id');
CALL system.isolate_tenant_table('usage.events', 'company_id');
GRANT SELECT, INSERT, UPDATE ON usage.meters TO bmms_app;
GRANT SELECT, INSERT ON usage.meter_prices, usage.events TO bmms_app;
GRANT UPDATE (status) ON usage.meter_prices TO bmms_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA usage TO bmms_app;
