-- AlterTable
ALTER TABLE "ordering"."orders" ADD COLUMN     "promotion_codes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "product"."promotions" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "kind" TEXT NOT NULL,
    "rate_ppm" INTEGER,
    "basis" TEXT,
    "most" BIGINT,
    "amount" BIGINT,
    "currency" CHAR(3),
    "min_subtotal" BIGINT NOT NULL DEFAULT 0,
    "product_ids" BIGINT[] NOT NULL,
    "categories" TEXT[] NOT NULL,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "max_uses" INTEGER,
    "max_uses_per_customer" INTEGER,
    "used" INTEGER NOT NULL DEFAULT 0,
    "priority" INTEGER NOT NULL DEFAULT 100,
    "is_combinable" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL DEFAULT 'active',
    "search_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "promotions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product"."promotion_codes" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "code" TEXT NOT NULL,
    "max_uses" INTEGER,
    "used" INTEGER NOT NULL DEFAULT 0,
    "batch" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "promotion_codes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product"."promotion_customers" (
    "company_id" BIGINT NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "used" INTEGER NOT NULL,

    CONSTRAINT "promotion_customers_pkey" PRIMARY KEY ("company_id","promotion_id","customer_id")
);

-- CreateTable
CREATE TABLE "product"."promotion_redemptions" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "promotion_id" BIGINT NOT NULL,
    "promotion_code_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "order_id" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "redeemed_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "promotion_redemptions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "promotions_company_id_id_key" ON "product"."promotions"("company_id", "id");

-- CreateIndex
CREATE INDEX "promotion_codes_company_id_promotion_id_id_idx" ON "product"."promotion_codes"("company_id", "promotion_id", "id");

-- CreateIndex
CREATE INDEX "promotion_codes_company_id_batch_idx" ON "product"."promotion_codes"("company_id", "batch");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_codes_company_id_id_key" ON "product"."promotion_codes"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_codes_company_id_code_key" ON "product"."promotion_codes"("company_id", "code");

-- CreateIndex
CREATE INDEX "promotion_redemptions_company_id_promotion_id_id_idx" ON "product"."promotion_redemptions"("company_id", "promotion_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_redemptions_company_id_id_key" ON "product"."promotion_redemptions"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "promotion_redemptions_company_id_order_id_promotion_id_key" ON "product"."promotion_redemptions"("company_id", "order_id", "promotion_id");

-- AddForeignKey
ALTER TABLE "product"."promotion_codes" ADD CONSTRAINT "promotion_codes_company_id_promotion_id_fkey" FOREIGN KEY ("company_id", "promotion_id") REFERENCES "product"."promotions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."promotion_customers" ADD CONSTRAINT "promotion_customers_company_id_promotion_id_fkey" FOREIGN KEY ("company_id", "promotion_id") REFERENCES "product"."promotions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."promotion_customers" ADD CONSTRAINT "promotion_customers_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."promotion_redemptions" ADD CONSTRAINT "promotion_redemptions_company_id_promotion_id_fkey" FOREIGN KEY ("company_id", "promotion_id") REFERENCES "product"."promotions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."promotion_redemptions" ADD CONSTRAINT "promotion_redemptions_company_id_promotion_code_id_fkey" FOREIGN KEY ("company_id", "promotion_code_id") REFERENCES "product"."promotion_codes"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."promotion_redemptions" ADD CONSTRAINT "promotion_redemptions_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."promotion_redemptions" ADD CONSTRAINT "promotion_redemptions_company_id_order_id_fkey" FOREIGN KEY ("company_id", "order_id") REFERENCES "ordering"."orders"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE product.promotions
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD CHECK (status IN ('active', 'archived')),
  ADD CONSTRAINT promotion_discount_whole CHECK (CASE kind
    WHEN 'percent' THEN rate_ppm BETWEEN 1 AND 1000000 AND basis IN ('on_total', 'by_line') AND amount IS NULL AND coalesce(most > 0, true)
    WHEN 'amount' THEN amount > 0 AND rate_ppm IS NULL AND basis IS NULL AND most IS NULL
    ELSE false END),
  ADD CONSTRAINT promotion_amounts_have_currency CHECK (currency IS NOT NULL OR (amount IS NULL AND most IS NULL AND min_subtotal = 0)),
  ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CHECK (min_subtotal >= 0), ADD CHECK (ends_at > starts_at),
  ADD CHECK (max_uses >= 1), ADD CHECK (max_uses_per_customer >= 1), ADD CHECK (used >= 0);
ALTER TABLE product.promotion_codes
  ADD CONSTRAINT promotion_code_in_capitals CHECK (code = upper(code)), ADD CHECK (max_uses >= 1), ADD CHECK (used >= 0);
ALTER TABLE product.promotion_customers ADD CHECK (used >= 0);
ALTER TABLE product.promotion_redemptions ADD CHECK (discount > 0), ADD CHECK (currency ~ '^[A-Z]{3}$');

DO $$
DECLARE
  tenant_table regclass;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['product.promotions', 'product.promotion_codes', 'product.promotion_customers',
    'product.promotion_redemptions']::regclass[]
  LOOP
    CALL system.isolate_tenant_table(tenant_table, 'company_id');
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO bmms_app', tenant_table);
  END LOOP;
END $$;
GRANT USAGE, SELECT ON SEQUENCE product.promotions_id_seq, product.promotion_codes_id_seq, product.promotion_redemptions_id_seq TO bmms_app;
