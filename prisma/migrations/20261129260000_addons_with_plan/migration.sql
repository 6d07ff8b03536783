-- Add-ons that are bought with their plan: they wait for its first payment, or are tried with it.
ALTER TABLE "ordering"."user_addons" ADD COLUMN "awaits_plan" BOOLEAN NOT NULL DEFAULT false;
