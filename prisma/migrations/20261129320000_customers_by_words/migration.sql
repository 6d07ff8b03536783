-- Customers by parts of words. LIKE is not leakproof, so under a policy that names the company no index serves it; a
-- function whose owner sees every row can use one, and names the company of its caller itself.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX customers_words ON customer.customers USING gin (search_text gin_trgm_ops);

-- Ids of the caller's company, in no order. The patterns become part of the statement, so that it is planned for them: a
-- word that everybody has is looked for row by row, until p_limit are found.
CREATE FUNCTION system.find_customers(p_patterns text[], p_phone text, p_limit integer) RETURNS TABLE (id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  words text := (SELECT string_agg(format('c.search_text LIKE %L', pattern), ' AND ') FROM unnest(p_patterns) pattern);
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT c.id FROM customer.customers c WHERE c.company_id = $1 AND ((%s)%s) LIMIT $2',
    words,
    CASE WHEN p_phone IS NULL THEN '' ELSE format(' OR c.search_text LIKE %L', p_phone) END)
  USING NULLIF(current_setting('bmms.company_id', true), '')::bigint, p_limit;
END
$$;

GRANT CREATE ON SCHEMA system TO bmms_system;
ALTER FUNCTION system.find_customers(text[], text, integer) OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.find_customers(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.find_customers(text[], text, integer) TO bmms_app;
REVOKE CREATE ON SCHEMA system FROM bmms_system;
