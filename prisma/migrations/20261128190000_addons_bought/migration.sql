-- What was bought on top of a plan (S244, D27): an item of its subscription, with its own price, period and end.
CREATE TABLE ordering.user_addons (
  id bigserial NOT NULL,
  company_id bigint NOT NULL,
  subscription_id bigint NOT NULL,
  addon_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  addon_key text NOT NULL,
  addon_name text NOT NULL,
  price bigint NOT NULL CHECK (price >= 0),
  quantity integer NOT NULL CHECK (quantity >= 1),
  billing_period text NOT NULL CHECK (billing_period IN ('monthly', 'yearly', 'one_time')),
  status text NOT NULL CHECK (status IN ('pending', 'active', 'removed', 'expired')),
  anchor_at timestamptz(3),
  anchor_day smallint CHECK (anchor_day BETWEEN 1 AND 31),
  period_index integer NOT NULL DEFAULT 0,
  current_period_start timestamptz(3),
  current_period_end timestamptz(3),
  next_billing_date date,
  purchased_at timestamptz(3) NOT NULL,
  activated_at timestamptz(3),
  expires_at timestamptz(3),
  ended_at timestamptz(3),
  end_reason text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT user_addons_pkey PRIMARY KEY (id),
  CONSTRAINT user_addon_period_has_length CHECK (current_period_end > current_period_start),
  CONSTRAINT user_addon_ended_has_time CHECK ((status IN ('removed', 'expired')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX user_addons_company_id_id_key ON ordering.user_addons (company_id, id);
CREATE INDEX user_addons_company_id_subscription_id_id_idx ON ordering.user_addons (company_id, subscription_id, id);
CREATE INDEX user_addons_company_id_customer_id_status_idx ON ordering.user_addons (company_id, customer_id, status);
-- One of a kind at a time.
CREATE UNIQUE INDEX user_addon_once ON ordering.user_addons (company_id, subscription_id, addon_id) WHERE status IN ('pending', 'active');

ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addons_company_id_subscription_id_fkey
  FOREIGN KEY (company_id, subscription_id) REFERENCES ordering.subscriptions (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addons_company_id_addon_id_fkey
  FOREIGN KEY (company_id, addon_id) REFERENCES product.addons (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE ordering.user_addons ADD CONSTRAINT user_addons_company_id_customer_id_fkey
  FOREIGN KEY (company_id, customer_id) REFERENCES customer.customers (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;

CALL system.isolate_tenant_table('ordering.user_addons', 'company_id');
GRANT SELECT, INSERT, UPDATE ON ordering.user_addons TO bmms_app;
GRANT SELECT ON ordering.user_addons TO bmms_system;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ordering TO bmms_app;

ALTER TABLE finance.invoices DROP CONSTRAINT invoices_purpose_check;
ALTER TABLE finance.invoices ADD CONSTRAINT invoices_purpose_check
  CHECK (purpose IN ('sale', 'first', 'addon', 'renewal', 'change', 'resume', 'final'));
ALTER TABLE ordering.subscription_history DROP CONSTRAINT subscription_history_action_check;
ALTER TABLE ordering.subscription_history ADD CONSTRAINT subscription_history_action_check
  CHECK (action IN ('created', 'renewed', 'cancelled', 'status_changed', 'plan_changed', 'addons_changed', 'rejected'));
