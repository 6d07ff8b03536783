-- AlterTable
ALTER TABLE "product"."price_versions" ADD COLUMN     "phases" JSONB;

-- What must hold whatever the code does.
ALTER TABLE product.price_versions ADD CHECK (jsonb_typeof(phases) = 'array');

-- Of a price that holds today they are known; what those of before began with is not.
UPDATE product.price_versions v SET phases = c.phases
  FROM (SELECT company_id, id AS plan_id, currency, phases FROM product.plans
        UNION ALL SELECT company_id, plan_id, currency, phases FROM product.plan_prices) c
 WHERE c.company_id = v.company_id AND c.plan_id = v.plan_id AND c.currency = v.currency AND v.ended_at IS NULL
   AND NOT EXISTS (SELECT FROM product.price_versions n WHERE n.company_id = v.company_id AND n.plan_id = v.plan_id
                      AND n.currency = v.currency AND n.version > v.version);
