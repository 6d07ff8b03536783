-- AlterTable
ALTER TABLE "ordering"."order_items" ADD COLUMN     "bundle_items" JSONB;

-- AlterTable
ALTER TABLE "product"."products" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'simple';

-- CreateTable
CREATE TABLE "product"."bundle_items" (
    "company_id" BIGINT NOT NULL,
    "bundle_id" BIGINT NOT NULL,
    "product_id" BIGINT NOT NULL,
    "bundle_kind" TEXT NOT NULL,
    "part_kind" TEXT NOT NULL,
    "position" SMALLINT NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "bundle_items_pkey" PRIMARY KEY ("company_id","bundle_id","product_id")
);

-- CreateIndex
CREATE INDEX "bundle_items_company_id_product_id_idx" ON "product"."bundle_items"("company_id", "product_id");

-- CreateIndex
CREATE UNIQUE INDEX "products_company_id_id_kind_key" ON "product"."products"("company_id", "id", "kind");

-- AddForeignKey
ALTER TABLE "product"."bundle_items" ADD CONSTRAINT "bundle_items_company_id_bundle_id_bundle_kind_fkey" FOREIGN KEY ("company_id", "bundle_id", "bundle_kind") REFERENCES "product"."products"("company_id", "id", "kind") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."bundle_items" ADD CONSTRAINT "bundle_items_company_id_product_id_part_kind_fkey" FOREIGN KEY ("company_id", "product_id", "part_kind") REFERENCES "product"."products"("company_id", "id", "kind") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does: with the kinds in the keys, a part is never a bundle.
ALTER TABLE product.products ADD CHECK (kind IN ('simple', 'bundle'));
ALTER TABLE product.bundle_items ADD CHECK (quantity BETWEEN 1 AND 10000), ADD CHECK (bundle_kind = 'bundle'), ADD CHECK (part_kind = 'simple');

CALL system.isolate_tenant_table('product.bundle_items'::regclass, 'company_id');
GRANT SELECT, INSERT, DELETE ON product.bundle_items TO bmms_app;
