-- Categories of products are rows of their own (S114): products that name one were sorted by that name alone before.
CREATE TABLE "product"."categories" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "name_text" TEXT NOT NULL,
    "description" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "categories_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "product"."category_features" (
    "company_id" BIGINT NOT NULL,
    "category_id" BIGINT NOT NULL,
    "feature_id" BIGINT NOT NULL,

    CONSTRAINT "category_features_pkey" PRIMARY KEY ("company_id","category_id","feature_id")
);
ALTER TABLE "product"."products" ADD COLUMN     "category_id" BIGINT;
CREATE UNIQUE INDEX "categories_company_id_id_key" ON "product"."categories"("company_id", "id");
CREATE UNIQUE INDEX "categories_company_id_name_text_key" ON "product"."categories"("company_id", "name_text");
CREATE INDEX "category_features_company_id_feature_id_idx" ON "product"."category_features"("company_id", "feature_id");
CREATE INDEX "products_company_id_category_id_idx" ON "product"."products"("company_id", "category_id");
ALTER TABLE "product"."products" ADD CONSTRAINT "products_company_id_category_id_fkey" FOREIGN KEY ("company_id", "category_id") REFERENCES "product"."categories"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "product"."category_features" ADD CONSTRAINT "category_features_company_id_category_id_fkey" FOREIGN KEY ("company_id", "category_id") REFERENCES "product"."categories"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "product"."category_features" ADD CONSTRAINT "category_features_company_id_feature_id_fkey" FOREIGN KEY ("company_id", "feature_id") REFERENCES "product"."features"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE product.categories
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD CHECK (status IN ('active', 'archived')), ADD CHECK (name <> '');
ALTER TABLE product.category_features ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);

INSERT INTO product.categories (company_id, name, name_text, created_at, updated_at)
SELECT company_id, min(category), category_text, min(created_at), min(created_at) FROM product.products
 WHERE category IS NOT NULL AND category_text IS NOT NULL GROUP BY company_id, category_text;
UPDATE product.products p SET category_id = c.id, category = c.name FROM product.categories c
 WHERE c.company_id = p.company_id AND c.name_text = p.category_text AND p.category IS NOT NULL;
ALTER TABLE product.products ADD CONSTRAINT product_category CHECK (category_id IS NULL OR category IS NOT NULL);

CALL system.isolate_tenant_table('product.categories'::regclass, 'company_id');
CALL system.isolate_tenant_table('product.category_features'::regclass, 'company_id');
GRANT SELECT, INSERT, UPDATE ON product.categories TO bmms_app;
GRANT USAGE, SELECT ON SEQUENCE product.categories_id_seq TO bmms_app;
GRANT SELECT, INSERT, DELETE ON product.category_features TO bmms_app;
