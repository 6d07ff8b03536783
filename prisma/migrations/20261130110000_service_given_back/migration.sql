-- Entitlements ask of each item whether what was billed for it was let go of: few rows are.
CREATE INDEX billed_service_released ON finance.billed_service (company_id, subscription_id, item) WHERE released_at IS NOT NULL;
