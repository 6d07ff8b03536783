-- Usage that is billed before its period is over: what is used and not billed comes to an amount that was agreed on.
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "usage_threshold" BIGINT;
ALTER TABLE ordering.subscriptions ADD CONSTRAINT subscription_usage_threshold CHECK (usage_threshold >= 0);
ALTER TABLE finance.invoices DROP CONSTRAINT invoices_purpose_check;
ALTER TABLE finance.invoices ADD CONSTRAINT invoices_purpose_check
  CHECK (purpose IN ('sale', 'first', 'addon', 'renewal', 'change', 'resume', 'usage', 'final'));

-- Subscriptions whose usage is to be compared with their threshold: noted in the transaction that records the usage, taken by
-- the look. One row for each batch and never an update, so that recording waits for nobody, and no look can take what
-- is not visible to it. Without a reference to the subscription, whose lock recording would wait for.
CREATE TABLE "usage"."threshold_looks" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "subscription_id" BIGINT NOT NULL,

    CONSTRAINT "threshold_looks_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "threshold_looks_company_id_id_key" ON "usage"."threshold_looks"("company_id", "id");
CREATE INDEX "threshold_looks_company_id_subscription_id_idx" ON "usage"."threshold_looks"("company_id", "subscription_id");

CALL system.isolate_tenant_table('usage.threshold_looks', 'company_id');
GRANT SELECT, INSERT, DELETE ON usage.threshold_looks TO bmms_app;
GRANT SELECT ON usage.threshold_looks TO bmms_system;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA usage TO bmms_app;

GRANT CREATE ON SCHEMA system TO bmms_system;
CREATE FUNCTION system.threshold_looks(p_limit integer) RETURNS TABLE (company_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT l.company_id, l.subscription_id FROM usage.threshold_looks l
   GROUP BY l.company_id, l.subscription_id ORDER BY min(l.id) LIMIT p_limit
$$;
ALTER FUNCTION system.threshold_looks(integer) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.threshold_looks(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.threshold_looks(integer) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
