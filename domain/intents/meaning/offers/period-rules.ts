import type { Draft, Period } from './draft-types';
import type { Gathering } from './gathering-types';
import { cycleOf } from '../../words/interval-rules';
import { isConcept, isPrice, isText, type Item } from '../items/item-rules';
import { isPassedOver, nextOf } from '../items/near-rules';
import type { Place } from '../items/place-rules';

/** A period belongs to the price right before it, else to the next one. */
export function readPeriod(places: readonly Place[], place: Place, gathering: Gathering, period: Period): void {
  if (isDenied(places, place.at) || isOfShopKept(places, place)) {
    return;
  }
  const last = gathering.drafts.at(-1);
  const isOfUnit = place.item.kind === 'time' && place.item.time === 'unit';

  if (last?.amount != null && isAfter(places, last.at, place.at) && !isOfNextPrice(places, place, last)) {
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
    isOfTicket(places, place.at) ||
    next?.kind === 'amount';

  if (!isOfUnit || isBeside) {
    const { waiting, isSpent } = gathering;
    const isAlternative = isConcept(places[place.at - 1]?.item, 'or');
    gathering.otherWaiting = isAlternative && !isSpent && waiting?.cycle !== period.cycle ? waiting : null;
    gathering.waiting = period;
    gathering.isSpent = false;
  }
}

/** “Tháng 80k và năm 800k”, “monthly $10 and yearly $100”: each period stands before its price, and “tháng 80k một tháng”. */
function isOfNextPrice(places: readonly Place[], { item, at }: Place, { amount, period }: Draft): boolean {
  const next = places.slice(at + 1).find((place) => !isLeadingToPrice(place.item))?.item;
  const isBefore = period !== null && amount !== null && period.start < amount.start;
  const isOther = item.kind === 'time' && cycleOf(item.span) !== period?.cycle;

  return isBefore && isOther && isPrice(next);
}

const isLeadingToPrice = (item: Item): boolean =>
  isConcept(item, 'price', 'filler') || (item.kind === 'break' && item.text === ':');

/** “Không theo năm”, “instead of yearly”: how it is not paid. */
function isDenied(places: readonly Place[], at: number): boolean {
  const before = nextOf(places, at, -1);

  return before !== null && isConcept(before.item, 'not', 'drop');
}

/** “Khách lẻ vẫn thuê theo giờ”: how the shop that stays is paid. */
function isOfShopKept(places: readonly Place[], { clause, at }: Place): boolean {
  const isApart = (place: Place) => place.clause !== clause || isConcept(place.item, 'but');
  const from = places.slice(0, at).findLastIndex(isApart) + 1;
  const length = places.slice(at).findIndex(isApart);
  const own = places.slice(from, length < 0 ? undefined : at + length).map(({ item }) => item);

  return (
    own.some((item) => isConcept(item, 'retail', 'shop')) &&
    own.some((item) => isConcept(item, 'keep')) &&
    !own.some((item) => item.kind === 'amount' || isConcept(item, 'subscription', 'plan', 'add', 'and'))
  );
}

/** Chu kỳ: tháng. */
const isAfterCycle = (places: readonly Place[], at: number): boolean =>
  places.slice(Math.max(0, at - 3), at).some(({ item }) => isConcept(item, 'cycle'));

/** Vé tháng hồ bơi 400k, học phí tháng là 2tr, đều tính tháng. */
const isOfTicket = (places: readonly Place[], at: number): boolean =>
  isText(places[at - 1]?.item, /^(phí|cước|tiền|tính|thu|thu phí|tính phí|tính tiền|thu tiền)$/) ||
  wordOf(places[at - 1]?.item) === 've';

const wordOf = (item: Item | undefined): string => (item?.kind === 'word' ? item.text : '');

/** Between a price and what is said of it stand only words that pass. */
function isAfter(places: readonly Place[], from: number, to: number): boolean {
  const between = places.slice(from + 1, to);

  return between.every(
    ({ item }, index) =>
      isPassedOver(item) ||
      isConcept(item, 'perSeat', 'about', 'tax', 'once') ||
      (isConcept(item, 'plan') && index === 0) ||
      item.kind === 'percent',
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
  distributeHeading(priced, waiting);
  const before = priced.map(({ period }) => period);

  priced.forEach((draft, index) => {
    const areAllLacking = before.slice(0, index + 1).every((period) => period === null);

    if (areAllLacking && draft.period === null) {
      draft.period = priced.find(({ kind, period }) => kind === draft.kind && period !== null)?.period ?? null;
    }
  });
}

/** “Monthly: Basic 20, Plus 35, Premium 50”: what stands before a list of names is of all of them. */
function distributeHeading(priced: readonly Draft[], heading: Period | null): void {
  const [first] = priced;
  const lacking = priced.filter(({ period }) => period === null);
  const areNamed = [first, ...lacking].every((draft) => draft?.name != null && draft.kind === first?.kind);

  if (heading !== null && first?.period === heading && heading.end <= first.start && areNamed) {
    lacking.forEach((draft) => (draft.period = heading));
  }
}
