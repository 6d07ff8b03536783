-- Changes that wait are one ordered list, and what is special of an invoice is its role; columns for each went before.
ALTER TABLE "ordering"."subscriptions" ADD COLUMN     "invoice_roles" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "last_change_id" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "waiting_changes" JSONB NOT NULL DEFAULT '[]';

-- The owner, too, is bound by the policies unless they are not forced.
ALTER TABLE ordering.subscriptions NO FORCE ROW LEVEL SECURITY;

WITH wanted AS (
  SELECT s.id, 1 AS place, jsonb_build_object('kind', 'plan', 'item', 'plan', 'terms', s.scheduled_change -> 'plan',
           'takesEffect', jsonb_build_object('on', 'period_end')) AS change
    FROM ordering.subscriptions s WHERE (s.scheduled_change #>> '{plan,planId}')::bigint <> s.plan_id
  UNION ALL
  SELECT s.id, 2, jsonb_build_object('kind', 'quantity', 'item', 'plan', 'quantity', s.scheduled_change -> 'quantity',
           'takesEffect', jsonb_build_object('on', 'period_end'))
    FROM ordering.subscriptions s WHERE (s.scheduled_change ->> 'quantity')::int <> s.quantity
  UNION ALL
  -- A pause that was resumed would have lost the end; it holds at the end of the period that was running.
  SELECT s.id, 3, jsonb_build_object('kind', 'cancel', 'takesEffect', CASE WHEN s.status = 'paused' AND s.current_period_end IS NOT NULL
           THEN jsonb_build_object('on', 'instant', 'at', (extract(epoch FROM s.current_period_end) * 1000)::bigint)
           ELSE jsonb_build_object('on', 'period_end') END)
    FROM ordering.subscriptions s WHERE s.cancel_at_period_end
  UNION ALL
  SELECT s.id, 4, jsonb_build_object('kind', 'pause', 'takesEffect', jsonb_build_object('on', 'period_end'))
    FROM ordering.subscriptions s WHERE s.pause_at_period_end
  UNION ALL
  SELECT s.id, 5, jsonb_build_object('kind', s.metadata #>> '{postponed,type}', 'takesEffect', jsonb_build_object('on', 'charge_answer'))
    FROM ordering.subscriptions s WHERE s.metadata ? 'postponed'
), lists AS (
  SELECT id, jsonb_agg(change || jsonb_build_object('id', place) ORDER BY place) AS changes FROM wanted GROUP BY id
)
UPDATE ordering.subscriptions s SET waiting_changes = l.changes, last_change_id = 5, metadata = s.metadata - 'postponed'
  FROM lists l WHERE l.id = s.id;

UPDATE ordering.subscriptions s SET invoice_roles =
    CASE WHEN s.first_invoice_id IS NULL OR s.first_invoice_by IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('role', 'first',
      'invoiceId', s.first_invoice_id, 'payBy', (extract(epoch FROM s.first_invoice_by) * 1000)::bigint, 'fallback', NULL)) END
    || CASE WHEN s.renewal_invoice_id IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('role', 'ahead',
      'invoiceId', s.renewal_invoice_id)) END
 WHERE s.first_invoice_id IS NOT NULL OR s.renewal_invoice_id IS NOT NULL;

ALTER TABLE ordering.subscriptions FORCE ROW LEVEL SECURITY;

-- DropForeignKey
ALTER TABLE "ordering"."subscriptions" DROP CONSTRAINT "subscriptions_company_id_first_invoice_id_fkey";

-- DropForeignKey
ALTER TABLE "ordering"."subscriptions" DROP CONSTRAINT "subscriptions_company_id_renewal_invoice_id_fkey";

-- AlterTable
ALTER TABLE "ordering"."subscriptions" DROP COLUMN "cancel_at_period_end",
DROP COLUMN "first_invoice_by",
DROP COLUMN "first_invoice_id",
DROP COLUMN "pause_at_period_end",
DROP COLUMN "renewal_invoice_id",
DROP COLUMN "scheduled_change",
DROP COLUMN "upcoming_told";

ALTER TABLE ordering.subscriptions
  ADD CONSTRAINT subscription_waiting_changes CHECK (jsonb_typeof(waiting_changes) = 'array'),
  ADD CONSTRAINT subscription_invoice_roles CHECK (jsonb_typeof(invoice_roles) = 'array');
