-- CreateTable
CREATE TABLE "ordering"."price_moves" (
    "id" BIGSERIAL NOT NULL,
    "company_id" BIGINT NOT NULL,
    "plan_id" BIGINT NOT NULL,
    "price_id" BIGINT NOT NULL,
    "from_price_ids" BIGINT[] NOT NULL,
    "immediate" BOOLEAN NOT NULL,
    "notice_days" INTEGER NOT NULL,
    "proration_behavior" TEXT,
    "status" TEXT NOT NULL,
    "user_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "price_moves_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ordering"."price_move_subscriptions" (
    "company_id" BIGINT NOT NULL,
    "price_move_id" BIGINT NOT NULL,
    "subscription_id" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "asked_at" TIMESTAMPTZ(3),
    "change_id" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "price_move_subscriptions_pkey" PRIMARY KEY ("company_id","price_move_id","subscription_id")
);

-- CreateIndex
CREATE INDEX "price_moves_company_id_plan_id_id_idx" ON "ordering"."price_moves"("company_id", "plan_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "price_moves_company_id_id_key" ON "ordering"."price_moves"("company_id", "id");

-- CreateIndex
CREATE INDEX "price_move_subscriptions_company_id_price_move_id_status_su_idx" ON "ordering"."price_move_subscriptions"("company_id", "price_move_id", "status", "subscription_id");

-- AddForeignKey
ALTER TABLE "ordering"."price_moves" ADD CONSTRAINT "price_moves_company_id_plan_id_fkey" FOREIGN KEY ("company_id", "plan_id") REFERENCES "product"."plans"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."price_moves" ADD CONSTRAINT "price_moves_company_id_price_id_fkey" FOREIGN KEY ("company_id", "price_id") REFERENCES "product"."price_versions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."price_move_subscriptions" ADD CONSTRAINT "price_move_subscriptions_company_id_price_move_id_fkey" FOREIGN KEY ("company_id", "price_move_id") REFERENCES "ordering"."price_moves"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ordering"."price_move_subscriptions" ADD CONSTRAINT "price_move_subscriptions_company_id_subscription_id_fkey" FOREIGN KEY ("company_id", "subscription_id") REFERENCES "ordering"."subscriptions"("company_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What must hold whatever the code does.
ALTER TABLE ordering.price_moves
  ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id),
  ADD CHECK (notice_days >= 0),
  ADD CONSTRAINT price_move_prorated_at_once
    CHECK (proration_behavior IS NULL OR (immediate AND proration_behavior IN ('always_invoice', 'next_invoice', 'none'))),
  ADD CHECK (status IN ('running', 'paused', 'completed', 'cancelling', 'cancelled')),
  ADD CONSTRAINT price_move_ended_at_a_time CHECK ((status IN ('completed', 'cancelled')) = (ended_at IS NOT NULL));
ALTER TABLE ordering.price_move_subscriptions
  ADD CHECK (status IN ('pending', 'moved', 'skipped', 'failed', 'taken_back')),
  ADD CONSTRAINT price_move_change_of_moved CHECK (change_id IS NULL OR status = 'moved');
-- Two at a time would overtake each other.
CREATE UNIQUE INDEX price_move_one_of_a_plan ON ordering.price_moves (company_id, plan_id) WHERE status IN ('running', 'paused');

CALL system.isolate_tenant_table('ordering.price_moves', 'company_id');
CALL system.isolate_tenant_table('ordering.price_move_subscriptions', 'company_id');
GRANT SELECT, INSERT, UPDATE ON ordering.price_moves, ordering.price_move_subscriptions TO bmms_app;
GRANT SELECT ON ordering.price_moves TO bmms_system;
GRANT USAGE, SELECT ON SEQUENCE ordering.price_moves_id_seq TO bmms_app;

-- Price moves whose workflow must be running: for `bmms doctor --repair`.
CREATE FUNCTION system.unfinished_price_moves(p_after bigint, p_limit integer) RETURNS TABLE (company_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT m.company_id, m.id FROM ordering.price_moves m
   WHERE m.id > p_after AND m.status IN ('running', 'paused', 'cancelling') ORDER BY m.id LIMIT p_limit
$$;

GRANT CREATE ON SCHEMA system TO bmms_system;
ALTER FUNCTION system.unfinished_price_moves(bigint, integer) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.unfinished_price_moves(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.unfinished_price_moves(bigint, integer) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
