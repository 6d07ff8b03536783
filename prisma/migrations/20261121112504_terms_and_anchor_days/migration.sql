-- AlterTable
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "anchor_day" SMALLINT,
ADD COLUMN     "ends_at" TIMESTAMPTZ(3);

-- Rows that have begun keep the day they began on. The owner, too, is bound by the policies unless they are not forced.
ALTER TABLE ordering.subscriptions NO FORCE ROW LEVEL SECURITY;
UPDATE ordering.subscriptions SET anchor_day = extract(day FROM anchor_at AT TIME ZONE time_zone)::smallint WHERE anchor_at IS NOT NULL;
ALTER TABLE ordering.subscriptions FORCE ROW LEVEL SECURITY;

ALTER TABLE ordering.subscriptions
  ADD CONSTRAINT subscription_anchor_day CHECK (anchor_day BETWEEN 1 AND 31),
  ADD CONSTRAINT subscription_anchor_whole CHECK (anchor_at IS NULL OR anchor_day IS NOT NULL);

-- AlterTable
ALTER TABLE "sandbox"."card_charges" ADD COLUMN     "network_amount" BIGINT;
UPDATE sandbox.card_charges SET network_amount = amount;
ALTER TABLE "sandbox"."card_charges" ALTER COLUMN "network_amount" SET NOT NULL;

-- AlterTable
ALTER TABLE "sandbox"."card_refunds" ADD COLUMN     "network_amount" BIGINT;
UPDATE sandbox.card_refunds SET network_amount = amount;
ALTER TABLE "sandbox"."card_refunds" ALTER COLUMN "network_amount" SET NOT NULL;
