-- Terms of add-ons: so many of their own periods after which they end by themselves.
ALTER TABLE "product"."addons" ADD COLUMN     "term_periods" INTEGER;
ALTER TABLE "ordering"."user_addons" ADD COLUMN     "term_periods" INTEGER,
ADD COLUMN     "term_ends_at" TIMESTAMPTZ(3);

-- What must hold whatever the code does.
ALTER TABLE product.addons ADD CONSTRAINT addon_term CHECK (
  term_periods IS NULL OR term_periods > 0 AND billing_period <> 'one_time');
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addon_term CHECK (
  term_periods IS NULL AND term_ends_at IS NULL OR term_periods > 0 AND billing_period <> 'one_time');
