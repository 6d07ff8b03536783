import type { Period } from './draft-types';
import type { Gathering } from './gathering-types';
import { isConcept } from './item-rules';
import { isPassedOver, nextOf } from './near-rules';
import type { Place } from './place-rules';

/** A period belongs to the price right before it, else to the next one. */
export function readPeriod(places: readonly Place[], place: Place, gathering: Gathering, period: Period): void {
  const last = gathering.drafts.at(-1);
  const isOfUnit = place.item.kind === 'time' && place.item.time === 'unit';

  if (last?.amount != null && isAfter(places, last.at, place.at)) {
    if (last.period === null || last.period === gathering.waiting) {
      gathering.isSpent &&= last.period === null;
      last.period = period;
    } else if (last.period.cycle !== period.cycle) {
      last.otherPeriod = period;
    }
    Object.assign(last, { at: place.at, end: period.end });

    return;
  }
  // A unit alone says how often only beside a plan or a price: gói tháng, tháng 199k.
  const next = nextOf(places, place.at)?.item;
  const isBeside =
    isConcept(places[place.at - 1]?.item, 'plan', 'subscription', 'and', 'or') ||
    isAfterCycle(places, place.at) ||
    next?.kind === 'amount';

  if (!isOfUnit || isBeside) {
    gathering.waiting = period;
    gathering.isSpent = false;
  }
}

/** Chu kỳ: tháng. */
const isAfterCycle = (places: readonly Place[], at: number): boolean =>
  places.slice(Math.max(0, at - 3), at).some(({ item }) => isConcept(item, 'cycle'));

/** Between a price and what is said of it stand only words that pass. */
function isAfter(places: readonly Place[], from: number, to: number): boolean {
  const between = places.slice(from + 1, to);

  return between.every(
    ({ item }) => isPassedOver(item) || isConcept(item, 'perSeat', 'about', 'tax', 'once') || item.kind === 'percent',
  );
}

/** A period said once for several: “99k and 199k a month”, “monthly: 99k, 199k”, “199k, paid by the month”. */
export function distribute(gathering: Gathering): void {
  const { drafts, waiting } = gathering;
  const priced = drafts.filter(({ amount }) => amount !== null);

  if (waiting !== null && !priced.some(({ period }) => period === waiting)) {
    const lacking = priced.filter(({ period }) => period === null);
    lacking.forEach((draft) => (draft.period = waiting));
    gathering.idlePeriod = lacking.length === 0 ? waiting : null;
  }
  const before = priced.map(({ period }) => period);

  priced.forEach((draft, index) => {
    const areAllLacking = before.slice(0, index + 1).every((period) => period === null);

    if (areAllLacking && draft.period === null) {
      draft.period = priced.find(({ kind, period }) => kind === draft.kind && period !== null)?.period ?? null;
    }
  });
}
