-- CreateTable
CREATE TABLE "product"."plan_prices" (
    "company_id" BIGINT NOT NULL,
    "plan_id" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "price" BIGINT NOT NULL,
    "tax_behavior" TEXT,
    "phases" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "plan_prices_pkey" PRIMARY KEY ("company_id","plan_id","currency")
);

-- CreateTable
CREATE TABLE "product"."addon_prices" (
    "company_id" BIGINT NOT NULL,
    "addon_id" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "price" BIGINT NOT NULL,
    "tax_behavior" TEXT,

    CONSTRAINT "addon_prices_pkey" PRIMARY KEY ("company_id","addon_id","currency")
);

-- AlterTable
ALTER TABLE "product"."price_versions" ADD COLUMN     "ended_at" TIMESTAMPTZ(3);

-- AddForeignKey
ALTER TABLE "product"."plan_prices" ADD CONSTRAINT "plan_prices_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."addon_prices" ADD CONSTRAINT "addon_prices_company_id_addon_id_fkey" FOREIGN KEY ("company_id", "addon_id") REFERENCES "product"."addons"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE product.plan_prices
  ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CHECK (tax_behavior IN ('inclusive', 'exclusive')), ADD CHECK (jsonb_typeof(phases) = 'array');
ALTER TABLE product.addon_prices
  ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE product.price_versions ADD CHECK (ended_at >= valid_from);

CALL system.isolate_tenant_table('product.plan_prices'::regclass, 'company_id');
CALL system.isolate_tenant_table('product.addon_prices'::regclass, 'company_id');
GRANT SELECT, INSERT, DELETE ON product.plan_prices, product.addon_prices TO bmms_app;
GRANT UPDATE (ended_at) ON product.price_versions TO bmms_app;

-- There was one price at a time: one in another currency ended the one before.
UPDATE product.price_versions v SET ended_at = n.valid_from
  FROM product.price_versions n
 WHERE n.company_id = v.company_id AND n.version = v.version + 1 AND n.currency <> v.currency
   AND (n.plan_id = v.plan_id OR n.addon_id = v.addon_id);
