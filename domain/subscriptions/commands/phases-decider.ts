import { AppError } from '../../errors';
import { issueAhead, takeBackAhead } from '../charges/period-billing';
import type { Decision, SubscriptionCommand } from '../lifecycle/decision-types';
import { isFree, planOf } from '../lifecycle/item-rules';
import { type Phase, phasesOf, withPhases } from '../schedule/phase-rules';
import { isLastPeriod } from '../schedule/subscription-deadline-rules';
import { invoiceAheadOf } from '../lifecycle/subscription-invoice-rules';
import { planItem, type Subscription, type SubscriptionPolicy } from '../lifecycle/subscription-types';
import { updatedEvent, wrongState } from '../lifecycle/telling-rules';

type SetPhases = Extract<SubscriptionCommand, { type: 'set_phases' }>;

/**
 * What its plan is to cost, and how many seats it is to have, in periods to come, in place of what was agreed on for them; none:
 * it goes on as it is. A renewal that is invoiced already is issued again.
 * @throws AppError validation_failed on /phases/<index>/…, no_change, subscription_state
 */
export function setPhases(state: Subscription, { phases }: SetPhases, policy: SubscriptionPolicy): Decision {
  const plan = planOf(state);
  requireAscending(phases);

  if (isSame(phasesOf(state), phases)) {
    throw new AppError('no_change', { field: '/phases', detail: 'These are its phases already.' });
  }

  if (phases.length > 0) {
    requirePeriods(state);
  }
  const taken = takeBackAhead(state, 'reissue', [planItem]);
  const next = withPhases(taken.state, phases);
  const ahead = invoiceAheadOf(state) === null ? [] : issueAhead(next, policy, plan);

  return { state: next, effects: [updatedEvent(next, ['phases'], { phases }), ...taken.effects, ...ahead] };
}

function isSame(waiting: readonly Phase[], wanted: readonly Phase[]): boolean {
  const shown = (phases: readonly Phase[]) =>
    phases.map((one) => [one.periods, one.amount, one.quantity].join()).join(';');

  return shown(waiting) === shown(wanted);
}

/** @throws AppError validation_failed */
function requireAscending(phases: readonly Phase[]): void {
  for (const [nth, { periods }] of phases.entries()) {
    if (periods <= (phases[nth - 1]?.periods ?? 0)) {
      throw new AppError('validation_failed', {
        field: `/phases/${nth}/afterPeriods`,
        detail: 'afterPeriods: It must be more than that of the phase before.',
      });
    }
  }
}

/** @throws AppError subscription_state where no periods are to come that phases could be counted in */
function requirePeriods(state: Subscription): void {
  if (isFree(planOf(state))) {
    throw wrongState(state, 'Its plan costs nothing and has no periods: change the plan.');
  }

  if (isLastPeriod(state, planOf(state))) {
    throw wrongState(state, 'It ends with its period, and is not renewed.');
  }

  if (state.waitingChanges.some((change) => change.kind === 'price' && change.item === planItem)) {
    throw wrongState(state, 'Another price was announced: take that change back first.');
  }
}
