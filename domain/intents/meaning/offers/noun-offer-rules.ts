import type { Draft } from './draft-types';
import type { Gathering } from './gathering-types';
import { isConcept, isText } from '../items/item-rules';
import { type Name, nameAfter, nameBefore, nameOf } from '../names/name-rules';
import { isKindWord } from '../names/name-words-rules';
import { nextOf } from '../items/near-rules';
import { nameToPrice } from '../names/noun-name-rules';
import { openDraft } from './open-draft-rules';
import type { Place } from '../items/place-rules';

/**
 * Opens what a noun calls a plan or an add-on. “Gói lưu trữ” is an add-on of what is free, and may be one where it is added to
 * a plan.
 */
export function openNamed(places: readonly Place[], place: Place, gathering: Gathering, sentence: string): void {
  const { item, at } = place;
  const name =
    nameOfHeading(places, at, sentence) ??
    nameInApposition(places, place, sentence) ??
    nameToPrice(places, at, sentence) ??
    nameAfter(places, at, sentence) ??
    nameOfNoun(places, place, gathering, sentence);
  const last = gathering.drafts.at(-1);

  if (last !== undefined && name !== null && isOfPriceBefore(places, place, last, name)) {
    Object.assign(last, { name, at: name.places.at(-1) ?? at, isPlanOrAddon: false });
    name.places.forEach((index) => gathering.used.add(index));

    return;
  }
  const isOfAddon = isConcept(item, 'plan') && name?.places.length === 1 && name.key !== null;
  const isBeside = gathering.drafts.some(({ kind, amount }) => kind === 'plan' && amount !== null);
  const isAdded = isConcept(nextOf(places, at, -1)?.item, 'add');
  const isPlan = isConcept(item, 'plan') && !(isOfAddon && gathering.isFreemium);
  // “$5 to unlock the export feature”
  const isFor = place.isFor || places[name?.places[0] ?? at]?.isFor === true;
  const draft = openDraft(gathering, { ...place, isFor }, isPlan ? 'plan' : 'addon', name);
  draft.isPlanOrAddon = isPlan && isOfAddon && isBeside && isAdded;
}

/** “99k/tháng gói Pro, 199k/tháng gói VIP”: the price came first, and none comes behind the name. */
function isOfPriceBefore(places: readonly Place[], { item, at }: Place, last: Draft, name: Name): boolean {
  const before = places.slice(0, at).findLast((place) => place.item.kind !== 'time')?.item;
  const after = places[(name.places.at(-1) ?? at) + 1]?.item;
  const isEnd = after === undefined || after.kind === 'break' || isConcept(after, 'and', 'polite');

  return isConcept(item, 'plan') && last.kind === 'plan' && last.name === null && last.amount === before && isEnd;
}

/** “Plan name: Sunrise, price: $7”, “Tên gói: Bình Minh” */
function nameOfHeading(places: readonly Place[], at: number, sentence: string): Name | null {
  const isNamedBehind = isConcept(places[at + 1]?.item, 'named');
  const colon = isNamedBehind ? at + 2 : at + 1;
  const item = places[colon]?.item;
  const isHeading = isNamedBehind || isConcept(places[at - 1]?.item, 'named');

  const length = places
    .slice(colon + 1)
    .findIndex((place) => place.item.kind === 'break' || place.item.kind === 'amount');
  const parts = places.slice(colon + 1, length < 0 ? undefined : colon + 1 + length);
  const isColon = item?.kind === 'break' && item.text === ':';

  return isHeading && isColon && parts.length > 0 && parts.length <= 6 ? nameOf(parts, sentence) : null;
}

/** “A plan, Archive, 900k a year”: a name between two commas, and its price. */
function nameInApposition(places: readonly Place[], { item, at }: Place, sentence: string): Name | null {
  const length = places.slice(at + 2, at + 7).findIndex((place) => place.item.kind === 'break');
  const parts = length < 1 ? [] : places.slice(at + 2, at + 2 + length);
  const isComma = isBreak(places[at + 1], ',') && isBreak(places[at + 2 + length], ',');
  const isNamed =
    isComma &&
    parts.length > 0 &&
    !isText(item, /^(các gói|plans|packages|tiers)$/) &&
    parts.every(
      ({ item: part }) =>
        part.kind === 'quote' || part.kind === 'word' || isConcept(part, 'tier', 'forEver', 'compound'),
    ) &&
    /^\p{Lu}/u.test(sentence.slice(parts[0]?.item.start)) &&
    places[at + 3 + length]?.item.kind === 'amount';

  return isNamed ? nameOf(parts, sentence) : null;
}

const isBreak = (place: Place | undefined, text: string): boolean =>
  place?.item.kind === 'break' && place.item.text === text;

/** “The Free Delivery plan $9” is not free. */
function nameOfFree(places: readonly Place[], name: Name | null, at: number, sentence: string): Name | null {
  const from = (name?.places[0] ?? 0) - 1;
  const isPaid = places.slice(at + 1).find(({ item }) => !isConcept(item, 'price'))?.item.kind === 'amount';

  return name !== null && isPaid && isConcept(places[from]?.item, 'free')
    ? nameOf(places.slice(from, (name.places.at(-1) ?? from) + 1), sentence)
    : name;
}

/** “A setup fee add-on” is sold, whereas a setup fee is not. */
function nameOfFee(places: readonly Place[], at: number, sentence: string): Name | null {
  const fee = places[at - 1];

  return isConcept(places[at]?.item, 'addon') && fee !== undefined && isConcept(fee.item, 'unsold')
    ? nameOf([fee], sentence)
    : null;
}

/** “Towel service as an add-on at $5” */
function nameOfSaid(places: readonly Place[], at: number, sentence: string): Name | null {
  const said = places
    .slice(0, at)
    .findLastIndex(({ item }) => item.kind !== 'time' && !isText(item, /^(a|à|ạ|an|một)$/));

  return isConcept(places[at]?.item, 'addon') &&
    (isText(places[said]?.item, /^(as|làm|dưới dạng)$/) || isKindWord(places[said]?.item))
    ? nameBefore(places, said, sentence)
    : null;
}

/** A name before the noun, unless another offer has it. */
function nameOfNoun(
  places: readonly Place[],
  { item, at }: Place,
  gathering: Gathering,
  sentence: string,
): Name | null {
  const { used } = gathering;
  const next = places[at + 1]?.item;
  const isHeading = isText(item, /^(plans|packages|tiers)$/) && next?.kind === 'break' && next.text === ':';

  // In Vietnamese it stands after it, and “Hosting plans: …” names none.
  if (isText(item, /^(các )?gói/) || isHeading) {
    return null;
  }
  const name =
    nameOfSaid(places, at, sentence) ??
    nameOfFee(places, at, sentence) ??
    nameOfFree(places, nameBefore(places, at, sentence), at, sentence);

  if (places[name?.places[0] ?? -1]?.item === gathering.free) {
    gathering.free = null;
  }

  return name === null || name.places.some((index) => used.has(index)) ? null : name;
}
