import { isConcept, isText, type Item } from '../items/item-rules';
import type { Place } from '../items/place-rules';
import type { ReadSoFar } from './read-so-far-types';

export const isContent = (item: Item): boolean =>
  (item.kind === 'word' && !/^(p|ve|the|ban|hang|box|kit|club)$/.test(item.text)) ||
  item.kind === 'quote' ||
  isConcept(item, 'knownAddon', 'until') ||
  (isConcept(item, 'tier') && !isText(item, /^plus$/)) ||
  (item.kind === 'amount' && item.amount.isBare) ||
  (isConcept(item, 'compound') && !isText(item, harmless));

/** What holds of every subscription, and what one gets. */
const harmless =
  /^(cancel any ?time|không giới hạn|cả ngày|all day|of the month|tiết kiệm hơn|(trên )?(mọi|mỗi|tất cả) hóa đơn|(on )?(every|all|each) invoices?)$/;

/** “Cho phòng tập”, “nhé team”: who it is that speaks, and to whom. */
export function isOfOwner(places: readonly Place[], at: number): boolean {
  const [item, before] = [places[at]?.item, places[at - 1]?.item];
  const isOwn = isText(item, /^(trung tâm|phòng tập|phòng khám|phòng gym|nhà hàng)$/) && places[at]?.isFor === true;

  return isOwn || (isText(item, /^teams?$/) && isConcept(before, 'polite'));
}

/** “Mã TET giảm 10%”, “code SUMMER gives 15% off”, “Black Friday 40% off”. */
export const isOfPromise = (item: Item, clause: readonly Place[]): boolean =>
  isConcept(item, 'compound') ||
  (isConcept(item, 'tier') && clause.some((place) => isConcept(place.item, 'code') || isWord(place.item, /^ma$/))) ||
  isWord(item, /^(ma|tang|gives?|takes?|gets?|ai|nguoi|nhap|saves?|runs?|running|chay|tung|chuong|trinh|dot)$/) ||
  isWord(item, /^(tet|noel|xuan|summer|winter|spring|autumn|holidays?|easter|opening|launch|welcome|nhan|dip|le|lon)$/);

const isWord = (item: Item, texts: RegExp): boolean => item.kind === 'word' && texts.test(item.text);

/** “Khách mua món nào trả tiền món đó”: how a shop sells, in other words. */
export const tellsHowOneBuys = (clause: readonly Place[]): boolean =>
  clause.some(({ item }) => isWord(item, /^(mua|buys?)$/) || isText(item, /^(trả tiền|pay|paying)$/)) &&
  !clause.some(({ item }) => item.kind === 'amount' || item.kind === 'percent' || isConcept(item, 'discount', 'about'));

/** “Đọc thử 30 ngày”, “Pro gets a 14 day trial”. */
export const isOfTrial = (places: readonly Place[], at: number): boolean => {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];

  return (
    isConcept(item, 'tier') ||
    isTry(item) ||
    isTry(next) ||
    (item?.kind === 'word' && /^(gets?|comes?|ba|after|truoc|first|tang)$/.test(item.text))
  );
};

export const isTry = (item: Item | undefined): boolean =>
  isText(item, /^thu$/) || (item?.kind === 'word' && item.text === 'thu');

/** “Gồm 10 buổi”, “4 boxes a month”, “uống trà thoải mái”: what is sold for the price, which has no place in a plan. */
export function tellsWhatOneGets(clause: readonly Place[], { used }: ReadSoFar): boolean {
  const rest = clause.filter(({ at }) => !used.has(at));
  const isOpen = rest.some(
    ({ item }) =>
      isConcept(item, 'about', 'until', 'not', 'audience', 'from', 'discount', 'or') ||
      isWord(item, /^(first|next|last|dau|tien)$/),
  );
  const isCounted = rest.some(
    ({ item, at }, index) =>
      item.kind === 'amount' &&
      item.amount.isBare &&
      item.amount.shape === 'whole' &&
      rest[index + 1]?.at === at + 1 &&
      (rest[index + 1]?.item.kind === 'word' || isConcept(rest[index + 1]?.item, 'compound', 'noun')),
  );
  const isNamed = rest.some(
    ({ item }) =>
      isText(item, /^(gồm|bao gồm|including|thoải mái|thả ga|tha hồ|thỏa thích|unlimited|không giới hạn)$/) ||
      isIncludes(item),
  );

  return !isOpen && (isCounted || isNamed);
}

const isIncludes = (item: Item): boolean => item.kind === 'word' && /^(includes?|included|tha ga)$/.test(item.text);
