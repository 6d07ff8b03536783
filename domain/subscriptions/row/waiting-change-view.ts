import type { Prisma } from '../../../platform/db/database';
import { formatOptionalInstant } from '../../../platform/instant';
import type { BillingCycle } from '../../calendar/billing-period-rules';
import { endOfPeriods } from '../schedule/billing-schedule-calendar';
import { isTried } from '../lifecycle/addon-rules';
import { itemKeyOf } from '../lifecycle/waiting-change-rules';
import { planItem, type WaitingChange } from '../lifecycle/subscription-types';
import { WaitingChanges } from './subscription-row';

type Row = Pick<
  Prisma.SubscriptionGetPayload<{ include: { addons: true } }>,
  | 'addons'
  | 'waitingChanges'
  | 'planId'
  | 'planName'
  | 'quantity'
  | 'status'
  | 'trialEnd'
  | 'currentPeriodEnd'
  | 'billingCycle'
  | 'anchorAt'
  | 'anchorDay'
  | 'periodIndex'
  | 'timeZone'
>;

/** Changes that wait, as the API shows them: each by itself, and what those of plan and seats come to together. */
export function viewWaiting(row: Row) {
  const changes: readonly WaitingChange[] = WaitingChanges.parse(row.waitingChanges);
  const atPeriodEnd = changes.filter(({ takesEffect }) => takesEffect.on !== 'charge_answer');
  const plan = atPeriodEnd.find((change) => change.kind === 'plan');
  const seats = atPeriodEnd.find((change) => change.kind === 'quantity' && change.item === planItem);

  return {
    changes: changes.map((change) => viewChange(change, row)),
    scheduledChange:
      plan === undefined && seats === undefined
        ? null
        : {
            planId: plan?.terms.planId ?? Number(row.planId),
            planName: plan?.terms.planName ?? row.planName,
            quantity: seats?.kind === 'quantity' ? seats.quantity : row.quantity,
          },
    isWaiting: (kind: WaitingChange['kind']) => atPeriodEnd.some((change) => change.kind === kind),
  };
}

function viewChange(change: WaitingChange, row: Row) {
  const { takesEffect } = change;
  const addon = row.addons.find(({ id }) => itemKeyOf(change) === `addon/${id}`);
  const ofPlan = row.status === 'trial' ? row.trialEnd : row.currentPeriodEnd;
  const periodEnd = addon === undefined || isTried(row, addon) ? ofPlan : addon.currentPeriodEnd;
  const price = change.kind === 'price' ? change : null;
  const phase = change.kind === 'phase' ? change : null;
  const end =
    takesEffect.on === 'instant' ? new Date(takesEffect.at) : takesEffect.on === 'period_end' ? periodEnd : null;
  const notBefore = price?.notBefore == null ? null : new Date(price.notBefore);
  const isAfter = notBefore === null || (end !== null && notBefore <= end);
  const at =
    phase !== null && phase.periods > 1
      ? endOfPhase(phase.periods, row)
      : price?.atOnce === true
        ? notBefore
        : isAfter
          ? end
          : null;

  return {
    id: change.id,
    kind: change.kind,
    item: itemKeyOf(change),
    ...ofPlanOrAddon(change, addon),
    priceId: price?.priceId ?? null,
    amount: 'terms' in change ? change.terms.amount : (phase?.amount ?? null),
    quantity: 'quantity' in change ? change.quantity : null,
    periods: phase?.periods ?? null,
    waitsFor: takesEffect.on === 'charge_answer' ? ('charge_answer' as const) : ('period_end' as const),
    notBefore: formatOptionalInstant(notBefore, row.timeZone),
    effectiveAt: formatOptionalInstant(at, row.timeZone),
  };
}

function ofPlanOrAddon(change: WaitingChange, addon: Row['addons'][number] | undefined) {
  const terms = 'terms' in change && 'planId' in change.terms ? change.terms : null;

  return {
    planId: terms?.planId ?? (change.kind === 'phase' ? change.planId : null),
    planName: terms?.planName ?? null,
    addonId: addon === undefined ? null : Number(addon.addonId),
    addonName: addon?.addonName ?? null,
  };
}

/** When so many periods have ended, as they are counted now; null where none is. */
function endOfPhase(periods: number, { anchorAt, anchorDay, periodIndex, timeZone, billingCycle }: Row): Date | null {
  if (anchorAt === null || anchorDay === null) {
    return null;
  }
  const service = { timeZone, billingCycle: billingCycle as BillingCycle, endsAt: null };
  const schedule = { anchorAt: anchorAt.getTime(), anchorDay, periodIndex };

  return new Date(endOfPeriods({ ...service, ...schedule }, periodIndex + periods - 1));
}
