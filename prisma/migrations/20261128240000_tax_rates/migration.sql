-- AlterTable
ALTER TABLE "finance"."credit_note_lines" ADD COLUMN     "taxes" JSONB;

-- AlterTable
ALTER TABLE "finance"."invoice_lines" ADD COLUMN     "taxes" JSONB;

-- AlterTable
ALTER TABLE "product"."addons" ADD COLUMN     "tax_category" TEXT NOT NULL DEFAULT 'standard';

-- AlterTable
ALTER TABLE "product"."plans" ADD COLUMN     "tax_category" TEXT NOT NULL DEFAULT 'standard';

-- AlterTable
ALTER TABLE "product"."products" ADD COLUMN     "tax_category" TEXT NOT NULL DEFAULT 'standard';

-- CreateTable
CREATE TABLE "product"."tax_rates" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rate_ppm" INTEGER NOT NULL,
    "tax_category" TEXT NOT NULL DEFAULT 'standard',
    "valid_from" DATE,
    "valid_until" DATE,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tax_rates_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tax_rates_company_id_id_key" ON "product"."tax_rates"("company_id", "id");

-- What must hold whatever the code does.
ALTER TABLE product.tax_rates
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD CHECK (status IN ('active', 'archived')),
  ADD CHECK (rate_ppm BETWEEN 0 AND 1000000),
  ADD CONSTRAINT tax_rate_days_in_order CHECK (valid_until >= valid_from),
  -- One rate of a tax for a category on a day.
  ADD CONSTRAINT tax_rate_once_a_day EXCLUDE USING gist (
    company_id WITH =, code WITH =, tax_category WITH =, daterange(valid_from, valid_until, '[]') WITH &&) WHERE (status = 'active');

-- The few entries that are not taxed as everything else is: read with every subscription.
CREATE INDEX plans_company_id_tax_category ON product.plans (company_id) INCLUDE (id, tax_category) WHERE tax_category <> 'standard';
CREATE INDEX addons_company_id_tax_category ON product.addons (company_id) INCLUDE (id, tax_category) WHERE tax_category <> 'standard';

CALL system.isolate_tenant_table('product.tax_rates', 'company_id');
GRANT SELECT, INSERT, UPDATE ON product.tax_rates TO bmms_app;
GRANT USAGE, SELECT ON SEQUENCE product.tax_rates_id_seq TO bmms_app;
