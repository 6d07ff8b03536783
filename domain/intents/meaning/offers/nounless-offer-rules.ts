import type { Draft } from './draft-types';
import type { Gathering } from './gathering-types';
import { isConcept, isPrice, isText, type Item } from '../items/item-rules';
import { beforeAmount, type Name, nameBefore, nameBeforeAmount, nameOf } from '../names/name-rules';
import { isKnownAddon } from '../lexicon/addon-kinds';
import { nameInList } from '../names/noun-name-rules';
import { isNameOfClub, nameBehindPrice, nameOfThing } from '../names/tail-name-rules';
import { isBlank, openDraft } from './open-draft-rules';
import { costsByItself } from './thing-rules';
import type { Place } from '../items/place-rules';

/**
 * Opens the offer of a price that no noun has opened: “Pro 199k”, “thêm AI 100k”. What is added to plans, or to what is free, is
 * an add-on, unless it is called as plans are (Pro, Basic); what else a name is called there may be either, and is asked.
 */
export function openNounless(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): Draft {
  const { at } = place;
  const { section, drafts } = gathering;
  const isGiven = isGift(places, gathering);
  const isFreemium = gathering.isFreemium || (isGiven && isCosting(places, at));
  const last = drafts.at(-1);
  const isUnused = (name: Name | null) => name?.places.every((index) => !gathering.used.has(index)) ?? true;
  const inList = nameInList(places, at, sentence);
  const listed = isUnused(inList) ? inList : null;

  const isPart = (name: Name) =>
    isKnownAddon(name.text) || costsByItself(places, at, name, sentence) || isWrittenSmall(places, name);

  if (section === 'addon') {
    return openDraft(gathering, place, 'addon', listed);
  }
  // “Free for everybody, custom domain costs $12 a year”
  if (listed !== null && (isFreemium || isGiven) && isPart(listed)) {
    return openDraft(gathering, place, 'addon', listed);
  }
  const isOfPeople =
    listed !== null && isAfterAdd(places, listed.places[0] ?? at, isFreemium) && arePeople(places, listed);
  const isAdded = section === 'added' || isAfterAdd(places, listed?.places[0] ?? at, isFreemium);

  if (listed !== null && isAdded && !isCalledAsPlan(places, listed)) {
    return openAdded(gathering, place, listed);
  }
  const isListed = last?.name != null && last.amount !== null;
  const name =
    gathering.inParallel.get(at) ??
    nameBeforeAmount(places, at, { sentence, isListed }) ??
    nameOfClause(places, at, sentence) ??
    nameOfThing(places, at, sentence) ??
    nameCalled(places, at, sentence);
  const own = isUnused(name) && !isCharged(places, name) ? name : null;
  const behind = own === null ? nameBehindPrice(places, at, sentence) : null;
  // “Keep the app free, $4 monthly for the AI assistant and $1 for reports”
  if (behind !== null && isFreemium && isKnownAddon(behind.text)) {
    return openDraft(gathering, place, 'addon', behind);
  }
  const draft = openDraft(gathering, place, 'plan', own ?? behind);

  if (behind !== null) {
    const isCalled = isNameOfClub(behind, places) || isCalledAsPlan(places, behind);
    draft.isPlanOrAddon = (isAdded || isFreemium) && !isCalled && !gathering.hasShop;

    return draft;
  }
  const isBesideFree = isFreemium || isGiven || (last !== undefined && last.name === null && last.amount !== null);
  const isFee = isText(places[at - 1]?.item, /^(phí|tiền|cước|fee|fees)$/) && isAfterAdd(places, at - 1, false);
  draft.isPlanOrAddon =
    draft.name === null
      ? isFee || ((isAdded || isFreemium) && leavesWords(places, at))
      : isOfPeople || (isBesideFree && !isCalledAsPlan(places, draft.name));

  return draft;
}

/** “Bản gốc để miễn phí”: what is free, where no model is named, is the base that add-ons are sold to. */
const isGift = (places: readonly Place[], { free }: Gathering): boolean =>
  free !== null && !places.some(({ item }) => isConcept(item, 'subscription', 'retail', 'shop', 'multi'));

/** “Ghi chú miễn phí, đồng bộ 19k/tháng”: what a plan is called is written as a name is. */
const isWrittenSmall = (places: readonly Place[], name: Name): boolean =>
  /^\p{Ll}/u.test(name.text) &&
  !isCalledAsPlan(places, name) &&
  !arePeople(places, name) &&
  !places.some((place) => isFreeForSome(places, place));

/** “Free for hobbyists, professionals $20”: whom something is free for has its opposite. */
const isFreeForSome = (places: readonly Place[], { item, at, clause }: Place): boolean => {
  const whom = isConcept(item, 'free') ? places.slice(at + 1).find(({ isFor }) => isFor) : undefined;

  return whom?.clause === clause && (whom.item.kind === 'word' || isConcept(whom.item, 'compound', 'audience'));
};

const isCosting = (places: readonly Place[], at: number): boolean =>
  isConcept(places.slice(0, at).findLast(({ item }) => !isConcept(item, 'once', 'filler'))?.item, 'price');

/** Beside a shop it is what renews; by itself it may be either. */
function openAdded(gathering: Gathering, place: Place, name: Name): Draft {
  const hasPlan = gathering.drafts.some((draft) => draft.kind === 'plan' && !isBlank(draft));
  const isAddon = gathering.isFreemium || hasPlan || gathering.section === 'added';
  const draft = openDraft(gathering, place, isAddon ? 'addon' : 'plan', name);
  draft.isPlanOrAddon = !isAddon && !gathering.hasShop;
  gathering.section = isAddon ? 'added' : null;

  return draft;
}

/** “Thêm sinh viên 20k”: a plan for them, or what each of them costs. */
const arePeople = (places: readonly Place[], name: Name): boolean =>
  name.places.some((index) => isText(places[index]?.item, /^(sinh viên|học sinh|student)$/));

/** “Charge teams $8 per user”: whom, and not what for. */
const isCharged = (places: readonly Place[], name: Name | null): boolean =>
  isText(places[(name?.places[0] ?? 0) - 1]?.item, /^(charge|charging|bill)$/);

const isCalledAsPlan = (places: readonly Place[], name: Name): boolean =>
  name.places.some((index) => isConcept(places[index]?.item, 'tier'));

/** “Thêm …”, and of what is free “+ AI”, “kèm AI”. */
function isAfterAdd(places: readonly Place[], at: number, isFreemium: boolean): boolean {
  let before = at - 1;

  while (before >= 0 && isConcept(places[before]?.item, 'filler', 'noun', 'named')) {
    before -= 1;
  }
  const item = places[before]?.item;

  return (
    isConcept(item, 'add') ||
    isText(item, /^plus$/) ||
    (isFreemium && isText(item, /^(\+|with|with a|kèm|kèm theo|cộng|plus a)$/))
  );
}

/** A name stood before the price, of which nothing could be made. */
const leavesWords = (places: readonly Place[], at: number): boolean => {
  const to = beforeAmount(places, at);
  const added = places.slice(0, to).findLastIndex(({ item }) => isConcept(item, 'add'));

  return places
    .slice(Math.max(0, to - 3, added), to)
    .some(({ item, clause }) => (item.kind === 'word' || isConcept(item, 'compound')) && clause === places[at]?.clause);
};

/**
 * Names from one comma to their price, where two prices or more have one: “hot desk $99, own desk $199”, “phòng đơn 2tr, phòng
 * đôi 3tr”.
 * @returns by the places of the prices
 */
export function namesInParallel(places: readonly Place[], sentence: string): ReadonlyMap<number, Name> {
  const parallel = places.flatMap(({ item, at }) => {
    const name = isPrice(item) ? nameInList(places, at, sentence) : null;

    return name !== null && isWholeClause(places, name) ? [[at, name] as const] : [];
  });

  return new Map(parallel.length > 1 ? parallel : []);
}

/** “Pro gồm 5 người dùng giá 300k”, “Gold membership at $20”: what a clause begins with, and says more of. */
function nameOfClause(places: readonly Place[], at: number, sentence: string): Name | null {
  const first = places.findIndex(({ clause }) => clause === places[at]?.clause);
  const [name, after] = [places[first], places[first + 1]?.item];

  const isSaidOf = isConcept(after, 'and') || (isText(after, /^memberships?$/) && !isText(name?.item, /^plus$/));

  return name !== undefined && first + 1 < at && isConcept(name.item, 'tier') && isSaidOf
    ? nameOf([name], sentence)
    : null;
}

/** “One membership called Sunrise, $100 a year” */
function nameCalled(places: readonly Place[], at: number, sentence: string): Name | null {
  const before = places[at - 1]?.item;
  const name = before?.kind === 'break' && before.text === ',' ? nameBefore(places, at - 1, sentence) : null;

  return isConcept(places[(name?.places[0] ?? 0) - 1]?.item, 'named') ? name : null;
}

function isWholeClause(places: readonly Place[], { places: parts }: Name): boolean {
  let before = (parts[0] ?? 0) - 1;

  while (before >= 0 && isConcept(places[before]?.item, 'filler')) {
    before -= 1;
  }
  const item = places[before]?.item;
  const isBegin = item === undefined || item.kind === 'break' || isConcept(item, 'and');

  return isBegin && parts.every((index) => isThing(places[index]?.item));
}

/** What may stand in a name without a noun before it; đôi is đổi without its marks, and lớn lộn. */
const isThing = (item: Item | undefined): boolean =>
  item?.kind === 'word' ||
  item?.kind === 'amount' ||
  isConcept(item, 'tier', 'compound', 'noun', 'filler', 'knownAddon', 'slipOrSize') ||
  isText(item, /^(đổi|giữ|from|từ)$/);
