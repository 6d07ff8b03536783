-- Subscriptions that begin at another time than they are made: in the future they wait, as scheduled.
ALTER TABLE "ordering"."subscriptions" ADD COLUMN "starts_at" TIMESTAMPTZ(3);
ALTER TABLE ordering.subscriptions DROP CONSTRAINT subscriptions_status_check;
ALTER TABLE ordering.subscriptions
  ADD CONSTRAINT subscriptions_status_check CHECK (status IN ('scheduled', 'trial', 'active', 'past_due', 'paused', 'cancelled', 'expired')),
  ADD CONSTRAINT subscription_scheduled CHECK (status <> 'scheduled' OR starts_at IS NOT NULL);
