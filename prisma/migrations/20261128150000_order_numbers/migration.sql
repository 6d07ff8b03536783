-- Orders are numbered by company, each from a sequence of its own. A sequence is taken from without a lock that lasts
-- until the commit, so orders that are placed at once do not wait for each other; it may leave gaps, which invoices may
-- not (finance.invoice_counters). It is made with its company: no order has to look whether it is there.
CREATE SCHEMA order_numbers;
GRANT USAGE, CREATE ON SCHEMA order_numbers TO bmms_system;
GRANT USAGE ON SCHEMA order_numbers TO bmms_app;

CREATE FUNCTION system.begin_order_numbers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  series text := format('order_numbers.company_%s', NEW.id);
BEGIN
  EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %s', series);
  EXECUTE format('GRANT USAGE ON SEQUENCE %s TO bmms_app', series);
  -- For backups, which the owner of the schema makes.
  EXECUTE format('GRANT SELECT ON SEQUENCE %s TO %s', series, (SELECT n.nspowner::regrole FROM pg_namespace n WHERE n.nspname = 'order_numbers'));
  RETURN NULL;
END $$;
CREATE TRIGGER begin_order_numbers AFTER INSERT ON platform.companies
  FOR EACH ROW EXECUTE FUNCTION system.begin_order_numbers();
GRANT CREATE ON SCHEMA system TO bmms_system;
ALTER FUNCTION system.begin_order_numbers() OWNER TO bmms_system;
REVOKE ALL ON FUNCTION system.begin_order_numbers() FROM PUBLIC;
REVOKE CREATE ON SCHEMA system FROM bmms_system;

-- Until now the numbers of all companies were one series. They stay; each company goes on above its highest.
DO $$
DECLARE
  company record;
BEGIN
  FOR company IN
    SELECT c.id, coalesce((SELECT max(substring(o.order_number FROM '\d+$')::bigint) FROM ordering.orders o WHERE o.company_id = c.id), 0) AS highest
      FROM platform.companies c
  LOOP
    EXECUTE format('CREATE SEQUENCE order_numbers.company_%s START %s', company.id, company.highest + 1);
    EXECUTE format('GRANT USAGE ON SEQUENCE order_numbers.company_%s TO bmms_app', company.id);
  END LOOP;
END $$;

-- Lists by date. Rows lie in the order in which they were made, so the smallest of indexes will do.
CREATE INDEX orders_created_at_idx ON ordering.orders USING brin (created_at);
CREATE INDEX invoices_created_at_idx ON finance.invoices USING brin (created_at);
