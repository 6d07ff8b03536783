-- Collection can be paused: service and periods go on, and nobody is asked for what is billed meanwhile.
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "collection_behavior" TEXT,
ADD COLUMN     "collection_paused_at" TIMESTAMPTZ(3),
ADD COLUMN     "collection_resumes_at" TIMESTAMPTZ(3);
ALTER TABLE ordering.subscriptions
  ADD CONSTRAINT subscription_collection_pause CHECK (
    (collection_behavior IS NULL) = (collection_paused_at IS NULL) AND (collection_resumes_at IS NULL OR collection_paused_at IS NOT NULL)),
  ADD CHECK (collection_behavior IN ('keep_as_draft', 'mark_uncollectible', 'void'));
ALTER TABLE ordering.subscription_history DROP CONSTRAINT subscription_history_action_check;
ALTER TABLE ordering.subscription_history ADD CONSTRAINT subscription_history_action_check
  CHECK (action IN ('created', 'renewed', 'cancelled', 'status_changed', 'plan_changed', 'addons_changed', 'trial_changed', 'collection_changed', 'rejected'));
