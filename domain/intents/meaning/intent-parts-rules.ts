import type { BusinessModel, IntentAddon, IntentPlan } from '../intent-types';
import { minorUnits } from '../words/amount-rules';
import type { Draft } from './draft-types';
import type { Span } from './item-rules';
import { keyOf } from './name-rules';
import { isBlank } from './open-draft-rules';
import type { SentenceContext } from './place-rules';
import type { Trial } from './trial-rules';

/** A part of an intent, and for each of its members the words that it comes from. */
export interface Part<Value> {
  value: Value;
  spans: Record<string, Span | null>;
}

const isPlan = (draft: Draft): boolean => draft.kind === 'plan' && !isBlank(draft);

/**
 * Plans as the intent has them. A free one without a name is what every freemium business has, so it is not asked for; one with
 * a name is billed by the month, as nothing. Of a name's second price, “Pro 199k a month or 1tr9 a year”, the name is the same.
 */
export function plansOf(
  drafts: readonly Draft[],
  {
    trials,
    seat,
    model,
    context,
  }: { trials: readonly Trial[]; seat: Span | null; model: BusinessModel | null; context: SentenceContext },
): Part<IntentPlan>[] {
  const plans = drafts.filter(isPlan);
  const trialOf = assignTrials(plans, trials);

  return plans.flatMap((draft, index) => {
    const { amount, free, period } = draft;
    const minor =
      amount === null ? { value: 0, currency: context.currency } : minorUnits(amount.amount, context.currency);
    const name = draft.name ?? inheritedName(plans, index);

    if (typeof minor === 'string' || (model === 'freemium' && minor.value === 0 && name === null)) {
      return [];
    }
    const trial = trialOf.get(draft) ?? null;
    const perSeat = draft.perSeat ?? (plans.every((plan) => plan.perSeat === null) ? seat : null);

    return [
      {
        value: {
          name: name?.text ?? null,
          price: minor.value,
          currency: minor.currency,
          billingCycle: period?.cycle === 'yearly' ? ('yearly' as const) : ('monthly' as const),
          trialDays: trial?.days ?? null,
          unit: perSeat === null ? null : ('seat' as const),
        },
        spans: { name, price: amount ?? free, billingCycle: period, trialDays: trial, unit: perSeat },
      },
    ];
  });
}

function inheritedName(plans: readonly Draft[], index: number): Draft['name'] {
  const [draft, before] = [plans[index], plans[index - 1]];
  const isPriceOnly = draft?.amount !== null && draft?.start === draft?.amount?.start;

  return isPriceOnly && before !== undefined && before.period?.cycle !== draft?.period?.cycle ? before.name : null;
}

/** A trial is of the plan in whose clause it stands; in a clause of its own, of all plans before it that have none. */
function assignTrials(plans: readonly Draft[], trials: readonly Trial[]): Map<Draft, Trial> {
  const assigned = new Map<Draft, Trial>();

  for (const trial of trials) {
    const same = plans.filter(({ clause }) => clause === trial.clause);
    const before = plans.filter(({ at }) => at < trial.at);
    const own = same.findLast(({ at }) => at < trial.at) ?? same[0];
    const lacking = before.filter((plan) => !assigned.has(plan));
    const targets =
      own !== undefined && !trial.isOfAll
        ? [own]
        : lacking.length > 0
          ? lacking
          : plans.filter((plan) => !assigned.has(plan));
    targets.forEach((plan) => assigned.set(plan, trial));
  }

  return assigned;
}

/** Add-ons as the intent has them. */
export function addonsOf(drafts: readonly Draft[], context: SentenceContext): Part<IntentAddon>[] {
  return drafts.flatMap(({ kind, name, amount, period }) => {
    const minor = amount === null ? 'unclear' : minorUnits(amount.amount, context.currency);

    if (kind === 'plan' || name === null || period === null || period.cycle === null || typeof minor === 'string') {
      return [];
    }

    return [
      {
        value: {
          key: keyOf(name),
          name: name.text,
          price: minor.value,
          currency: minor.currency,
          billingPeriod: period.cycle,
        },
        spans: { key: name, name, price: amount, billingPeriod: period },
      },
    ];
  });
}
