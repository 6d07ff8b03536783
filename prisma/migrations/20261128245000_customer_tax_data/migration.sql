-- AlterTable
ALTER TABLE "customer"."customers" ADD COLUMN     "billing_address" TEXT,
ADD COLUMN     "country" CHAR(2),
ADD COLUMN     "legal_name" TEXT,
ADD COLUMN     "tax_code" TEXT,
ADD COLUMN     "tax_exempt_reason" TEXT,
ADD COLUMN     "tax_status" TEXT NOT NULL DEFAULT 'taxable';

-- What must hold whatever the code does.
ALTER TABLE customer.customers
  ADD CHECK (tax_status IN ('taxable', 'exempt', 'reverse_charge')),
  ADD CHECK (tax_exempt_reason IS NULL OR tax_status = 'exempt'),
  ADD CHECK (tax_code ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
  ADD CHECK (country ~ '^[A-Z]{2}$');
