import { isConcept, type Item } from './item-rules';
import type { Concept } from './lexicon/lexicon';
import { type Name, nameOf } from './name-rules';
import type { Place } from './place-rules';

const mostWords = 6;

/**
 * The name of an add-on after its noun, up to what says something else of it: names hold deeds and little words, too, as in giữ
 * xe, tủ đồ riêng, phòng xông hơi. Of what is known by a name, such as storage, the name is that.
 */
export function addonName(places: readonly Place[], at: number, sentence: string): Name | null {
  const from = at + 1;
  const first = places[from]?.item;

  if (!isConcept(places[at]?.item, 'addon') || first === undefined || !canBegin(first)) {
    return null;
  }
  let to = from + 1;

  while (to < from + mostWords && isWithin(places[to]?.item)) {
    to += 1;
  }
  const next = places.slice(to).find(({ item }) => !isConcept(item, 'price', 'sell') && !isMark(item));
  let end = to;

  while (end > from + 1 && isTail(places, end - 1)) {
    end -= 1;
  }
  const parts = places.slice(from, end);
  const hasWord = parts.some(({ item }) => item.kind === 'word' || isConcept(item, 'otherOrder'));
  const isSure = first.kind === 'word' || isConcept(first, 'tier') || next?.item.kind === 'amount';

  return isSure && hasWord ? nameOf(parts, sentence) : null;
}

/** These say something of an add-on, or are things of their own. */
const ends: readonly Concept[] = [
  ...(['plan', 'addon', 'named', 'price', 'cycle', 'trial', 'once', 'perSeat', 'all', 'free', 'forEver'] as const),
  ...(['tax', 'taxFree', 'taxIncluded', 'taxExcluded', 'discount', 'code'] as const),
  ...(['retail', 'subscription', 'freemium', 'multi', 'sell', 'polite', 'toward', 'or', 'about', 'until'] as const),
];
const isWithin = (item: Item | undefined): boolean =>
  item?.kind === 'word' || (item?.kind === 'concept' && (!ends.includes(item.concept) || isText(item, /^nha$/)));

const isMark = (item: Item): boolean => item.kind === 'break' && /^[:–-]$/.test(item.text);
const isText = (item: Item, texts: RegExp): boolean => item.kind === 'concept' && texts.test(item.text);
const isDeed = (item: Item): boolean =>
  isConcept(item, 'keep', 'change', 'drop', 'otherOrder') || (isConcept(item, 'sell') && isText(item, /^(làm|mở)$/));
const canBegin = (item: Item): boolean =>
  item.kind === 'word' || isConcept(item, 'tier') || isDeed(item) || isThing(item);

/** “Add-on cho …”, “add-on mới …”: other little words after the noun may be things, as phân, đồ and tủ are without their marks. */
const leadIns =
  /^(cho|của|các|một|cái|loại|kiểu|mới|này|kia|ấy|đây|như|như sau|cụ thể|cụ thể là|gồm có|dành cho|thì|the|a|an|our|my|new|this|that|of|on|in|as|all|only|just|we|i|you)$/;
const isThing = (item: Item): boolean =>
  isConcept(item, 'from') ? isText(item, /^từ$/) : isConcept(item, 'filler') && !isText(item, leadIns);

/** The same at the end of a name: kho ảnh, tủ đồ, tận nhà. */
const isLastThing = (item: Item, after: Item | undefined): boolean =>
  isText(item, /^(anh|đó|do|giờ|lại)$/) || (isText(item, /^nha$/) && after?.kind === 'amount');

/** What leads from a name to its price. */
function isTail(places: readonly Place[], at: number): boolean {
  const [item, before] = [places[at]?.item, places[at - 1]?.item];

  return (
    item?.kind === 'concept' &&
    !isConcept(item, 'tier', 'knownAddon', 'otherOrder') &&
    !(before?.kind === 'word' && isLastThing(item, places[at + 1]?.item))
  );
}
