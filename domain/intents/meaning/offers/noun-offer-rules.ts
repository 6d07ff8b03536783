import type { Gathering } from './gathering-types';
import { isConcept, isText } from '../items/item-rules';
import { type Name, nameAfter, nameBefore, nameOf } from '../names/name-rules';
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
    nameToPrice(places, at, sentence) ??
    nameAfter(places, at, sentence) ??
    nameOfNoun(places, place, gathering, sentence);
  const isOfAddon = isConcept(item, 'plan') && name?.places.length === 1 && name.key !== null;
  const isBeside = gathering.drafts.some(({ kind, amount }) => kind === 'plan' && amount !== null);
  const isAdded = isConcept(nextOf(places, at, -1)?.item, 'add');
  const isPlan = isConcept(item, 'plan') && !(isOfAddon && gathering.isFreemium);
  const draft = openDraft(gathering, place, isPlan ? 'plan' : 'addon', name);
  draft.isPlanOrAddon = isPlan && isOfAddon && isBeside && isAdded;
}

/** “The Free Delivery plan $9” is not free. */
function nameOfFree(places: readonly Place[], name: Name | null, at: number, sentence: string): Name | null {
  const from = (name?.places[0] ?? 0) - 1;
  const isPaid = places.slice(at + 1).find(({ item }) => !isConcept(item, 'price'))?.item.kind === 'amount';

  return name !== null && isPaid && isConcept(places[from]?.item, 'free')
    ? nameOf(places.slice(from, (name.places.at(-1) ?? from) + 1), sentence)
    : name;
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
  const name = nameOfFree(places, nameBefore(places, at, sentence), at, sentence);

  if (places[name?.places[0] ?? -1]?.item === gathering.free) {
    gathering.free = null;
  }

  return name === null || name.places.some((index) => used.has(index)) ? null : name;
}
