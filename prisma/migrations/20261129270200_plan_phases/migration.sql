-- AlterTable
ALTER TABLE "product"."plans" ADD COLUMN "phases" JSONB NOT NULL DEFAULT '[]';

-- What must hold whatever the code does.
ALTER TABLE product.plans ADD CONSTRAINT plan_phases_are_a_list CHECK (jsonb_typeof(phases) = 'array');
