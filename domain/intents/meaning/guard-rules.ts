import { isConcept, isPrice, isText, type Item } from './items/item-rules';
import type { Concept } from './lexicon/lexicon';
import type { Doubt } from './items/place-rules';
import type { QuestionCode } from './question-words';

/** What a concept makes of the whole sentence, the gravest first. */
const guards: readonly (readonly [Concept, QuestionCode])[] = [
  ['machine', 'machine_order'],
  ['doubt', 'not_sure'],
  ['question', 'is_question'],
  ['condition', 'condition'],
  ['later', 'not_now'],
  ['cancel', 'nothing_asked'],
  ['otherOrder', 'other_order'],
  // What holds for all but one is told one by one.
  ['except', 'other_order'],
  ['priceChange', 'price_change'],
  // “Lộn” corrects, and “lớn” is a size: the same word without their marks.
  ['slipOrSize', 'amount_unclear'],
];

/** @returns why a sentence is not a wish that can be carried out as it stands; null where it is one */
export function readGuards(items: readonly Item[], sentence: string): Doubt | null {
  const erased = items.findIndex((item) => isConcept(item, 'erase'));

  if (erased >= 0) {
    return { code: isOffer(items, erased) ? 'removal' : 'machine_order', span: items[erased] ?? null };
  }
  if (endsWithNot(items) || isAskedIf(items)) {
    return { code: 'is_question', span: null };
  }
  for (const [concept, code] of guards) {
    const span = items.find(
      (item, at) =>
        isConcept(item, concept) && !isTakenBack(items, at) && !isName(items, at, sentence) && !isOfTax(items, at),
    );

    if (span !== undefined) {
      return { code, span };
    }
  }
  const repriced = items.findIndex((_, at) => isNewPrice(items, at, sentence));

  if (repriced >= 0) {
    return { code: 'price_change', span: items[repriced] ?? null };
  }
  // “Chuyển khách cũ sang gói mới”: who has subscribed is not moved.
  const moved = items.find((item, at) => isConcept(item, 'audience') && isMoved(items, at));

  if (moved !== undefined) {
    return { code: 'other_order', span: moved };
  }
  const dropped = items.findIndex((item, at) => isConcept(item, 'drop') && isNamedOffer(items, at));

  if (dropped >= 0) {
    return { code: 'removal', span: items[dropped] ?? null };
  }
  const last = items.at(-1);
  const isMarked = last?.kind === 'break' && last.text === '?';
  const isAsked = isMarked && !items.some((item) => isConcept(item, 'polite'));

  return isAsked && items.some((item) => item.kind !== 'break') ? { code: 'is_question', span: null } : null;
}

/** “Giá gói Pro đổi thành 259k”, “the Pro plan goes to $12”: a plan that is sold becomes so much. */
function isNewPrice(items: readonly Item[], at: number, sentence: string): boolean {
  const item = items[at];

  if (item?.kind !== 'amount' || item.amount.isBare) {
    return false;
  }
  const before = items
    .slice(0, at)
    .findLastIndex(
      (one) => isText(one, /^(lên|xuống|giờ|bây giờ|now|nay)$/) || !isConcept(one, 'filler', 'price', 'but'),
    );
  const clause = items.slice(items.slice(0, at).findLastIndex((one) => one.kind === 'break') + 1, before);

  return (
    // “Gói Sang 299k”
    !/^\p{Lu}\p{Ll}/u.test(sentence.slice(items[before]?.start)) &&
    isText(
      items[before],
      /^(lên|xuống|giờ|bây giờ|now|nay|thành|sang|đổi thành|đổi sang|chuyển thành|chuyển sang|to|go to|become|becoming|change to)$/,
    ) &&
    clause.some((one) => isConcept(one, 'plan', 'tier')) &&
    !clause.some((one) => one.kind === 'amount' || isConcept(one, 'subscription', 'freemium', 'retail', 'multi'))
  );
}

const isMoved = (items: readonly Item[], at: number): boolean =>
  isConcept(
    items.slice(0, at).findLast((item) => !isConcept(item, 'filler', 'all', 'noun')),
    'change',
  );

/** “Raise VAT to 10%” */
const isOfTax = (items: readonly Item[], at: number): boolean =>
  isConcept(items[at], 'priceChange') &&
  isConcept(
    items.slice(at + 1).find((item) => !isConcept(item, 'filler')),
    'tax',
  );

/** “Add-on giao hàng”: what an add-on does is no order, and neither is a word with a price, written as a name: “Scale $49”. */
function isName(items: readonly Item[], at: number, sentence: string): boolean {
  const [item, before, after] = [items[at], items[at - 1], items[at + 1]];
  const isPriced = isPrice(after);
  const isProper = item !== undefined && /^\p{Lu}\p{Ll}+$/u.test(sentence.slice(item.start, item.end));
  const isListed = before?.kind === 'break' || isConcept(before, 'plan', 'and');

  // “Mã FREESHIP20”
  const isGlued = after?.kind === 'amount' && after.start === item?.end;

  if (
    isGlued &&
    /^\p{Lu}{3,}\d/u.test(sentence.slice(item?.start)) &&
    /^\p{Lu}+$/u.test(sentence.slice(item?.start, item?.end))
  ) {
    return true;
  }

  if (isConcept(item, 'slipOrSize')) {
    return before?.kind === 'word' || isConcept(before, 'plan', 'addon', 'noun', 'compound');
  }

  return isConcept(item, 'otherOrder') || isText(item, /^(tư vấn|cuối tuần|đầu tuần|tối nay)$/)
    ? isConcept(before, 'addon') || isOffered(items, at)
    : isConcept(item, 'machine') && isProper && isListed && isPriced;
}

/**
 * “Gói tư vấn 99k”, “thêm quảng cáo 20k”, “add-ons: giặt ủi 20k, giao hàng nhanh 60k”: what has a price of its own behind the
 * noun of an offer is one.
 */
function isOffered(items: readonly Item[], at: number): boolean {
  const price = items.slice(at + 1).find((item) => item.kind === 'break' || item.kind === 'amount');
  const before = items.slice(Math.max(0, at - 3), at);
  const isBehindNoun =
    before.some((item) => isConcept(item, 'plan', 'addon', 'add')) ||
    items.slice(0, at).some((item) => isConcept(item, 'addon'));

  return isPrice(price) && isBehindNoun;
}

const isAskedIf = (items: readonly Item[]): boolean => {
  const last = items.at(-1);

  return last?.kind === 'break' && last.text === '?' && items.some((item) => isConcept(item, 'condition'));
};

/** “Chuyển sang thuê bao không”: a question needs no mark. */
function endsWithNot(items: readonly Item[]): boolean {
  const last = items.findLast((item) => item.kind !== 'break' && !isConcept(item, 'filler', 'noun', 'polite'));

  return last?.kind === 'concept' && /^(không|ko|chưa)$/.test(last.text);
}

/** “Đừng chuyển, giữ bán lẻ”: what is called off is followed by what is wanted. */
const isTakenBack = (items: readonly Item[], at: number): boolean =>
  isConcept(items[at], 'cancel') &&
  items.slice(at).some((item) => isConcept(item, 'retail', 'shop', 'subscription', 'freemium', 'multi'));

const offered = (items: readonly Item[], at: number): Item | undefined =>
  items.slice(at + 1).find((item) => !isConcept(item, 'filler', 'noun', 'all', 'sell'));

const isOffer = (items: readonly Item[], at: number): boolean =>
  isConcept(offered(items, at), 'plan', 'addon', 'knownAddon', 'tier');

/** Bỏ gói Pro, bỏ add-on lưu trữ; “ngừng bán gói” alone ends the subscriptions. */
function isNamedOffer(items: readonly Item[], at: number): boolean {
  const noun = offered(items, at);
  const rest = noun === undefined ? [] : items.slice(items.indexOf(noun) + 1);
  // “Bỏ gói tháng 99k”
  const after = rest[0]?.kind === 'time' && rest[0].time === 'unit' ? rest[1] : rest[0];
  const isNamed =
    after !== undefined &&
    (after.kind === 'word' || after.kind === 'quote' || after.kind === 'amount' || isConcept(after, 'tier'));

  return isConcept(noun, 'addon', 'knownAddon', 'tier') || (isConcept(noun, 'plan') && isNamed);
}
