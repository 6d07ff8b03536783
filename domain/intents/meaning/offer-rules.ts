import { cycleOf } from '../words/interval-rules';
import { addonName } from './addon-name-rules';
import type { Draft } from './draft-types';
import type { Gathering, OfferReading } from './gathering-types';
import { isConcept, type Span } from './item-rules';
import { isLeadIn, type Name, nameAfter, nameBefore, nameBeforeAmount } from './name-rules';
import { distribute, readPeriod } from './period-rules';
import type { Place } from './place-rules';
import { isVague, markAlternatives } from './vague-price-rules';

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
    used: new Set(taken),
    section: null,
    waiting: null,
    isSpent: false,
  };

  for (const place of places) {
    if (!gathering.used.has(place.at)) {
      readPlace(places, place, gathering, sentence);
    }
  }
  distribute(gathering);
  markAlternatives(gathering.drafts, places);

  return gathering;
}

function readPlace(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const { item, at } = place;

  if (item.kind === 'amount') {
    readPrice(places, place, gathering, sentence);
  } else if (item.kind === 'time' && item.time !== 'first') {
    readPeriod(places, place, gathering, { start: item.start, end: item.end, cycle: cycleOf(item.span) });
  } else if (isConcept(item, 'once')) {
    readPeriod(places, place, gathering, { start: item.start, end: item.end, cycle: 'onetime' });
  } else if (isConcept(item, 'addon') && isNameOfLast(gathering, at - 1)) {
    gathering.section = 'addon';
  } else if (isConcept(item, 'plan', 'addon')) {
    open(
      gathering,
      place,
      isConcept(item, 'plan') ? 'plan' : 'addon',
      addonName(places, at, sentence) ??
        nameAfter(places, at, sentence) ??
        nameOfNoun(places, place, gathering, sentence),
    );
  } else if (isConcept(item, 'knownAddon')) {
    readKnownAddon(places, place, gathering, sentence);
  } else if (isConcept(item, 'perSeat')) {
    const last = gathering.drafts.at(-1);

    if (last?.amount != null && last.perSeat === null && last.clause === place.clause) {
      last.perSeat = item;
    } else {
      gathering.idleSeat ??= item;
    }
  } else if (isConcept(item, 'free')) {
    readFree(places, place, gathering);
  }
}

/** “A storage add-on”: the name has opened it. */
function isNameOfLast({ drafts }: Gathering, at: number): boolean {
  const last = drafts.at(-1);

  return last?.kind === 'addon' && last.amount === null && last.name?.places.includes(at) === true;
}

/** A name before the noun, unless another offer has it. */
function nameOfNoun(places: readonly Place[], { at }: Place, { used }: Gathering, sentence: string): Name | null {
  const name = nameBefore(places, at, sentence);

  return name === null || name.places.some((index) => used.has(index)) ? null : name;
}

function open(gathering: Gathering, place: Place, kind: Draft['kind'], name: Name | null): Draft {
  const last = gathering.drafts.at(-1);
  gathering.section = kind;
  name?.places.forEach((index) => gathering.used.add(index));

  // “$3 a month for extra storage”: the price came first.
  if (last !== undefined && isPriceFor(last, place) && name !== null) {
    return Object.assign(last, { kind, name });
  }

  // “Các gói: gói Pro …”: the first noun has named nothing.
  if (last !== undefined && isBlank(last)) {
    gathering.drafts.pop();
  }
  const draft: Draft = {
    kind,
    name,
    start: place.item.start,
    end: place.item.end,
    amount: null,
    period: null,
    otherPeriod: null,
    perSeat: null,
    free: null,
    clause: place.clause,
    at: place.at,
    isVague: false,
  };
  gathering.drafts.push(draft);

  return draft;
}

/** A price that nothing has been said of yet, in the clause of what it may be for. */
const isPriceFor = ({ amount, name, start, clause }: Draft, place: Place): boolean =>
  amount !== null && name === null && amount.start === start && clause === place.clause && place.isFor;

export const isBlank = ({ amount, name, free }: Draft): boolean => amount === null && name === null && free === null;

function readKnownAddon(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const last = gathering.drafts.at(-1);
  const name = nameAfter(places, place.at - 1, sentence);

  if (last !== undefined && last.amount === null && last.name === null && last.free === null) {
    last.name = name;
    name?.places.forEach((index) => gathering.used.add(index));
  } else {
    open(gathering, place, 'addon', name);
  }
}

function readPrice(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const { item, at } = place;
  const next = places[at + 1]?.item;

  if (item.kind !== 'amount' || (item.amount.isBare && isConcept(next, 'plan', 'addon', 'perSeat', 'all'))) {
    return;
  }
  let draft = gathering.drafts.at(-1);
  const isAnyWord = gathering.section === 'addon' || (draft?.name != null && draft.amount !== null);

  if (draft === undefined || draft.amount !== null || draft.free !== null) {
    const name = nameBeforeAmount(places, at, { sentence, isAnyWord });
    const isFree = name?.places.every((index) => !gathering.used.has(index)) ?? true;
    draft = open(gathering, place, gathering.section ?? 'plan', isFree ? name : null);
  } else if (draft.name === null) {
    const name = nameBeforeAmount(places, at, { sentence, isAnyWord: draft.kind === 'addon' });
    const isWhole = draft.kind === 'plan' || name === null || areLeadIns(places.slice(draft.at + 1, name.places[0]));
    draft.name = isWhole && name?.places.every((index) => !gathering.used.has(index)) === true ? name : null;
    draft.name?.places.forEach((index) => gathering.used.add(index));
  }
  Object.assign(draft, { amount: item, clause: place.clause, at, end: item.end, isVague: isVague(places, at) });

  if (gathering.waiting !== null && !gathering.isSpent) {
    draft.period = gathering.waiting;
    gathering.isSpent = true;
  }
  if (gathering.idleSeat !== null && draft.kind === 'plan' && isJustBefore(places, at, gathering.idleSeat)) {
    draft.perSeat = gathering.idleSeat;
    gathering.idleSeat = null;
  }
}

/** Between a noun and its name; elsewhere a part of the name would be left out. */
const areLeadIns = (between: readonly Place[]): boolean =>
  between.every(({ item }) => isLeadIn(item) || item.kind === 'break' || isConcept(item, 'and'));

const isJustBefore = (places: readonly Place[], at: number, span: Span): boolean =>
  places.some((place) => place.item.start === span.start && place.clause === places[at]?.clause);

function readFree(places: readonly Place[], { item, at }: Place, gathering: Gathering): void {
  const last = gathering.drafts.at(-1);
  const isOfLast = last !== undefined && last.kind === 'plan' && last.amount === null && last.free === null;

  if (isOfLast) {
    last.free = item;
  } else if (isConcept(places[at + 1]?.item, 'plan')) {
    const noun = places[at + 1] as Place;
    gathering.used.add(noun.at);
    open(gathering, noun, 'plan', null).free = item;
  } else {
    gathering.free ??= item;
  }
}
