-- Overrides: a feature that one customer is given or denied whatever its subscriptions say. One that is over stays, so that
-- it is known who had it, until when and why.
CREATE TABLE ordering.entitlement_overrides (
  id bigserial NOT NULL,
  company_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  feature_id bigint NOT NULL,
  effect text NOT NULL CHECK (effect IN ('grant', 'deny')),
  value_limit bigint CHECK (value_limit >= 0),
  is_unlimited boolean NOT NULL DEFAULT false,
  reason text NOT NULL,
  valid_until timestamptz(3),
  created_by bigint,
  created_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  ended_by bigint,
  end_reason text CHECK (end_reason IN ('removed', 'replaced', 'expired')),
  CONSTRAINT entitlement_overrides_pkey PRIMARY KEY (id),
  CONSTRAINT entitlement_overrides_value_check CHECK (NOT (is_unlimited AND value_limit IS NOT NULL) AND (effect = 'grant' OR NOT is_unlimited AND value_limit IS NULL)),
  CONSTRAINT entitlement_overrides_end_check CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CONSTRAINT entitlement_overrides_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id)
    REFERENCES customer.customers (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT entitlement_overrides_company_id_feature_id_fkey FOREIGN KEY (company_id, feature_id)
    REFERENCES product.features (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX entitlement_overrides_company_id_id_key ON ordering.entitlement_overrides (company_id, id);
CREATE INDEX entitlement_overrides_company_id_customer_id_id_idx ON ordering.entitlement_overrides (company_id, customer_id, id);
CREATE UNIQUE INDEX entitlement_override_once ON ordering.entitlement_overrides (company_id, customer_id, feature_id) WHERE ended_at IS NULL;
CREATE INDEX entitlement_overrides_to_end ON ordering.entitlement_overrides (valid_until) WHERE ended_at IS NULL AND valid_until IS NOT NULL;

-- What was last told of a customer's entitlements: the difference to it is told next, once. Whoever tells locks the row.
CREATE TABLE ordering.entitlements_told (
  company_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  told jsonb NOT NULL DEFAULT '{}',
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT entitlements_told_pkey PRIMARY KEY (company_id, customer_id),
  CONSTRAINT entitlements_told_company_id_customer_id_fkey FOREIGN KEY (company_id, customer_id)
    REFERENCES customer.customers (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- What customers have already is no news.
INSERT INTO ordering.entitlements_told (company_id, customer_id, told, updated_at)
  SELECT x.company_id, x.customer_id, jsonb_object_agg(f.code, true), max(x.updated_at)
    FROM (
      SELECT s.company_id, s.customer_id, g.feature_id, s.updated_at
        FROM ordering.subscriptions s JOIN product.plan_features g ON g.company_id = s.company_id AND g.plan_id = s.plan_id
       WHERE s.status IN ('trial', 'active', 'past_due')
         AND (s.activated_at IS NOT NULL OR s.status = 'trial' OR s.billing_timing = 'in_arrears')
      UNION ALL
      SELECT u.company_id, u.customer_id, g.feature_id, u.updated_at
        FROM ordering.user_addons u JOIN product.addon_features g ON g.company_id = u.company_id AND g.addon_id = u.addon_id
        JOIN ordering.subscriptions s ON s.company_id = u.company_id AND s.id = u.subscription_id
       WHERE u.status = 'active' AND s.status IN ('trial', 'active', 'past_due')) x
    JOIN product.features f ON f.company_id = x.company_id AND f.id = x.feature_id
   GROUP BY x.company_id, x.customer_id;

CALL system.isolate_tenant_table('ordering.entitlement_overrides', 'company_id');
CALL system.isolate_tenant_table('ordering.entitlements_told', 'company_id');
GRANT SELECT, INSERT, UPDATE ON ordering.entitlement_overrides, ordering.entitlements_told TO bmms_app;
GRANT SELECT ON ordering.entitlement_overrides TO bmms_system;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ordering TO bmms_app;

-- Overrides whose time is over, of customers who live by the machine's time; a test clock ends its own.
GRANT CREATE ON SCHEMA system TO bmms_system;
CREATE FUNCTION system.overrides_to_end(p_now timestamptz, p_limit integer) RETURNS TABLE (company_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT o.company_id, o.id FROM ordering.entitlement_overrides o
    JOIN customer.customers u ON u.company_id = o.company_id AND u.id = o.customer_id
   WHERE o.ended_at IS NULL AND o.valid_until <= p_now AND u.test_clock_id IS NULL ORDER BY o.valid_until LIMIT p_limit
$$;
ALTER FUNCTION system.overrides_to_end(timestamptz, integer) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.overrides_to_end(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.overrides_to_end(timestamptz, integer) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
