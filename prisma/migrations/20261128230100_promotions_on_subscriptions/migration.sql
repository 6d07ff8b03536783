-- AlterTable
ALTER TABLE "finance"."invoice_lines" ADD COLUMN     "promotion_discounts" JSONB;

-- AlterTable
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "discounts" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "product"."promotions" ADD COLUMN     "addon_keys" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "duration" TEXT NOT NULL DEFAULT 'once',
ADD COLUMN     "duration_periods" INTEGER,
ADD COLUMN     "is_trial_on_top" BOOLEAN,
ADD COLUMN     "plan_ids" BIGINT[] NOT NULL DEFAULT ARRAY[]::BIGINT[],
ADD COLUMN     "trial_days" INTEGER;

-- AlterTable
ALTER TABLE "product"."promotion_redemptions" ADD COLUMN     "subscription_id" BIGINT,
ALTER COLUMN "order_id" DROP NOT NULL,
ALTER COLUMN "discount" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "promotion_redemptions_company_id_subscription_id_idx" ON "product"."promotion_redemptions"("company_id", "subscription_id");

-- AddForeignKey
ALTER TABLE "product"."promotion_redemptions" ADD CONSTRAINT "promotion_redemptions_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE product.promotions
  DROP CONSTRAINT promotion_discount_whole,
  ADD CONSTRAINT promotion_discount_whole CHECK (CASE kind
    WHEN 'percent' THEN rate_ppm BETWEEN 1 AND 1000000 AND basis IN ('on_total', 'by_line') AND amount IS NULL AND coalesce(most > 0, true)
      AND trial_days IS NULL AND is_trial_on_top IS NULL
    WHEN 'amount' THEN amount > 0 AND rate_ppm IS NULL AND basis IS NULL AND most IS NULL AND trial_days IS NULL AND is_trial_on_top IS NULL
    WHEN 'trial' THEN trial_days >= 1 AND is_trial_on_top IS NOT NULL AND amount IS NULL AND rate_ppm IS NULL AND basis IS NULL AND most IS NULL
    ELSE false END),
  ADD CONSTRAINT promotion_duration_whole CHECK (CASE duration
    WHEN 'periods' THEN coalesce(duration_periods, 0) >= 1 AND kind <> 'trial'
    WHEN 'forever' THEN duration_periods IS NULL AND kind <> 'trial'
    WHEN 'once' THEN duration_periods IS NULL
    ELSE false END);
ALTER TABLE product.promotion_redemptions
  ADD CONSTRAINT promotion_redeemed_on_one CHECK ((order_id IS NULL) <> (subscription_id IS NULL) AND (order_id IS NULL OR discount IS NOT NULL));
