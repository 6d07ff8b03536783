import type { Gathering } from './gathering-types';
import { isConcept, isPrice, type Item, type Span } from '../items/item-rules';
import { isLeadIn, nameBeforeAmount } from '../names/name-rules';
import { nameInList } from '../names/noun-name-rules';
import { openNounless } from './nounless-offer-rules';
import type { Place } from '../items/place-rules';
import { isVague } from './vague-price-rules';

/** Gives a price to the offer that waits for one; else it opens one of the kind that is spoken of. */
export function readPrice(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const { item, at } = place;
  const next = places[at + 1]?.item;

  const isCount = isConcept(next, 'plan', 'addon', 'perSeat', 'all') || isOfName(places, at) || isOfThings(places, at);

  if (item.kind !== 'amount' || (item.amount.isBare && isCount)) {
    return;
  }
  let draft = gathering.drafts.at(-1);

  if (draft === undefined || draft.amount !== null || draft.free !== null) {
    draft = openNounless(places, place, gathering, sentence);
  } else if (draft.name === null) {
    const name =
      draft.kind === 'addon'
        ? nameInList(places, at, sentence)
        : nameBeforeAmount(places, at, { sentence, isListed: false });
    const isWhole = draft.kind === 'plan' || name === null || areLeadIns(places.slice(draft.at + 1, name.places[0]));
    const isUnused = name?.places.every((index) => !gathering.used.has(index)) ?? true;
    draft.name = isWhole && isUnused ? name : null;
    draft.name?.places.forEach((index) => gathering.used.add(index));
  }
  Object.assign(draft, { amount: item, clause: place.clause, at, end: item.end, isVague: isVague(places, at) });

  if (gathering.waiting !== null && !gathering.isSpent) {
    Object.assign(draft, { period: gathering.waiting, otherPeriod: gathering.otherWaiting });
    gathering.isSpent = true;
  }
  if (gathering.idleSeat !== null && draft.kind === 'plan' && isJustBefore(places, at, gathering.idleSeat)) {
    draft.perSeat = gathering.idleSeat;
    gathering.idleSeat = null;
  }
}

/** “180k mỗi tháng giao 4 bình”: beside a price, a number counts what stands behind it. */
function isOfThings(places: readonly Place[], at: number): boolean {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];

  return (
    item?.kind === 'amount' &&
    item.amount.shape === 'whole' &&
    item.amount.value.numerator < 1_000n &&
    (next?.kind === 'word' || isConcept(next, 'noun', 'compound')) &&
    places.some((place) => isPrice(place.item))
  );
}

/** “The 8 classes plan” */
const isOfName = (places: readonly Place[], at: number): boolean =>
  places[at + 1]?.item.kind === 'word' && isConcept(places[at + 2]?.item, 'plan');

/** Between a noun and its name; elsewhere a part of the name would be left out. */
const areLeadIns = (between: readonly Place[]): boolean =>
  between.every(({ item }) => isLeadIn(item) || isBreak(item) || isConcept(item, 'and'));

const isBreak = (item: Item): boolean => item.kind === 'break';

const isJustBefore = (places: readonly Place[], at: number, span: Span): boolean =>
  places.some((place) => place.item.start === span.start && place.clause === places[at]?.clause);
