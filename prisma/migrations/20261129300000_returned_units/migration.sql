-- What was unused of a top-up when it was removed with credit: those units are nobody's any more, whatever usage comes late.
ALTER TABLE "ordering"."user_addons" ADD COLUMN     "prepaid_returned" DECIMAL;
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addon_returned CHECK (
  prepaid_returned IS NULL OR prepaid_units IS NOT NULL AND prepaid_returned BETWEEN 0 AND prepaid_units * quantity);
