import { z } from 'zod';

import { dbInteger, toNumber } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { enqueueNotices } from '../../notifications/enqueue-notices';
import { campaignSubject } from './campaign-id-rules';
import type { PaymentRequest } from './dunning-campaign-rules';
import type { Campaign } from './lock-campaign';

/**
 * Asks the account to pay: the request with the invoices it lists, `payment_request.created`, and the notice, once for each
 * attempt of a campaign in a currency. The campaign is locked by the caller.
 */
export async function requestPayment(
  tx: TenantSql,
  campaign: Campaign,
  { today, request }: { today: string; request: PaymentRequest },
): Promise<void> {
  const { id, customerId, billingAccountId, now } = campaign;
  const { attempt, currency } = request;
  const amount = toNumber(request.amount);
  const invoices = campaign.overdue.filter((invoice) => invoice.currency === currency);
  const [made] = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`
      WITH request AS (
        INSERT INTO finance.payment_requests (company_id, dunning_campaign_id, customer_id, attempt, amount, currency, requested_on, created_at)
        VALUES (${tx.companyId}::bigint, ${id}::bigint, ${customerId}::bigint, ${attempt}::int, ${amount}::bigint, ${currency}, ${today}::date,
                ${now}::timestamptz)
        ON CONFLICT (company_id, dunning_campaign_id, currency, attempt) DO NOTHING RETURNING id
      ), listed AS (
        INSERT INTO finance.payment_request_invoices (company_id, payment_request_id, invoice_id, due_amount)
        SELECT ${tx.companyId}::bigint, request.id, i.id, i.due
          FROM request, jsonb_to_recordset(${JSON.stringify(invoices)}::jsonb) AS i(id bigint, due bigint)
      )
      SELECT id FROM request`,
  );

  if (made === undefined) {
    return;
  }
  const subject = campaignSubject(id);
  await enqueueNotices(tx, {
    recipient: { customerId, subject, locale: campaign.locale, isTest: campaign.isTest },
    notices: [
      {
        kind: 'payment_request',
        invoiceId: null,
        data: {
          planName: null,
          quantity: 1,
          amount,
          currency,
          attempt,
          paymentRequestId: made.id,
          invoices: invoices.map(({ id: invoiceId, number, due, dueDate }) => ({ invoiceId, number, due, dueDate })),
        },
      },
    ],
    now,
  });
  await appendEvents(tx, {
    subject,
    events: [
      {
        type: 'payment_request.created',
        payload: {
          paymentRequestId: made.id,
          dunningCampaignId: id,
          customerId,
          billingAccountId,
          attempt,
          amount,
          currency,
          requestedOn: today,
          invoiceIds: invoices.map((invoice) => invoice.id),
        },
      },
    ],
    now,
  });
}
