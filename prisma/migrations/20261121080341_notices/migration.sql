-- CreateTable
CREATE TABLE "platform"."notices" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "subject" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "is_test" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "sent_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notices_company_id_customer_id_id_idx" ON "platform"."notices"("company_id", "customer_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "notices_company_id_id_key" ON "platform"."notices"("company_id", "id");

-- AddForeignKey
ALTER TABLE "platform"."notices" ADD CONSTRAINT "notices_company_id_customer_id_fkey" FOREIGN KEY ("company_id", "customer_id") REFERENCES "customer"."customers"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CALL system.isolate_tenant_table('platform.notices', 'company_id');
GRANT SELECT, INSERT, UPDATE ON platform.notices TO bmms_app;
GRANT USAGE, SELECT ON SEQUENCE platform.notices_id_seq TO bmms_app;
GRANT SELECT, UPDATE (attempts, next_attempt_at) ON platform.notices TO bmms_system;

ALTER TABLE platform.notices
  ADD CHECK (priority IN ('critical', 'important', 'normal')),
  ADD CHECK (status IN ('pending', 'sent', 'failed', 'skipped')),
  ADD CONSTRAINT notice_sent_at_a_time CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
  ADD CONSTRAINT notice_waits_while_pending CHECK (status = 'pending' OR next_attempt_at IS NULL);

-- What is due, by priority; empty while there is nothing to send, so that asking costs next to nothing.
CREATE INDEX notices_due ON platform.notices (priority, coalesce(next_attempt_at, '-infinity'::timestamptz), id) WHERE status = 'pending';

-- Takes notices of all companies up to be sent: nobody else gets them before `p_until`, and after it they are due again
-- unless a result was entered. The first of `p_priorities` go first.
CREATE FUNCTION system.claim_notices(p_now timestamptz, p_until timestamptz, p_priorities text[], p_limit integer)
RETURNS TABLE (company_id bigint, id bigint, attempts integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH due AS (
    SELECT d.id
      FROM unnest(p_priorities) WITH ORDINALITY AS p (priority, rank)
     CROSS JOIN LATERAL (
       SELECT n.id FROM platform.notices n
        WHERE n.status = 'pending' AND n.priority = p.priority AND coalesce(n.next_attempt_at, '-infinity'::timestamptz) <= p_now
        ORDER BY coalesce(n.next_attempt_at, '-infinity'::timestamptz), n.id LIMIT p_limit FOR UPDATE SKIP LOCKED) d
     ORDER BY p.rank LIMIT p_limit
  )
  UPDATE platform.notices n SET attempts = n.attempts + 1, next_attempt_at = p_until FROM due
   WHERE n.id = due.id RETURNING n.company_id, n.id, n.attempts
$$;

GRANT CREATE ON SCHEMA system TO bmms_system;
ALTER FUNCTION system.claim_notices(timestamptz, timestamptz, text[], integer) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.claim_notices(timestamptz, timestamptz, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.claim_notices(timestamptz, timestamptz, text[], integer) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
