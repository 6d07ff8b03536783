-- Work without a tenant (D6): the only ways across companies. test/integration/tenancy lists them; a new one fails it.
GRANT CREATE ON SCHEMA system TO bmms_system;

-- Whose request is it: a host or an X-Company header names a slug.
CREATE FUNCTION system.find_company(p_slug text) RETURNS TABLE (id bigint, slug text, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.id, c.slug, c.status FROM platform.companies c WHERE c.slug = p_slug
$$;

-- For super_admin and for the operator's tools.
CREATE FUNCTION system.list_companies(p_after bigint, p_limit integer)
RETURNS TABLE (id bigint, slug text, name text, status text, business_model text, is_sandbox boolean, created_at timestamptz, updated_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT c.id, c.slug, c.name, c.status, c.business_model, c.is_sandbox, c.created_at, c.updated_at
    FROM platform.companies c WHERE c.id > p_after ORDER BY c.id LIMIT p_limit
$$;

-- A payment provider knows a payment by its reference only (D5).
CREATE FUNCTION system.find_payment(p_reference text) RETURNS TABLE (company_id bigint, payment_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT p.company_id, p.id FROM finance.payments p WHERE p.reference = p_reference
$$;

-- Relay of the payment inbox: callbacks whose owner has not been told yet (D5).
CREATE FUNCTION system.unsignalled_provider_events(p_received_before timestamptz, p_limit integer)
RETURNS TABLE (id bigint, company_id bigint, payment_id bigint, order_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT e.id, e.company_id, p.id, p.order_id
    FROM finance.provider_events e JOIN finance.payments p ON p.reference = e.reference
   WHERE e.signalled_at IS NULL AND e.received_at < p_received_before ORDER BY e.received_at LIMIT p_limit
$$;

-- The one dispatcher numbers a global position as it publishes (D7). It holds the advisory lock of its transaction, so
-- two of them cannot number at once; rows come back in the order in which they were numbered.
CREATE FUNCTION system.publish_events(p_now timestamptz, p_limit integer)
RETURNS TABLE ("position" bigint, company_id bigint, subject text, subject_seq integer, type text, payload jsonb, occurred_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  base bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('bmms.outbox', 0)) THEN
    RETURN;
  END IF;
  SELECT coalesce(max(e.position), 0) INTO base FROM platform.events e;

  RETURN QUERY
  WITH claimed AS (
    SELECT e.id, row_number() OVER (ORDER BY e.id) AS nth FROM platform.events e WHERE e.position IS NULL ORDER BY e.id LIMIT p_limit
  ), numbered AS (
    UPDATE platform.events e SET position = base + c.nth, published_at = p_now FROM claimed c WHERE e.id = c.id
    RETURNING e.position, e.company_id, e.subject, e.subject_seq, e.type, e.payload, e.occurred_at
  )
  SELECT n.position, n.company_id, n.subject, n.subject_seq, n.type, n.payload, n.occurred_at FROM numbered n ORDER BY n.position;
END $$;

-- Orders whose workflow must be running: `bmms doctor --repair` starts those that Temporal lost.
CREATE FUNCTION system.unfinished_orders(p_after bigint, p_limit integer)
RETURNS TABLE (company_id bigint, id bigint, customer_id bigint, business_model text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT o.company_id, o.id, o.customer_id, o.business_model FROM ordering.orders o
   WHERE o.id > p_after AND o.status IN ('pending', 'confirmed', 'shipped') ORDER BY o.id LIMIT p_limit
$$;

DO $$
DECLARE
  f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'system'::regnamespace AND p.prosecdef LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO bmms_system', f);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO bmms_app', f);
  END LOOP;
END $$;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
