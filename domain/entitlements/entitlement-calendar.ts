import { BILLING_PERIODS } from '../calendar/billing-period-rules';
import { type InstantSpan, zonedPeriodAt } from '../calendar/zoned-calendar';
import type { GrantPeriods } from './entitlement-types';

/**
 * The period that a metered balance is for at an instant, in epoch milliseconds: the trial, the plan's billing period, or,
 * where the plan has none, periods of its cycle counted from its start. A renewal whose step has not run yet has begun.
 */
export function periodAt(periods: GrantPeriods, now: number): InstantSpan {
  const { startsAt, endsAt, anchorAt, anchorDay, timeZone, billingCycle } = periods;

  if (startsAt !== null && endsAt !== null && startsAt <= now && now < endsAt) {
    return { startsAt, endsAt };
  }
  const row = {
    anchorAt,
    timeZone,
    period: BILLING_PERIODS[billingCycle],
    ...(anchorDay === null ? {} : { anchorDay }),
  };
  const whole = zonedPeriodAt(row, now);

  return endsAt !== null && endsAt <= now
    ? { startsAt: Math.max(endsAt, whole.startsAt), endsAt: whole.endsAt }
    : { startsAt: whole.startsAt, endsAt: whole.endsAt };
}
