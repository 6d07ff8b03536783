-- CreateTable
CREATE TABLE "product"."price_versions" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "plan_id" BIGINT,
    "addon_id" BIGINT,
    "version" INTEGER NOT NULL,
    "price" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "billing_cycle" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "user_id" BIGINT,

    CONSTRAINT "price_versions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "price_versions_company_id_id_key" ON "product"."price_versions"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "price_versions_company_id_plan_id_version_key" ON "product"."price_versions"("company_id", "plan_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "price_versions_company_id_addon_id_version_key" ON "product"."price_versions"("company_id", "addon_id", "version");

-- AddForeignKey
ALTER TABLE "product"."price_versions" ADD CONSTRAINT "price_versions_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product"."price_versions" ADD CONSTRAINT "price_versions_company_id_addon_id_fkey" FOREIGN KEY ("company_id", "addon_id") REFERENCES "product"."addons"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE product.price_versions
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD CONSTRAINT price_version_of_one CHECK (num_nonnulls(plan_id, addon_id) = 1),
  ADD CHECK (version >= 1), ADD CHECK (price >= 0), ADD CHECK (currency ~ '^[A-Z]{3}$');

CALL system.isolate_tenant_table('product.price_versions', 'company_id');
GRANT SELECT, INSERT ON product.price_versions TO bmms_app;
GRANT USAGE, SELECT ON SEQUENCE product.price_versions_id_seq TO bmms_app;

-- What is sold has the price of its latest edit; what it cost before nobody has kept.
INSERT INTO product.price_versions (company_id, plan_id, version, price, currency, billing_cycle, valid_from)
SELECT company_id, id, 1, price, currency, billing_cycle, created_at FROM product.plans;
INSERT INTO product.price_versions (company_id, addon_id, version, price, currency, billing_cycle, valid_from)
SELECT company_id, id, 1, price, currency, billing_period, created_at FROM product.addons;
