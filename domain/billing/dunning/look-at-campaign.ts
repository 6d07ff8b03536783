import type { TenantSql } from '../../../platform/db/database';
import { atLocalHour } from '../../calendar/zoned-calendar';
import { lookHour } from './campaign-look-rules';
import { decideLook, isLookDue } from './decide-look';
import { type Campaign, lockCampaign } from './lock-campaign';
import { type CampaignMove, moveCampaign } from './move-campaign';
import { requestPayment } from './request-payment';

/** Where a campaign stands after a look; plain JSON. */
export interface CampaignLook {
  /** Requests made so far. */
  attempts: number;
  /** Epoch milliseconds; null when it has finished or is closed. */
  nextLookAt: number | null;
}

/**
 * One look of a dunning campaign at its account, in one transaction: asks for what is overdue, waits, finishes or closes,
 * by `dunning-campaign-rules.ts`. Before it is due, and repeated, it changes nothing.
 * @param now the machine's time; a customer on a test clock has the clock's instead (D26)
 * @throws AppError not_found
 */
export async function lookAtCampaign(tx: TenantSql, campaignId: number, now: Date): Promise<CampaignLook> {
  const campaign = await lockCampaign(tx, { campaignId, now });

  if (!isLookDue(campaign)) {
    return standing(campaign, campaign.nextLookAt);
  }
  const day = decideLook(campaign);

  if (day !== null) {
    for (const request of day.requests) {
      await requestPayment(tx, campaign, { today: day.today, request });
    }
  }
  const nextLookAt =
    day?.nextLookOn == null ? null : new Date(atLocalHour(day.nextLookOn, lookHour, campaign.timeZone));
  const move: CampaignMove =
    nextLookAt !== null
      ? { status: 'active', nextLookAt }
      : { status: day?.finishesNow === true ? 'finished' : 'closed' };
  await moveCampaign(tx, campaign, move);

  return standing(day === null ? campaign : { ...campaign, state: day.state }, nextLookAt);
}

function standing({ state }: Pick<Campaign, 'state'>, nextLookAt: Date | null): CampaignLook {
  const attempts = Object.values(state.byCurrency).reduce((sum, made) => sum + made.attempts, 0);

  return { attempts, nextLookAt: nextLookAt?.getTime() ?? null };
}
