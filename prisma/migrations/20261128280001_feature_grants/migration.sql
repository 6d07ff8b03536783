-- What a feature is (yes or no, a limit, a balance drawn down by a meter's usage), and how much of it plans and add-ons
-- give. Features of add-ons get a table as those of plans have one, in place of a list of codes.
ALTER TABLE product.features
  ADD COLUMN kind text NOT NULL DEFAULT 'boolean' CHECK (kind IN ('boolean', 'limit', 'metered')),
  ADD COLUMN unit text,
  ADD COLUMN meter_id bigint,
  ADD CONSTRAINT features_meter_check CHECK ((kind = 'metered') = (meter_id IS NOT NULL)),
  ADD CONSTRAINT features_company_id_meter_id_fkey FOREIGN KEY (company_id, meter_id)
    REFERENCES usage.meters (company_id, id) ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX features_company_id_meter_id_idx ON product.features (company_id, meter_id);

ALTER TABLE product.plan_features
  ADD COLUMN value_limit bigint CHECK (value_limit >= 0),
  ADD COLUMN is_unlimited boolean NOT NULL DEFAULT false,
  ADD COLUMN is_per_unit boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT plan_features_value_check CHECK (NOT (is_unlimited AND value_limit IS NOT NULL) AND (value_limit IS NOT NULL OR NOT is_per_unit));

CREATE TABLE product.addon_features (
  company_id bigint NOT NULL,
  addon_id bigint NOT NULL,
  feature_id bigint NOT NULL,
  value_limit bigint CHECK (value_limit >= 0),
  is_unlimited boolean NOT NULL DEFAULT false,
  is_per_unit boolean NOT NULL DEFAULT false,
  CONSTRAINT addon_features_pkey PRIMARY KEY (company_id, addon_id, feature_id),
  CONSTRAINT addon_features_value_check CHECK (NOT (is_unlimited AND value_limit IS NOT NULL) AND (value_limit IS NOT NULL OR NOT is_per_unit)),
  CONSTRAINT addon_features_company_id_addon_id_fkey FOREIGN KEY (company_id, addon_id)
    REFERENCES product.addons (company_id, id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT addon_features_company_id_feature_id_fkey FOREIGN KEY (company_id, feature_id)
    REFERENCES product.features (company_id, id) ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO product.addon_features (company_id, addon_id, feature_id)
  SELECT a.company_id, a.id, f.id FROM product.addons a JOIN product.features f ON f.company_id = a.company_id AND a.features ? f.code;
ALTER TABLE product.addons DROP COLUMN features;

CALL system.isolate_tenant_table('product.addon_features', 'company_id');
GRANT SELECT, INSERT, UPDATE, DELETE ON product.addon_features TO bmms_app;
