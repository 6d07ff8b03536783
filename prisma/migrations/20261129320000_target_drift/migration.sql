-- How a target was found by the last look, so that drift is told when it changes and not with each look.
-- CreateTable
CREATE TABLE "platform"."target_drift" (
    "target" TEXT NOT NULL,
    "revision" INTEGER,
    "objects" INTEGER NOT NULL,
    "says" JSONB NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "target_drift_pkey" PRIMARY KEY ("target")
);

ALTER TABLE platform.target_drift ADD CHECK (target IN ('local', 'kubernetes', 'directory')), ADD CHECK (objects >= 0);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.target_drift TO bmms_app;

-- A target is the installation's; what happens to it is told to the company whose switch was brought there last, or to the
-- first one where no switch that is known was.
CREATE FUNCTION system.company_of_target(p_target text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(
    (SELECT d.company_id FROM platform.deployments d WHERE d.target_id = p_target AND d.committed_at IS NOT NULL
      ORDER BY d.committed_at DESC, d.id DESC LIMIT 1),
    (SELECT min(c.id) FROM platform.companies c WHERE c.status = 'active'))
$$;

GRANT CREATE ON SCHEMA system TO bmms_system;
ALTER FUNCTION system.company_of_target(text) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.company_of_target(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.company_of_target(text) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
