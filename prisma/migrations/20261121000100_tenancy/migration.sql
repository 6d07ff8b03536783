-- Tenancy (D6). bmms_app is what the API and the workers connect as: it owns nothing and cannot bypass a policy.
-- bmms_system cannot log in; it owns the short list of SECURITY DEFINER functions for work without a tenant.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bmms_app') THEN
    CREATE ROLE bmms_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bmms_system') THEN
    CREATE ROLE bmms_system NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END $$;

CREATE SCHEMA system;
GRANT USAGE ON SCHEMA platform, customer, product, ordering, finance, sandbox, system TO bmms_app;
GRANT USAGE ON SCHEMA platform, customer, product, ordering, finance TO bmms_system;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA platform, customer, product, ordering, finance, sandbox TO bmms_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA platform, customer, product, ordering, finance, sandbox TO bmms_app;
GRANT SELECT ON ALL TABLES IN SCHEMA platform, customer, product, ordering, finance TO bmms_system;

-- What is written once stays: events are appended, money rows are never deleted.
REVOKE UPDATE, DELETE ON platform.events FROM bmms_app;
REVOKE DELETE ON platform.event_subjects, platform.companies, finance.invoices, finance.payments, finance.refunds,
  finance.provider_events, finance.invoice_counters, ordering.orders, ordering.inventory_movements FROM bmms_app;
REVOKE INSERT, UPDATE, DELETE ON platform.installation FROM bmms_app;
GRANT UPDATE (position, published_at) ON platform.events TO bmms_system;
GRANT UPDATE (signalled_at) ON finance.provider_events TO bmms_system;

-- Called once for every tenant-owned table, here and in later migrations.
CREATE PROCEDURE system.isolate_tenant_table(target regclass, tenant_column name)
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY tenant_isolation ON %1$s TO bmms_app
       USING (%2$I = (SELECT NULLIF(current_setting(''bmms.company_id'', true), '''')::bigint))
       WITH CHECK (%2$I = (SELECT NULLIF(current_setting(''bmms.company_id'', true), '''')::bigint))', target, tenant_column);
  EXECUTE format('CREATE POLICY system_access ON %s TO bmms_system USING (true) WITH CHECK (true)', target);
  -- The owner migrates and seeds; FORCE would hide every row from it where it is not a superuser.
  EXECUTE format('CREATE POLICY owner_access ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', target);
END $$;
REVOKE ALL ON PROCEDURE system.isolate_tenant_table FROM PUBLIC;

DO $$
DECLARE
  tenant_table regclass;
BEGIN
  FOR tenant_table IN
    SELECT a.attrelid::regclass
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE a.attname = 'company_id' AND c.relkind = 'r' AND n.nspname IN ('platform', 'customer', 'product', 'ordering', 'finance')
  LOOP
    CALL system.isolate_tenant_table(tenant_table, 'company_id');
  END LOOP;
  CALL system.isolate_tenant_table('platform.companies', 'id');
END $$;

-- Roots of the composite foreign keys. Events, their counters and idempotency records are left without one: they are
-- written on every order, and the policy's WITH CHECK already ties them to the tenant of the transaction.
ALTER TABLE platform.company_settings ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE customer.users ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE customer.customers ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE product.products ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE product.plans ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE product.features ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE product.addons ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE finance.invoice_counters ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
ALTER TABLE finance.provider_events ADD FOREIGN KEY (company_id) REFERENCES platform.companies (id);
