-- AlterTable
ALTER TABLE "ordering"."price_move_subscriptions" ADD COLUMN     "ask_again_at" TIMESTAMPTZ(3),
ADD COLUMN     "tries" INTEGER NOT NULL DEFAULT 0;
