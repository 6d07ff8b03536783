-- CreateTable
CREATE TABLE "platform"."deployments" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "target" JSONB NOT NULL,
    "target_id" TEXT NOT NULL,
    "drain" TEXT NOT NULL,
    "drain_minutes" INTEGER,
    "sentence" TEXT,
    "intent" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "rollback_of" BIGINT,
    "user_id" BIGINT,
    "approved_at" TIMESTAMPTZ(3),
    "approved_by" BIGINT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "cancel_asked_at" TIMESTAMPTZ(3),
    "door_closed_at" TIMESTAMPTZ(3),
    "drafts" JSONB,
    "committed_at" TIMESTAMPTZ(3),
    "revision" INTEGER,
    "retiring" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "outcome_code" TEXT,
    "outcome" TEXT,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deployments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform"."local_revisions" (
    "revision" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "release" JSONB NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "local_revisions_pkey" PRIMARY KEY ("revision")
);

-- CreateIndex
CREATE UNIQUE INDEX "deployments_company_id_id_key" ON "platform"."deployments"("company_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "local_revisions_key_key" ON "platform"."local_revisions"("key");

-- What must hold whatever the code does.
ALTER TABLE platform.deployments
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD FOREIGN KEY (company_id, rollback_of) REFERENCES platform.deployments (company_id, id),
  ADD CHECK (status IN ('planned', 'awaiting_approval', 'draining', 'applying', 'verifying', 'succeeded', 'rolling_back',
                        'rolled_back', 'failed', 'cancelled', 'expired')),
  ADD CHECK (drain IN ('finish', 'refuse', 'wait')),
  ADD CONSTRAINT deployment_waits_so_long CHECK ((drain = 'wait') = (drain_minutes IS NOT NULL)),
  ADD CONSTRAINT deployment_succeeds_committed CHECK (status <> 'succeeded' OR committed_at IS NOT NULL),
  ADD CONSTRAINT deployment_is_not_taken_back CHECK (committed_at IS NULL OR status IN ('verifying', 'succeeded')),
  ADD CONSTRAINT deployment_ended_at_a_time
    CHECK ((status IN ('succeeded', 'rolled_back', 'failed', 'cancelled', 'expired')) = (ended_at IS NOT NULL));
-- One switch per company, and one apply per target, at a time (D28).
CREATE UNIQUE INDEX deployment_one_of_a_company ON platform.deployments (company_id)
  WHERE status IN ('planned', 'awaiting_approval', 'draining', 'applying', 'verifying', 'rolling_back');
CREATE UNIQUE INDEX deployment_one_of_a_target ON platform.deployments (target_id)
  WHERE status IN ('applying', 'verifying', 'rolling_back');
ALTER TABLE platform.local_revisions ADD CHECK (status IN ('pending', 'deployed', 'restored'));
CREATE UNIQUE INDEX local_revision_one_pending ON platform.local_revisions ((true)) WHERE status = 'pending';

CALL system.isolate_tenant_table('platform.deployments', 'company_id');
GRANT SELECT, INSERT, UPDATE ON platform.deployments, platform.local_revisions TO bmms_app;
GRANT SELECT ON platform.deployments TO bmms_system;
GRANT UPDATE ON platform.service_state TO bmms_system;
GRANT USAGE, SELECT ON SEQUENCE platform.deployments_id_seq, platform.local_revisions_revision_seq TO bmms_app;

-- What a service works on and is not over, of every company: a service with open work is not stopped (D28, D29).
CREATE FUNCTION system.open_work() RETURNS TABLE (company_id bigint, kind text, open bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT o.company_id, 'orders', count(*) FROM ordering.orders o WHERE o.status IN ('pending', 'confirmed', 'shipped') GROUP BY 1
  UNION ALL
  SELECT s.company_id, 'subscriptions', count(*) FROM ordering.subscriptions s
   WHERE s.status NOT IN ('cancelled', 'expired') OR s.next_deadline_at IS NOT NULL GROUP BY 1
  UNION ALL
  SELECT c.company_id, 'testClocks', count(*) FROM ordering.test_clocks c WHERE c.status = 'advancing' GROUP BY 1
  UNION ALL
  SELECT m.company_id, 'priceMoves', count(*) FROM ordering.price_moves m WHERE m.status IN ('running', 'paused', 'cancelling') GROUP BY 1
$$;

-- What the other active companies need of the installation's services, equal ones once (D28).
CREATE FUNCTION system.company_needs(p_except bigint) RETURNS TABLE (business_model text, settings jsonb, companies bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.business_model,
         (SELECT coalesce(jsonb_object_agg(v.key, v.value), '{}') FROM jsonb_each(s.values) v
           WHERE v.key IN ('billingMode', 'taxRatePpm', 'freeTier', 'addonEnabled')), count(*)
    FROM platform.companies c LEFT JOIN platform.company_settings s ON s.company_id = c.id
   WHERE c.status = 'active' AND c.id <> p_except GROUP BY 1, 2
$$;

-- Whether another switch, of whatever company, is being brought to a target (D28).
CREATE FUNCTION system.is_target_taken(p_target text, p_except bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM platform.deployments d WHERE d.target_id = p_target AND d.id <> p_except
                    AND d.status IN ('applying', 'verifying', 'rolling_back'))
$$;

-- Switches whose workflow must be running: for `bmms doctor --repair`.
CREATE FUNCTION system.unfinished_deployments(p_after bigint, p_limit integer) RETURNS TABLE (company_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT d.company_id, d.id FROM platform.deployments d
   WHERE d.id > p_after AND (d.ended_at IS NULL OR d.retiring <> '{}') ORDER BY d.id LIMIT p_limit
$$;

-- A company that begins, is opened again or changes its model finds the services that it needs running (D28). Their rows are
-- held until it is committed, so that nobody who looks meanwhile stops one of them.
CREATE FUNCTION system.wake_services() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.status = 'active' THEN
    UPDATE platform.service_state s SET state = 'running', replicas = greatest(s.replicas, 1), updated_at = NEW.updated_at
     WHERE (NEW.business_model IN ('retail', 'multi') AND s.service IN ('order-svc', 'inventory-svc'))
        OR (NEW.business_model <> 'retail' AND s.service = 'subscription-svc');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER wake_services AFTER INSERT OR UPDATE OF status, business_model ON platform.companies
  FOR EACH ROW EXECUTE FUNCTION system.wake_services();

GRANT CREATE ON SCHEMA system TO bmms_system;
DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'system'::regnamespace
             AND p.proname IN ('open_work', 'company_needs', 'is_target_taken', 'unfinished_deployments', 'wake_services') LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO bmms_system', f);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO bmms_app', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
REVOKE EXECUTE ON FUNCTION system.wake_services() FROM bmms_app;
