-- An export to a folder succeeds without a commit point: it changes no model (D31).
ALTER TABLE platform.deployments
  DROP CONSTRAINT deployment_succeeds_committed,
  ADD CONSTRAINT deployment_succeeds_committed
    CHECK (status <> 'succeeded' OR committed_at IS NOT NULL OR target ->> 'kind' = 'directory');
