-- What changes in the middle of a period cost and give back, where it was put off until the next invoice.
ALTER TABLE ordering.subscriptions ADD COLUMN pending_items jsonb NOT NULL DEFAULT '[]';
