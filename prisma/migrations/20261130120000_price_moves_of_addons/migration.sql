-- AlterTable
ALTER TABLE "ordering"."price_moves" ADD COLUMN     "addon_id" BIGINT,
ALTER COLUMN "plan_id" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "price_moves_company_id_addon_id_id_idx" ON "ordering"."price_moves"("company_id", "addon_id", "id");

-- CreateIndex
CREATE INDEX "user_addons_company_id_addon_id_status_idx" ON "ordering"."user_addons"("company_id", "addon_id", "status");

-- AddForeignKey
ALTER TABLE "ordering"."price_moves" ADD CONSTRAINT "price_moves_company_id_addon_id_fkey" FOREIGN KEY ("company_id", "addon_id") REFERENCES "product"."addons"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE ordering.price_moves
  ADD CONSTRAINT price_move_of_plan_or_addon CHECK (num_nonnulls(plan_id, addon_id) = 1);
-- Two at a time would overtake each other.
CREATE UNIQUE INDEX price_move_one_of_an_addon ON ordering.price_moves (company_id, addon_id) WHERE status IN ('running', 'paused');
