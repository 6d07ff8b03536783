import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { campaignSubject } from './campaign-id-rules';
import type { Campaign } from './lock-campaign';

export type CampaignMove = { status: 'active'; nextLookAt: Date } | { status: 'finished' | 'closed' };

/** Writes where a campaign stands after a look, with `dunning_campaign.finished` when it has asked for the last time. */
export async function moveCampaign(
  tx: TenantSql,
  { id, customerId, billingAccountId, now }: Campaign,
  move: CampaignMove,
): Promise<void> {
  const { status } = move;
  const nextLookAt = move.status === 'active' ? move.nextLookAt : null;
  await tx.write(Prisma.sql`UPDATE finance.dunning_campaigns SET status = ${status}, next_look_at = ${nextLookAt}::timestamptz,
                      finished_at = CASE WHEN ${status === 'finished'} THEN ${now}::timestamptz ELSE finished_at END,
                      closed_at = CASE WHEN ${status === 'closed'} THEN ${now}::timestamptz END
                WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint`);

  if (status === 'finished') {
    await appendEvents(tx, {
      subject: campaignSubject(id),
      events: [{ type: 'dunning_campaign.finished', payload: { dunningCampaignId: id, customerId, billingAccountId } }],
      now,
    });
  }
}
