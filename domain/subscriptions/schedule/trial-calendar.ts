import { atAnchorTime } from '../../calendar/zoned-calendar';
import { AppError } from '../../errors';
import { mostTrialDays } from '../../field-schema';
import type { CouponTrial } from '../../promotions/coupon-types';
import { refusal } from '../../promotions/coupon-rules';
import { trialDaysOf } from '../lifecycle/admission-rules';
import { daysOn } from './billing-schedule-calendar';
import { isoOf } from '../lifecycle/telling-rules';

/** When trials end, in the account's zone. Instants are epoch milliseconds. */

/** The trial that a subscription is to begin with, as its request has it. */
export interface AskedTrial {
  /** That of the plan. */
  useTrial: boolean;
  /** Of so many days in place of the plan's; 0: none. */
  trialDays?: number | null | undefined;
  /** Up to then in place of the plan's: a local day, or an instant in ISO 8601. */
  trialEnd?: string | null | undefined;
}

/** What a request says of a trial by itself, with the member that says it; null: the plan and codes decide. */
export function namedTrial({ trialDays, trialEnd }: AskedTrial): { field: string; isNone: boolean } | null {
  return trialEnd != null
    ? { field: '/trialEnd', isNone: false }
    : trialDays != null
      ? { field: '/trialDays', isNone: trialDays === 0 }
      : null;
}

/**
 * When the trial ends that a subscription begins with: the one that its request names, else that of a code, else of its
 * plan. Null: it begins without one.
 * @param code of a trial by code, which a request that names one leaves no room for
 * @throws AppError validation_failed, promotion_not_applicable, invalid_date_sequence
 */
export function trialEndOf(
  asked: AskedTrial,
  { plan, code }: { plan: { trialDays: number }; code: (CouponTrial & { code: string; field: string }) | null },
  { now, timeZone, termEnd }: { now: number; timeZone: string; termEnd: number | null },
): number | null {
  const { useTrial, trialDays, trialEnd } = asked;

  if (trialDays != null && trialEnd != null) {
    throw new AppError('validation_failed', {
      field: '/trialEnd',
      detail: 'trialEnd: Name the days of the trial or its end, not both.',
    });
  }

  if (code !== null && namedTrial(asked) !== null) {
    throw refusal('promotion_not_applicable', code, 'gives a trial, and the request has named another.');
  }

  if (trialEnd != null) {
    return plannedTrialEnd(trialEnd, { now, hourOf: now, timeZone, termEnd });
  }
  const days = trialDays ?? trialDaysOf({ plan, useTrial, trial: code });

  return days > 0 ? daysOn(now, days, timeZone) : null;
}

/**
 * The same by whom it is for: one trial for each customer, whoever gives it (D17).
 * @returns besides, the member of the request that the trial comes from
 * @throws AppError trial_unavailable besides
 */
export function checkedTrialEnd(
  asked: AskedTrial,
  of: { plan: { trialDays: number; planName: string }; code: (CouponTrial & { code: string; field: string }) | null },
  { isTrialUsed, ...when }: { isTrialUsed: boolean; now: number; timeZone: string; termEnd: number | null },
): { trialEnd: number | null; field: string } {
  const trialEnd = trialEndOf(asked, of, when);
  const named = namedTrial(asked);
  const field = named?.field ?? of.code?.field ?? '/useTrial';
  const isWanted = named === null ? asked.useTrial || of.code !== null : !named.isNone;

  if (isWanted && isTrialUsed) {
    throw trialHad(field);
  }

  if (isWanted && trialEnd === null) {
    throw new AppError('trial_unavailable', { field, detail: `${of.plan.planName} has no trial.` });
  }

  return { trialEnd, field };
}

/** Refuses a second trial. @param field the member of the request that asks for it */
export const trialHad = (field: string) =>
  new AppError('trial_unavailable', { field, detail: 'The customer has had a trial.' });

/**
 * The end of a trial as somebody has said it.
 * @param said a local day, which it ends on at the hour of `hourOf`; or an instant, ISO 8601
 * @throws AppError invalid_date_sequence when that is not ahead, too far ahead, or beyond the subscription's term
 */
export function plannedTrialEnd(
  said: string,
  { now, hourOf, timeZone, termEnd }: { now: number; hourOf: number; timeZone: string; termEnd: number | null },
): number {
  const isDay = !said.includes('T');
  const at = isDay ? atAnchorTime(said, hourOf, timeZone) : Date.parse(said);
  const latest = daysOn(now, mostTrialDays, timeZone);

  if (at <= now) {
    throw outOfOrder(`A trial cannot end before ${isoOf(now)}.`);
  }

  if (at > latest) {
    throw outOfOrder(`A trial ends at most ${mostTrialDays} days ahead, by ${isoOf(latest)}.`);
  }

  if (termEnd !== null && at > termEnd) {
    throw outOfOrder(`The term of the subscription ends at ${isoOf(termEnd)}, before the trial would.`);
  }

  return at;
}

const outOfOrder = (detail: string) => new AppError('invalid_date_sequence', { field: '/trialEnd', detail });
