-- Credit that a person gives to an account, and that may expire. The ledger stays the book: a grant's draws say which of its
-- entries took from the grant, or gave back to it.
CREATE TABLE "finance"."credit_grants" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "billing_account_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finance"."credit_grant_draws" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "credit_grant_id" BIGINT NOT NULL,
    "balance_entry_id" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "credit_grant_draws_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "finance"."balance_entries" ADD COLUMN     "credit_grant_id" BIGINT,
ADD COLUMN     "reference" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "credit_grants_company_id_id_key" ON "finance"."credit_grants"("company_id", "id");

-- CreateIndex
CREATE INDEX "credit_grants_company_id_customer_id_id_idx" ON "finance"."credit_grants"("company_id", "customer_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_grant_draws_company_id_id_key" ON "finance"."credit_grant_draws"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_grant_draws_company_id_balance_entry_id_credit_grant_key" ON "finance"."credit_grant_draws"("company_id", "balance_entry_id", "credit_grant_id");

-- CreateIndex
CREATE INDEX "credit_grant_draws_company_id_credit_grant_id_idx" ON "finance"."credit_grant_draws"("company_id", "credit_grant_id");

-- AddForeignKey
ALTER TABLE "finance"."credit_grants" ADD CONSTRAINT "credit_grants_company_id_billing_account_id_fkey" FOREIGN KEY ("company_id", "billing_account_id") REFERENCES "finance"."billing_accounts"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_grants" ADD CONSTRAINT "credit_grants_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_grant_draws" ADD CONSTRAINT "credit_grant_draws_company_id_credit_grant_id_fkey" FOREIGN KEY ("company_id", "credit_grant_id") REFERENCES "finance"."credit_grants"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."credit_grant_draws" ADD CONSTRAINT "credit_grant_draws_company_id_balance_entry_id_fkey" FOREIGN KEY ("company_id", "balance_entry_id") REFERENCES "finance"."balance_entries"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "finance"."balance_entries" ADD CONSTRAINT "balance_entries_company_id_credit_grant_id_fkey" FOREIGN KEY ("company_id", "credit_grant_id") REFERENCES "finance"."credit_grants"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE finance.credit_grants
  ADD CHECK (amount > 0), ADD CONSTRAINT grant_remaining_within_amount CHECK (remaining BETWEEN 0 AND amount),
  ADD CHECK (currency ~ '^[A-Z]{3}$'), ADD CONSTRAINT grant_expires_after_it_was_given CHECK (expires_at > created_at);
ALTER TABLE finance.credit_grant_draws ADD CHECK (amount <> 0);
ALTER TABLE finance.balance_entries DROP CONSTRAINT balance_entries_kind_check, ADD CONSTRAINT balance_entries_kind_check
  CHECK (kind IN ('credit_note', 'applied', 'late_payment', 'adjustment', 'returned', 'refunded', 'refund_failed', 'granted', 'expired', 'paid_out')),
  ADD CONSTRAINT payout_has_reference CHECK (kind <> 'paid_out' OR reference IS NOT NULL);

-- Grants that something is left of: what is used first, and what expires.
CREATE INDEX credit_grant_left_of_account ON finance.credit_grants (company_id, billing_account_id) WHERE remaining > 0;
CREATE INDEX credit_grant_left_by_expiry ON finance.credit_grants (expires_at) WHERE remaining > 0;

DO $$
DECLARE
  tenant_table regclass;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['finance.credit_grants', 'finance.credit_grant_draws']::regclass[]
  LOOP
    CALL system.isolate_tenant_table(tenant_table, 'company_id');
    EXECUTE format('GRANT SELECT, INSERT ON %s TO bmms_app', tenant_table);
  END LOOP;
END $$;
GRANT UPDATE (remaining, updated_at) ON finance.credit_grants TO bmms_app;
GRANT SELECT ON finance.credit_grants TO bmms_system;
GRANT USAGE, SELECT ON SEQUENCE finance.credit_grants_id_seq, finance.credit_grant_draws_id_seq TO bmms_app;

-- Accounts whose credit has expired by an instant, over all companies. That of a test clock expires as the clock is turned.
CREATE FUNCTION system.expired_credits(p_until timestamptz, p_limit integer) RETURNS TABLE (company_id bigint, billing_account_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT g.company_id, g.billing_account_id
    FROM finance.credit_grants g JOIN customer.customers c ON c.company_id = g.company_id AND c.id = g.customer_id
   WHERE g.remaining > 0 AND g.expires_at <= p_until AND c.test_clock_id IS NULL
   GROUP BY 1, 2 ORDER BY min(g.expires_at) LIMIT p_limit
$$;

GRANT CREATE ON SCHEMA system TO bmms_system;
ALTER FUNCTION system.expired_credits(timestamptz, integer) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.expired_credits(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.expired_credits(timestamptz, integer) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
