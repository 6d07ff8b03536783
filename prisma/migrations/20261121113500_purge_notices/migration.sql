-- AlterTable
ALTER TABLE "platform"."notices" ADD COLUMN     "skipped_at" TIMESTAMPTZ(3);

-- Notices that were sent or skipped are purged when they are old, by machine time; `created_at` is the customer's, which
-- may be any on a test clock, and stands in only where a notice was skipped before it was noted when.
GRANT DELETE ON platform.notices TO bmms_app;
CREATE INDEX notices_closed ON platform.notices (company_id, coalesce(sent_at, skipped_at, created_at)) WHERE status IN ('sent', 'skipped');
