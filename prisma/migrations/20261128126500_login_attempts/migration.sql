-- Attempts to sign in to one account that came to nothing, counted across all processes. The account is a hash of the
-- address that was typed, so that unknown addresses are treated alike and what was typed stands nowhere.
CREATE TABLE customer.login_attempts (
  company_id bigint NOT NULL REFERENCES platform.companies (id),
  account bytea NOT NULL,
  failures integer NOT NULL CHECK (failures >= 0),
  last_at timestamptz(3) NOT NULL,
  blocked_until timestamptz(3) NOT NULL,
  CONSTRAINT login_attempts_pkey PRIMARY KEY (company_id, account)
);
CREATE INDEX login_attempts_company_id_last_at_idx ON customer.login_attempts (company_id, last_at);

CALL system.isolate_tenant_table('customer.login_attempts', 'company_id');
GRANT SELECT, INSERT, UPDATE, DELETE ON customer.login_attempts TO bmms_app;
