-- Usage may come late up to three days after the end of a subscription, and is billed once then. To those that have ended by
-- now it was promised that nothing more is billed.
UPDATE ordering.subscriptions SET is_metered = false WHERE is_metered AND status IN ('cancelled', 'expired');
