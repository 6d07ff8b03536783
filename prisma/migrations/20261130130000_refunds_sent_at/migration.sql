-- When a refund was first sent to its provider, which may be another day than that on which it was entered.
ALTER TABLE finance.refunds ADD COLUMN sent_at TIMESTAMPTZ(3);
-- Those of before may have been sent as soon as they were entered: they are looked up, not sent again.
UPDATE finance.refunds SET sent_at = created_at;
