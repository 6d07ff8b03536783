import { cycleOf } from '../../words/interval-rules';
import type { Gathering, OfferReading } from './gathering-types';
import { isConcept, isText } from '../items/item-rules';
import { nameAfter, nameOf } from '../names/name-rules';
import { nameByLists } from '../names/name-list-rules';
import { isKindWord } from '../names/name-words-rules';
import { nameInList } from '../names/noun-name-rules';
import { openNamed } from './noun-offer-rules';
import { namesInParallel } from './nounless-offer-rules';
import { isFreeDenied, nextOf } from '../items/near-rules';
import { joinNamesToPrices, openDraft } from './open-draft-rules';
import { distribute, readPeriod } from './period-rules';
import type { Place } from '../items/place-rules';
import { readPrice } from './price-rules';
import { readNounOfPrice, readWantedThing } from './thing-rules';
import { markAlternatives } from './vague-price-rules';

/**
 * Gathers plans and add-ons from left to right: a noun opens one, a name and a price fill it, a price alone opens one of the
 * kind that is spoken of; “per month” belongs to the price before it, else to the next.
 */
export function readOffers(places: readonly Place[], taken: ReadonlySet<number>, sentence: string): OfferReading {
  const gathering: Gathering = {
    drafts: [],
    free: null,
    idlePeriod: null,
    idleSeat: null,
    unpriced: null,
    used: new Set(taken),
    section: null,
    waiting: null,
    otherWaiting: null,
    isSpent: false,
    isFreemium: places.some(({ item, at }) => isConcept(item, 'freemium') && !isDenied(places, at)),
    hasShop: places.some(({ item }) => isConcept(item, 'retail', 'shop', 'multi')),
    inParallel: namesInParallel(places, sentence),
  };

  for (const place of places) {
    if (!gathering.used.has(place.at)) {
      readPlace(places, place, gathering, sentence);
    }
  }
  joinNamesToPrices(gathering, (from, to) =>
    places.slice(from, to).some(({ item }) => isConcept(item, 'add', 'and', 'or')),
  );
  distribute(gathering);
  const told = { ...gathering, ...nameByLists(gathering, places, sentence) };
  markAlternatives(told.drafts, places);

  return told;
}

function readPlace(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const { item, at } = place;

  if (item.kind === 'amount') {
    readPrice(places, place, gathering, sentence);
  } else if (item.kind === 'time' && item.time !== 'first') {
    readPeriod(places, place, gathering, { start: item.start, end: item.end, cycle: cycleOf(item.span) });
  } else if (isConcept(item, 'once')) {
    readPeriod(places, place, gathering, { start: item.start, end: item.end, cycle: 'onetime' });
  } else if (isConcept(item, 'addon') && readNounOfPrice(places, at, gathering, sentence)) {
    gathering.section = 'addon';
  } else if (isConcept(item, 'addon') && isNameOfLast(gathering, at - 1)) {
    gathering.section = 'addon';
  } else if (isConcept(item, 'addon') && isSaidOfLast(places, at, gathering, sentence)) {
    gathering.section = 'addon';
  } else if (isConcept(item, 'plan') && isNounOfPrice(places, at, gathering)) {
    gathering.section = 'plan';
  } else if (isConcept(item, 'plan', 'addon') && !isAfterAll(places, place, gathering)) {
    openNamed(places, place, gathering, sentence);
  } else if (isConcept(item, 'knownAddon')) {
    readKnownAddon(places, place, gathering, sentence);
  } else if (isConcept(item, 'perSeat')) {
    const last = gathering.drafts.at(-1);

    if (last?.amount != null && last.perSeat === null && last.clause === place.clause) {
      last.perSeat = item;
    } else {
      gathering.idleSeat ??= item;
    }
  } else if (place.isFor && isNameable(item) && readWantedThing(places, place, gathering, sentence)) {
    gathering.section = 'addon';
  } else if (isConcept(item, 'tier') || isCalledAlike(places, place, gathering)) {
    readTier(places, place, gathering, sentence);
  } else if (isConcept(item, 'free') && !isFreeDenied(places, at)) {
    readFree(places, place, gathering);
  }
}

const isNameable = (item: Place['item']): boolean => item.kind === 'word' || isConcept(item, 'compound');

/** “A storage add-on”: the name has opened it. */
function isNameOfLast({ drafts }: Gathering, at: number): boolean {
  const last = drafts.at(-1);

  return last?.kind === 'addon' && last.amount === null && last.name?.places.includes(at) === true;
}

/** “Không làm freemium nữa”, “đừng chuyển sang freemium” */
function isDenied(places: readonly Place[], at: number): boolean {
  const before = nextOf(places, at, -1);
  const deed = isConcept(before?.item, 'toward', 'change', 'want') ? nextOf(places, before?.at ?? at, -1) : before;

  return isConcept(deed?.item, 'not', 'drop', 'stopOrUse');
}

/** “Extra storage as an add-on”, “… 30k/tháng dưới dạng add-on”: what was spoken of is one. */
function isSaidOfLast(places: readonly Place[], at: number, { drafts, used }: Gathering, sentence: string): boolean {
  const last = drafts.at(-1);
  const before = places
    .slice(0, at)
    .findLast(({ item }) => item.kind !== 'time' && !isText(item, /^(a|à|ạ|an|một)$/))?.item;
  const isSaid =
    last?.clause === places[at]?.clause && (isText(before, /^(as|làm|dưới dạng|là|is|are)$/) || isKindWord(before));
  // Of all that its clause has told.
  const told = drafts.filter(
    (draft) => isSaid && draft.clause === last?.clause && (draft.amount !== null || draft === last),
  );
  const named = told.map((draft) => {
    const of = places.findIndex(({ item }) => item === draft.amount);

    return { draft, name: draft.name ?? nameInList(places, of, sentence) };
  });

  if (named.length === 0 || named.some(({ name }) => name === null)) {
    return false;
  }
  named.forEach(({ draft, name }) => {
    Object.assign(draft, { kind: 'addon', isPlanOrAddon: false, name });
    name?.places.forEach((index) => used.add(index));
  });

  return true;
}

/** “A $9 plan billed monthly and a $90 plan billed annually”: it says no more than what the price is of. */
function isNounOfPrice(places: readonly Place[], at: number, { drafts }: Gathering): boolean {
  const [before, next, last] = [places[at - 1]?.item, places[at + 1]?.item, drafts.at(-1)];

  return (
    last?.kind === 'plan' &&
    last.amount !== null &&
    last.amount === before &&
    last.period === null &&
    (next?.kind === 'time' || isConcept(next, 'cycle'))
  );
}

/** “Storage $2/mo and backups $3/mo add-ons”: the noun of what has been told. */
function isAfterAll(places: readonly Place[], { at, item }: Place, { drafts }: Gathering): boolean {
  const [before, next, last] = [places[at - 1]?.item, places[at + 1]?.item, drafts.at(-1)];
  const isKind = last?.kind === (isConcept(item, 'plan') ? 'plan' : 'addon');
  const isEnd = next === undefined || (next.kind === 'break' && next.text !== ':');

  return isKind && last.amount !== null && isEnd && (before?.kind === 'time' || before?.kind === 'amount');
}

/** “$5 monthly for Lite and $9 monthly for Full” */
const isCalledAlike = (places: readonly Place[], { item, isFor }: Place, { drafts }: Gathering): boolean =>
  item.kind === 'word' && isFor && drafts.some(({ name }) => places[name?.places[0] ?? -1]?.isFor === true);

/** “$6 a month for Premium”: the price came first. */
function readTier(places: readonly Place[], place: Place, { drafts, used }: Gathering, sentence: string): void {
  const last = drafts.at(-1);

  if (
    place.isFor &&
    last?.amount != null &&
    last.name === null &&
    last.kind === 'plan' &&
    last.clause === place.clause
  ) {
    const next = places[place.at + 1];
    const parts = next !== undefined && isConcept(next.item, 'tier') ? [place, next] : [place];
    last.name = nameOf(parts, sentence);
    parts.forEach(({ at }) => used.add(at));
  }
}

function readKnownAddon(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const last = gathering.drafts.at(-1);
  const from = whatPriceIsFor(places, place);
  const after = nameAfter(places, place.at - 1, sentence);
  const whole = places.slice(from, Math.max(place.at, ...(after?.places ?? [])) + 1);
  const name = from < place.at ? nameOf(whole, sentence) : after;

  if (last !== undefined && last.amount === null && last.name === null && last.free === null) {
    last.name = name;
    name?.places.forEach((index) => gathering.used.add(index));
  } else {
    openDraft(gathering, places[from] ?? place, 'addon', name);
  }
}

/** “$4 a month for cloud backup”: the words between. @returns the place of the first of them, else of the add-on itself */
function whatPriceIsFor(places: readonly Place[], { at, clause }: Place): number {
  let from = at;

  while (!places[from]?.isFor && places[from - 1]?.clause === clause && places[from - 1]?.item.kind === 'word') {
    from -= 1;
  }

  return places[from]?.isFor === true ? from : at;
}

function readFree(places: readonly Place[], { item, at }: Place, gathering: Gathering): void {
  const last = gathering.drafts.at(-1);
  const isOfLast = last !== undefined && last.kind === 'plan' && last.amount === null && last.free === null;

  if (isOfLast) {
    last.free = item;
  } else if (isConcept(places[at + 1]?.item, 'plan')) {
    const noun = places[at + 1] as Place;
    gathering.used.add(noun.at);
    openDraft(gathering, noun, 'plan', null).free = item;
  } else {
    gathering.free ??= item;
  }
}
