-- The end of a trial can be moved, which history tells by a name of its own.
ALTER TABLE ordering.subscription_history DROP CONSTRAINT subscription_history_action_check;
ALTER TABLE ordering.subscription_history ADD CONSTRAINT subscription_history_action_check
  CHECK (action IN ('created', 'renewed', 'cancelled', 'status_changed', 'plan_changed', 'addons_changed', 'trial_changed', 'rejected'));
