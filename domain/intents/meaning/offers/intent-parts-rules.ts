import type { BusinessModel, IntentAddon, IntentPlan } from '../../intent-types';
import { minorUnits } from '../../words/amount-rules';
import type { Draft } from './draft-types';
import type { Span } from '../items/item-rules';
import { keyOf } from '../names/name-rules';
import { isBlank } from './open-draft-rules';
import type { Doubt, SentenceContext } from '../items/place-rules';
import { assignTrials, type Told, trialOfNone } from './trial-plans-rules';

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
    told,
    seat,
    model,
    context,
  }: { told: Told; seat: Span | null; model: BusinessModel | null; context: SentenceContext },
): { parts: Part<IntentPlan>[]; doubts: Doubt[] } {
  const plans = drafts.filter(isPlan);
  const names = plans.map((draft, index) => draft.name ?? inheritedName(plans, index));
  const written = names.map((name) => name?.text ?? null);
  const trialOf = assignTrials(plans, written, told);
  const ofFree = currencyOf(drafts, context);

  const parts = plans.flatMap((draft, index) => {
    const { amount, free, period } = draft;
    const minor = amount === null ? { value: 0, currency: ofFree } : minorUnits(amount.amount, context.currency);
    const name = names[index] ?? null;

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

  return { parts, doubts: trialOfNone(plans, written, told) };
}

/** “Basic free, AI $8”: what is free is sold to those who pay the other prices, and so in their currency. */
function currencyOf(drafts: readonly Draft[], { currency }: SentenceContext): string {
  const told = drafts.flatMap(({ amount }) => {
    const minor = amount === null ? 'unclear' : minorUnits(amount.amount, currency);

    return typeof minor === 'string' ? [] : [minor.currency];
  });
  const [only = currency] = told;

  return told.every((one) => one === only) ? only : currency;
}

function inheritedName(plans: readonly Draft[], index: number): Draft['name'] {
  const [draft, before] = [plans[index], plans[index - 1]];
  const isPriceOnly = draft?.amount !== null && draft?.start === draft?.amount?.start;

  return isPriceOnly && before !== undefined && before.period?.cycle !== draft?.period?.cycle ? before.name : null;
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
