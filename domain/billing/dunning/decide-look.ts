import { type CampaignDay, campaignDay } from './dunning-campaign-rules';
import type { Campaign } from './lock-campaign';
import { localDateAt } from '../../calendar/zoned-calendar';

/** Whether a campaign is to look at its account now; an earlier look changes nothing. */
export function isLookDue({ status, nextLookAt, now }: Campaign): boolean {
  return status === 'active' && nextLookAt !== null && nextLookAt <= now;
}

/** What a look at the account today leads to, by the company's settings as they are now; null when it wants none any more. */
export function decideLook({
  state,
  overdue,
  settings,
  timeZone,
  now,
}: Campaign): (CampaignDay & { today: string }) | null {
  const { dunningCampaign, overdueThresholds } = settings;

  if (dunningCampaign === null) {
    return null;
  }
  const today = localDateAt(now.getTime(), timeZone);
  const owed: Record<string, bigint> = {};

  for (const { currency, due } of overdue) {
    owed[currency] = (owed[currency] ?? 0n) + BigInt(due);
  }
  const thresholds = Object.fromEntries(
    Object.entries(overdueThresholds).map(([currency, amount]) => [currency, BigInt(amount)]),
  );

  return { today, ...campaignDay(state, today, owed, { ...dunningCampaign, thresholds }) };
}
