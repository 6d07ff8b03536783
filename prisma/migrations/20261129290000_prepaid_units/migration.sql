-- Top-ups: add-ons that are bought once, again and again, and hold units of a meter that usage draws on. What is left of them
-- is counted from the events, and stands nowhere.
ALTER TABLE "product"."addons" ADD COLUMN     "prepaid_meter_id" BIGINT,
ADD COLUMN     "prepaid_units" BIGINT,
ADD COLUMN     "prepaid_days" INTEGER;
ALTER TABLE "ordering"."user_addons" ADD COLUMN     "prepaid_meter_id" BIGINT,
ADD COLUMN     "prepaid_units" BIGINT,
ADD COLUMN     "prepaid_days" INTEGER;
CREATE INDEX "addons_company_id_prepaid_meter_id_idx" ON "product"."addons"("company_id", "prepaid_meter_id");
CREATE INDEX "user_addons_company_id_prepaid_meter_id_customer_id_idx" ON "ordering"."user_addons"("company_id", "prepaid_meter_id", "customer_id");
ALTER TABLE "product"."addons" ADD CONSTRAINT "addons_company_id_prepaid_meter_id_fkey" FOREIGN KEY ("company_id", "prepaid_meter_id") REFERENCES "usage"."meters"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ordering"."user_addons" ADD CONSTRAINT "user_addons_company_id_prepaid_meter_id_fkey" FOREIGN KEY ("company_id", "prepaid_meter_id") REFERENCES "usage"."meters"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE product.addons ADD CONSTRAINT addon_prepaid CHECK (
  (prepaid_meter_id IS NULL) = (prepaid_units IS NULL) AND (prepaid_units > 0) IS NOT FALSE
  AND (prepaid_days IS NULL OR prepaid_days > 0 AND prepaid_meter_id IS NOT NULL)
  AND (prepaid_meter_id IS NULL OR billing_period = 'one_time'));
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addon_prepaid CHECK (
  (prepaid_meter_id IS NULL) = (prepaid_units IS NULL) AND (prepaid_units > 0) IS NOT FALSE
  AND (prepaid_days IS NULL OR prepaid_days > 0 AND prepaid_meter_id IS NOT NULL)
  AND (prepaid_meter_id IS NULL OR billing_period = 'one_time'));

-- One of a kind at a time; of top-ups, as many as are bought.
DROP INDEX ordering.user_addon_once;
CREATE UNIQUE INDEX user_addon_once ON ordering.user_addons (company_id, subscription_id, addon_id)
 WHERE status IN ('pending', 'active') AND prepaid_meter_id IS NULL;
