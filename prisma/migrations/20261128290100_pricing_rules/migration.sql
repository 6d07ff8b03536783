-- AlterTable
ALTER TABLE "ordering"."order_items" ADD COLUMN     "list_price" BIGINT,
ADD COLUMN     "pricing_rule_id" BIGINT,
ADD COLUMN     "pricing_rule_name" TEXT;

-- CreateTable
CREATE TABLE "product"."pricing_rules" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "currency" CHAR(3),
    "product_ids" BIGINT[] NOT NULL,
    "categories" TEXT[] NOT NULL,
    "category_texts" TEXT[] NOT NULL,
    "segments" TEXT[] NOT NULL,
    "tiers" JSONB NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "priority" INTEGER NOT NULL DEFAULT 100,
    "status" TEXT NOT NULL DEFAULT 'active',
    "search_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pricing_rules_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "pricing_rules_company_id_status_idx" ON "product"."pricing_rules"("company_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "pricing_rules_company_id_id_key" ON "product"."pricing_rules"("company_id", "id");

-- AddForeignKey
ALTER TABLE "ordering"."order_items" ADD CONSTRAINT "order_items_company_id_pricing_rule_id_fkey" FOREIGN KEY ("company_id", "pricing_rule_id") REFERENCES "product"."pricing_rules"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE product.pricing_rules
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD CHECK (status IN ('active', 'archived')), ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CHECK (ends_at > starts_at),
  ADD CHECK (jsonb_typeof(tiers) = 'array'), ADD CHECK (priority >= 0);
ALTER TABLE ordering.order_items
  ADD CONSTRAINT order_item_price_by_rule CHECK ((pricing_rule_id IS NULL) = (pricing_rule_name IS NULL) AND (pricing_rule_id IS NULL) = (list_price IS NULL)),
  ADD CHECK (list_price > price);

CALL system.isolate_tenant_table('product.pricing_rules'::regclass, 'company_id');
GRANT SELECT, INSERT, UPDATE ON product.pricing_rules TO bmms_app;
GRANT USAGE, SELECT ON SEQUENCE product.pricing_rules_id_seq TO bmms_app;
