-- Setup fees of add-ons: billed once, when one begins to be paid, whatever its quantity.
ALTER TABLE "product"."addons" ADD COLUMN     "setup_fee" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "product"."addon_prices" ADD COLUMN     "setup_fee" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "product"."price_versions" ADD COLUMN     "setup_fee" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "ordering"."user_addons" ADD COLUMN     "setup_fee" BIGINT NOT NULL DEFAULT 0;

-- What must hold whatever the code does.
ALTER TABLE product.addons ADD CONSTRAINT addon_setup_fee CHECK (
  setup_fee = 0 OR setup_fee > 0 AND billing_period <> 'one_time');
ALTER TABLE product.addon_prices ADD CHECK (setup_fee >= 0);
ALTER TABLE product.price_versions ADD CHECK (setup_fee >= 0 AND (setup_fee = 0 OR addon_id IS NOT NULL));
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addon_setup_fee CHECK (
  setup_fee = 0 OR setup_fee > 0 AND billing_period <> 'one_time');
