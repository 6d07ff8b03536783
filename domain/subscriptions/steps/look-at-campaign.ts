import type { TenantSql } from '../../../platform/db/database';
import { decideLook, isLookDue } from '../../billing/dunning/decide-look';
import { lookHour } from '../../billing/dunning/campaign-look-rules';
import { type CampaignMove, moveCampaign } from '../../billing/dunning/move-campaign';
import { type Campaign, readCampaign } from '../../billing/dunning/read-campaign';
import { requestPayment } from '../../billing/dunning/request-payment';
import { atLocalHour } from '../../calendar/zoned-calendar';
import type { PaymentGateways } from '../../payments/payment-gateway';
import { renewPayAddresses } from './renew-pay-addresses';

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
export async function lookAtCampaign(
  tx: TenantSql,
  campaignId: number,
  { gateways, now }: { gateways: PaymentGateways; now: Date },
): Promise<CampaignLook> {
  const seen = await readCampaign(tx, { campaignId, now, lock: false });

  if (!isLookDue(seen)) {
    return standing(seen, seen.nextLookAt);
  }
  // Subscriptions are locked before what belongs to their account (D8), and only when there is something to ask for.
  if ((decideLook(seen)?.requests.length ?? 0) > 0) {
    await renewPayAddresses(tx, seen.overdue, { gateways, now });
  }
  const campaign = await readCampaign(tx, { campaignId, now, lock: true });

  return isLookDue(campaign) ? look(tx, campaign) : standing(campaign, campaign.nextLookAt);
}

async function look(tx: TenantSql, campaign: Campaign): Promise<CampaignLook> {
  const day = decideLook(campaign);

  for (const request of day?.requests ?? []) {
    await requestPayment(tx, campaign, { today: day?.today ?? '', request });
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
