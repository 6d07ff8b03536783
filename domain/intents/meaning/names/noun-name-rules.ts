import { isConcept, isMark, isText, type Item } from '../items/item-rules';
import { kindOf } from '../lexicon/addon-kinds';
import { type Name, nameOf } from './name-rules';
import { isCore, isSize, isTail, isWithin, mostWords, type Noun } from './name-words-rules';
import type { Place } from '../items/place-rules';

/**
 * The name between the noun of an offer and its price. Names hold deeds, numbers and little words, too, as in giữ xe, hoá đơn
 * điện tử, towel service, 2 người: all of them belong to it, but for what leads to it and from it to the price.
 */
export function nameToPrice(places: readonly Place[], at: number, sentence: string): Name | null {
  const noun: Noun = isConcept(places[at]?.item, 'addon') ? 'addon' : 'plan';
  const from = afterLeadIns(places, at, noun);
  const first = places[from]?.item;

  if (!isConcept(places[at]?.item, 'plan', 'addon') || first === undefined || !canBegin(places, from, noun)) {
    return null;
  }
  let to = from + 1;

  while (to < from + mostWords && isWithin(places, to, noun)) {
    to += 1;
  }
  const next = places.slice(to).find(({ item }) => !isConcept(item, 'price', 'sell') && !isMark(item));
  const isPriced = next?.item.kind === 'amount' || isOneName(places, from);
  let end = to;

  while (end > from + 1 && isTail(places, end - 1)) {
    end -= 1;
  }
  const parts = places.slice(from, end);
  const isSure = isPriced || (noun === 'addon' && (first.kind === 'word' || isConcept(first, 'tier', 'unsold')));
  const isDirect = places.slice(at + 1, from).every(({ item }) => isMark(item));
  const isNamed = parts.some(({ item }) => isCore(item)) || isSize(places, from) || (isPriced && isDirect);

  // “Extra seats” is what they are called.
  const isWithNoun = isText(places[at]?.item, /^extra$/) && from === at + 1;

  return isSure && isNamed && !areLittle(parts) ? nameOf(isWithNoun ? places.slice(at, end) : parts, sentence) : null;
}

/**
 * The name before a price in a list of add-ons: “lưu trữ 30k, phân tích 80k”, as far back as it may reach.
 * @param to of the place after it
 */
export function nameInList(places: readonly Place[], to: number, sentence: string): Name | null {
  let end = to;

  while (end > 0 && (leadsToPrice(places[end - 1]?.item) || isThenPaid(places, end - 1) || isOfOnce(places, end - 1))) {
    end -= 1;
  }
  let from = end;

  while (from > 0 && end - from < mostWords && isListed(places, from - 1)) {
    from -= 1;
  }
  while (from < end) {
    const isSkipped =
      isLeadIn(places[from]?.item) ||
      isArticle(places[from]?.item, sentence) ||
      isEdition(places, from) ||
      isBought(places, from, end);

    if ((!isSkipped && !isWhoever(places, from)) || isPrinting(places, from)) {
      break;
    }
    from += isSkipped ? 1 : 2;
  }
  while (end > from + 1 && isTail(places, end - 1)) {
    end -= 1;
  }
  const parts = places.slice(from, end);

  const isNamed = parts.some(({ item }) => isCore(item));

  if (isNamed || parts.length === 0) {
    return isNamed ? nameOf(parts, sentence) : null;
  }
  const name = nameOf(parts, sentence);

  // “Thêm người dùng 25k/tháng”
  return kindOf(name.text) === null ? null : name;
}

/** Written as it is: “ạ” and “thế” are the same without their marks. */
const isArticle = (item: Item | undefined, sentence: string): boolean =>
  isConcept(item, 'filler') && /^(a|an|the)$/i.test(sentence.slice(item?.start, item?.end));

/** “Mua tên miền riêng 200k”: what one does to have it. */
const isBought = (places: readonly Place[], at: number, end: number): boolean => {
  const item = places[at]?.item;

  return item?.kind === 'word' && item.text === 'mua' && at + 1 < end;
};

/** “Bản Pro”, “hạng Bạc” */
const isEdition = (places: readonly Place[], at: number): boolean => {
  const item = places[at]?.item;

  return item?.kind === 'word' && /^(ban|hang)$/.test(item.text) && isConcept(places[at + 1]?.item, 'tier');
};

/** “Xem ảnh miễn phí, in album 500k”: a deed, where a clause begins with it. */
const isPrinting = (places: readonly Place[], at: number): boolean =>
  isText(places[at]?.item, /^in$/) && places[at - 1]?.item.kind === 'break';

/** “Ai muốn xuất báo cáo thì 70k” */
const isWhoever = (places: readonly Place[], at: number): boolean => {
  const item = places[at]?.item;

  return item?.kind === 'word' && item.text === 'ai' && isWanting(places[at + 1]?.item);
};

const isWanting = (item: Item | undefined): boolean =>
  isConcept(item, 'want') || isText(item, /^(cần|xài|sử dụng)$/) || (item?.kind === 'word' && item.text === 'lay');

/** “AI mỗi tháng 100k”, “AI: 100k”, “AI for $10” */
const leadsToPrice = (item: Item | undefined): boolean =>
  isConcept(item, 'price', 'cycle') ||
  // “Trợ lý AI lấy 69k”
  (item?.kind === 'word' && item.text === 'lay') ||
  (item?.kind === 'time' && item.time === 'interval') ||
  isMark(item);

/** “Export is a one-time purchase of 200k” */
const isOfOnce = (places: readonly Place[], at: number): boolean =>
  isConcept(places[at]?.item, 'once') ||
  (isText(places[at]?.item, /^(a|à|ạ|an|of)$/) &&
    [places[at - 1], places[at + 1]].some((place) => isConcept(place?.item, 'once')));

/** “Ai muốn thêm mẫu in thì trả 30k” */
const isThenPaid = (places: readonly Place[], at: number): boolean =>
  isText(places[at]?.item, /^(trả|đóng|trả tiền|trả phí)$/) && isText(places[at - 1]?.item, /^thì$/);

const isListed = (places: readonly Place[], at: number): boolean =>
  isWithin(places, at, 'addon') && !isConcept(places[at]?.item, 'and', 'add', 'but') && !isPlus(places, at);

/** “Plus storage $3”, but “the Plus plan” and “Plus $35” are plans. */
const isPlus = (places: readonly Place[], at: number): boolean =>
  isText(places[at]?.item, /^plus$/) &&
  (places[at + 1]?.item.kind === 'word' || isConcept(places[at + 1]?.item, 'compound'));

const isDeed = (item: Item): boolean =>
  (isConcept(item, 'keep', 'change', 'drop', 'otherOrder', 'question', 'later') &&
    !isText(item, /^(without|instead of|rather than)$/)) ||
  (isConcept(item, 'sell') && isText(item, /^(làm|mở)$/));
function canBegin(places: readonly Place[], at: number, noun: Noun): boolean {
  const item = places[at]?.item as Item;
  const isKnown = isConcept(item, 'tier', 'compound', 'noun') || isDeed(item);

  return (
    item.kind === 'word' ||
    isKnown ||
    isText(item, /^bán hàng$/) ||
    (isText(item, /^(từ|kèm|với|cùng|không)$/) && places[at + 1]?.item.kind === 'word') ||
    (noun === 'addon' && (isText(item, /^thêm$/) || isConcept(item, 'unsold'))) ||
    (isText(item, /^phần$/) && places[at + 1]?.item.kind === 'word') ||
    (noun === 'plan' ? isSize(places, at) : isText(item, /^từ$/) || isConcept(item, 'filler'))
  );
}

/** “Add-on cho …”, “add-on mới …”: other little words after the noun may be things, as phân, đồ and tủ are without their marks. */
const leadIns =
  /^(for|cho|của|các|một|cái|loại|kiểu|mới|này|kia|ấy|đây|như|như sau|cụ thể|cụ thể là|gồm có|dành cho|thì|the|a|an|our|my|new|this|that|of|on|in|as|all|only|just|we|i|you|paid)$/;
const isLeadIn = (item: Item | undefined): boolean => isText(item, leadIns);

/** “One paid plan: Plus, €5” */
const isOneName = (places: readonly Place[], at: number): boolean =>
  isConcept(places[at]?.item, 'tier') &&
  places[at + 1]?.item.kind === 'break' &&
  places[at + 2]?.item.kind === 'amount';

function afterLeadIns(places: readonly Place[], at: number, noun: Noun): number {
  let from = at + 1;

  while (from < at + 4 && isLeadIn(places[from]?.item)) {
    from += 1;
  }
  const item = places[from]?.item;
  const isColon = item?.kind === 'break' && item.text === ':';

  return isColon && (noun === 'addon' || isOneName(places, from + 1)) ? from + 1 : from;
}

const areLittle = (parts: readonly Place[]): boolean => parts.every(({ item }) => isConcept(item, 'filler', 'keep'));
