import type { Draft } from './draft-types';
import type { Gathering } from './gathering-types';
import { isConcept, isText } from './item-rules';
import { beforeAmount, isNamePart, type Name, nameBeforeAmount } from './name-rules';
import { nameInList } from './noun-name-rules';
import { isBlank, openDraft } from './open-draft-rules';
import type { Place } from './place-rules';

/**
 * Opens the offer of a price that no noun has opened: “Pro 199k”, “thêm AI 100k”. What is added to plans, or to what is free, is
 * an add-on, unless it is called as plans are (Pro, Basic); what else a name is called there may be either, and is asked.
 */
export function openNounless(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): Draft {
  const { at } = place;
  const { section, drafts, isFreemium } = gathering;
  const last = drafts.at(-1);
  const isUnused = (name: Name | null) => name?.places.every((index) => !gathering.used.has(index)) ?? true;
  const listed = isUnused(nameInList(places, at, sentence)) ? nameInList(places, at, sentence) : null;

  if (section === 'addon') {
    return openDraft(gathering, place, 'addon', listed);
  }
  const isAdded = section === 'added' || isAfterAdd(places, listed?.places[0] ?? at, isFreemium);

  if (listed !== null && isAdded && !isCalledAsPlan(places, listed)) {
    return openAdded(gathering, place, listed);
  }
  const isListed = (last?.name != null && last.amount !== null) || isInList(places, at);
  const name = nameBeforeAmount(places, at, { sentence, isListed });
  const draft = openDraft(gathering, place, 'plan', isUnused(name) ? name : null);
  const isBesideFree = isFreemium || (last !== undefined && last.name === null && last.amount !== null);
  draft.isPlanOrAddon =
    draft.name === null ? isAdded && leavesWords(places, at) : isBesideFree && !isCalledAsPlan(places, draft.name);

  return draft;
}

/** Beside a shop it is what renews; by itself it may be either. */
function openAdded(gathering: Gathering, place: Place, name: Name): Draft {
  const hasPlan = gathering.drafts.some((draft) => draft.kind === 'plan' && !isBlank(draft));
  const isAddon = gathering.isFreemium || hasPlan || gathering.section === 'added';
  const draft = openDraft(gathering, place, isAddon ? 'addon' : 'plan', name);
  draft.isPlanOrAddon = !isAddon && !gathering.hasShop;
  gathering.section = isAddon ? 'added' : null;

  return draft;
}

const isCalledAsPlan = (places: readonly Place[], name: Name): boolean =>
  name.places.some((index) => isConcept(places[index]?.item, 'tier'));

/** “Thêm …”, and of what is free “+ AI”, “kèm AI”. */
function isAfterAdd(places: readonly Place[], at: number, isFreemium: boolean): boolean {
  let before = at - 1;

  while (before >= 0 && isConcept(places[before]?.item, 'filler', 'noun', 'named')) {
    before -= 1;
  }
  const item = places[before]?.item;

  return isConcept(item, 'add') || (isFreemium && isText(item, /^(\+|with|with a|kèm|kèm theo|cộng|plus a)$/));
}

/** A name stood before the price, of which nothing could be made. */
const leavesWords = (places: readonly Place[], at: number): boolean => {
  const to = beforeAmount(places, at);

  return places
    .slice(Math.max(0, to - 3), to)
    .some(({ item, clause }) => item.kind === 'word' && clause === places[at]?.clause);
};

/** Of two prices or more each has a name right before it, from one comma to the next: “hot desk $99, own desk $199”. */
function isInList(places: readonly Place[], at: number): boolean {
  const isNamed = ({ item, at: where }: Place) =>
    item.kind === 'amount' && !item.amount.isBare && beginsName(places, where);

  return isNamed(places[at] as Place) && places.filter(isNamed).length > 1;
}

function beginsName(places: readonly Place[], at: number): boolean {
  const end = beforeAmount(places, at);
  let from = end;

  while (from > 0 && isNamePart((places[from - 1] as Place).item, places[from - 2]?.item)) {
    from -= 1;
  }
  const before = places[from - 1]?.item;

  return from < end && (before === undefined || before.kind === 'break' || isConcept(before, 'and'));
}
