-- AlterTable
ALTER TABLE "finance"."invoice_lines" ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive';

-- AlterTable
ALTER TABLE "ordering"."order_items" ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive';

-- AlterTable
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive';

-- AlterTable
ALTER TABLE "ordering"."user_addons" ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive';

-- AlterTable
ALTER TABLE "product"."addons" ADD COLUMN     "tax_behavior" TEXT;

-- AlterTable
ALTER TABLE "product"."plans" ADD COLUMN     "tax_behavior" TEXT;

-- AlterTable
ALTER TABLE "product"."price_versions" ADD COLUMN     "tax_behavior" TEXT;

-- AlterTable
ALTER TABLE "product"."product_prices" ADD COLUMN     "tax_behavior" TEXT;

-- AlterTable
ALTER TABLE "product"."products" ADD COLUMN     "tax_behavior" TEXT;

-- AlterTable
ALTER TABLE "usage"."meter_prices" ADD COLUMN     "tax_behavior" TEXT NOT NULL DEFAULT 'exclusive';

-- What must hold whatever the code does.
ALTER TABLE finance.invoice_lines ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE ordering.order_items ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE ordering.subscriptions ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE ordering.user_addons ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE product.addons ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE product.plans ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE product.price_versions ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE product.product_prices ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE product.products ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
ALTER TABLE usage.meter_prices ADD CHECK (tax_behavior IN ('inclusive', 'exclusive'));
