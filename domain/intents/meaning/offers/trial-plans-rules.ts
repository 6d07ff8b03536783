import { foldWord } from '../../words/fold-rules';
import { cycleOf } from '../../words/interval-rules';
import type { Draft } from './draft-types';
import { isConcept, isText } from '../items/item-rules';
import type { Doubt, Place } from '../items/place-rules';
import type { Trial } from '../terms/trial-rules';

/** The trials of a sentence, and where they stand. */
export interface Told {
  trials: readonly Trial[];
  places: readonly Place[];
  sentence: string;
}

/** “Gói B thử 7 ngày” after “gói B 90k/tháng”: leaves out what is named again, only for its trial. */
export function withoutNamedAgain(drafts: readonly Draft[], trials: readonly Trial[]): Draft[] {
  const isAgain = ({ amount, free, name, clause }: Draft) =>
    amount === null &&
    free === null &&
    trials.some((trial) => trial.clause === clause) &&
    drafts.some((other) => other.amount !== null && other.name !== null && isSameName(other.name.text, name?.text));

  return drafts.filter((draft) => !isAgain(draft));
}

const isSameName = (one: string, other: string | undefined): boolean =>
  other !== undefined && foldWord(one) === foldWord(other);

/**
 * A trial is of the plans that its clause names, by their names or by how often they are paid; else of the plan in whose clause
 * it stands; in a clause of its own, of all plans before it that have none.
 * @param names of the plans, one for each
 */
export function assignTrials(
  plans: readonly Draft[],
  names: readonly (string | null)[],
  told: Told,
): Map<Draft, Trial> {
  const assigned = new Map<Draft, Trial>();

  for (const trial of told.trials) {
    const spoken = plans.filter((_, index) => isNamedIn(trial.clause, names[index] ?? null, plans, told));
    const ofCycle = plansOfCycle(plans, trial, told.places);
    const said = spoken.length > 0 ? spoken : ofCycle;
    const targets = said.length > 0 && !trial.isOfAll ? said : plansBeside(plans, trial, assigned);
    targets.forEach((plan) => assigned.set(plan, trial));
  }

  return assigned;
}

function plansBeside(plans: readonly Draft[], trial: Trial, assigned: ReadonlyMap<Draft, Trial>): readonly Draft[] {
  const same = plans.filter(({ clause }) => clause === trial.clause);
  const own = same.findLast(({ at }) => at < trial.at) ?? same[0];

  if (own !== undefined && !trial.isOfAll) {
    return [own];
  }
  const lacking = plans.filter((plan) => !assigned.has(plan));
  const before = lacking.filter(({ at }) => at < trial.at);

  return before.length > 0 ? before : lacking;
}

/** A clause says a name that no offer in it is opened by. */
function isNamedIn(clause: number, name: string | null, plans: readonly Draft[], told: Told): boolean {
  const taken = new Set(plans.flatMap((plan) => (plan.amount === null ? [] : (plan.name?.places ?? []))));
  const free = told.places.filter((place) => place.clause === clause && !taken.has(place.at));

  return (
    name !== null &&
    free.some((first, from) =>
      free.slice(from).some(({ item }) => isSameName(name, told.sentence.slice(first.item.start, item.end))),
    )
  );
}

/** “Gói năm dùng thử 30 ngày”, where another one is paid by the month. */
function plansOfCycle(plans: readonly Draft[], { clause }: Trial, places: readonly Place[]): Draft[] {
  const own = places.filter((place) => place.clause === clause).map(({ item }) => item);
  const cycles = new Set(
    own.flatMap((item) =>
      item.kind === 'time' && item.time !== 'duration' && item.time !== 'first' ? [cycleOf(item.span)] : [],
    ),
  );
  const isPriced = own.some(({ kind }) => kind === 'amount');
  const matching = plans.filter(
    ({ period }) => period !== null && cycles.has(period.cycle === 'onetime' ? null : period.cycle),
  );

  return isPriced ? [] : matching;
}

/** “14 day trial for Premium”, where there is no such plan. */
export function trialOfNone(plans: readonly Draft[], names: readonly (string | null)[], told: Told): Doubt[] {
  const stray = told.places.find(
    (place) =>
      isConcept(place.item, 'tier') &&
      (place.isFor || isConcept(told.places[place.at - 1]?.item, 'plan')) &&
      !isText(place.item, /^plus$/) &&
      told.trials.some(({ clause }) => clause === place.clause) &&
      !plans.some(({ name }) => name?.places.includes(place.at)) &&
      !names.some(
        (name) =>
          name !== null && foldWord(name).includes(foldWord(told.sentence.slice(place.item.start, place.item.end))),
      ),
  );

  return plans.length === 0 || stray === undefined ? [] : [{ code: 'trial_without_plan', span: stray.item }];
}
