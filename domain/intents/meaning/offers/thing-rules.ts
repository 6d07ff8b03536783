import { isConcept, isText, type Item } from '../items/item-rules';
import type { Place } from '../items/place-rules';
import { type Name, nameAfter, nameOf } from '../names/name-rules';
import type { Gathering } from './gathering-types';

/** All of it, or a way in to it: a plan rather than a part that is sold beside what is free. */
const wholes =
  /^(full|access|version|edition|complete|everything|whole|unlimited|entire|membership|app|ban|day|du|toan|bo|tron|het|hoi|phi|course|courses|không giới hạn|all access)$/;
const isPartOfThing = (item: Item): boolean => item.kind === 'word' || isConcept(item, 'compound', 'knownAddon');
const isWhole = (item: Item): boolean =>
  (item.kind === 'word' && wholes.test(item.text)) || isText(item, wholes) || isConcept(item, 'tier');

/** “The app stays free, custom themes cost $2 a month”: a thing in small letters that costs so much beside what is free. */
export function costsByItself(places: readonly Place[], at: number, name: Name, sentence: string): boolean {
  const verb = places
    .slice(Math.max(0, at - 4), at)
    .findLast(({ item }) => isText(item, /^are$/) || !isConcept(item, 'once', 'filler'));
  const from = name.places[0] ?? 0;
  const things = name.places.map((index) => places[index]?.item);

  return (
    (isText(verb?.item, /^(costs?|is|are|là|giá|có giá|giá là)$/) || isExcepted(places, from)) &&
    !places.slice(Math.max(0, from - 2), from).some(({ item }) => isText(item, /^(for|cho)$/)) &&
    things.every((item) => item !== undefined && isPartOfThing(item) && !isWhole(item)) &&
    !/\p{Lu}/u.test(sentence.slice(name.start, name.end))
  );
}

/** “Free but for the analytics” */
const isExcepted = (places: readonly Place[], from: number): boolean =>
  places.slice(Math.max(0, from - 2), from).some(({ item }) => isConcept(item, 'add') && isText(item, /^trừ$/));

/** “Read for free, and pay $20 a year to get the archive”: the price came first. @returns whether it is read so */
export function readWantedThing(
  places: readonly Place[],
  { at, clause }: Place,
  gathering: Gathering,
  sentence: string,
): boolean {
  const last = gathering.drafts.at(-1);
  const isFree = gathering.isFreemium || gathering.free !== null;

  if (!isFree || last?.amount == null || last.name !== null || last.clause !== clause || !isToGet(places, at)) {
    return false;
  }
  const length = places.slice(at).findIndex(({ item }) => !isPartOfThing(item));
  const parts = places.slice(at, length < 0 ? undefined : at + length);
  const after = places[at + parts.length]?.item;
  const isEnd = after === undefined || after.kind === 'break' || isConcept(after, 'polite', 'and');

  if (!isEnd || parts.length === 0 || parts.some(({ item }) => isWhole(item))) {
    return false;
  }
  Object.assign(last, { kind: 'addon', name: nameOf(parts, sentence), isPlanOrAddon: false });
  parts.forEach((part) => gathering.used.add(part.at));

  return true;
}

const isToGet = (places: readonly Place[], at: number): boolean => {
  const [before, beforeThat] = [places[at - 1]?.item, places[at - 2]?.item];

  return isText(before, toGet) || (isConcept(before, 'filler', 'noun') && isText(beforeThat, toGet));
};
const toGet = /^(to get|to unlock|to have|để mở|để mở khóa|để có|để có thêm)$/;

/** “Two $5 add-ons per month”, “a $5 add-on called Vault”: the noun of the price right before it. @returns whether it is read so */
export function readNounOfPrice(places: readonly Place[], at: number, gathering: Gathering, sentence: string): boolean {
  const last = gathering.drafts.at(-1);

  if (last?.amount == null || last.amount !== places[at - 1]?.item || last.name !== null || last.period !== null) {
    return false;
  }
  const from = places[at + 1]?.item.kind === 'time' ? at + 2 : at + 1;
  const name = isConcept(places[from]?.item, 'named') ? nameAfter(places, from, sentence) : null;
  Object.assign(last, { kind: 'addon', name, isPlanOrAddon: false });
  name?.places.forEach((index) => gathering.used.add(index));

  return true;
}
