-- CreateTable
CREATE TABLE "product"."product_prices" (
    "company_id" BIGINT NOT NULL,
    "product_id" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "price" BIGINT NOT NULL,

    CONSTRAINT "product_prices_pkey" PRIMARY KEY ("company_id","product_id","currency")
);

-- AddForeignKey
ALTER TABLE "product"."product_prices" ADD CONSTRAINT "product_prices_company_id_product_id_fkey" FOREIGN KEY ("company_id", "product_id") REFERENCES "product"."products"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE product.product_prices ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$');

CALL system.isolate_tenant_table('product.product_prices'::regclass, 'company_id');
GRANT SELECT, INSERT, DELETE ON product.product_prices TO bmms_app;
