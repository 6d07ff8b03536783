import { isOtherWord } from '../../words/mark-rules';
import { isConcept, isText, type Item } from './item-rules';

/** “Giữ lẻ, thêm gói tháng”, “hoa lẻ vẫn bán”, which is no lễ: feasts are days. */
export const isRetailKept = (items: readonly Item[], at: number, sentence: string): boolean => {
  const [item, before, next, after] = [items[at], items[at - 1], items[at + 1], items[at + 2]];
  const isLe = item?.kind === 'word' && item.text === 'le';
  const isDay = before?.kind === 'time' || (before?.kind === 'word' && /^(dip|nghi)$/.test(before.text));
  const isStillSold = isConcept(next, 'keep') && isText(after, /^bán$/);
  // “Khách lẻ vẫn giặt như thường”, “chơi lẻ theo giờ vẫn giữ”
  const isStillDone = isLe && staysInClause(items, at);
  const isMeant = isLe && !isDay && !isOtherWord(sentence.slice(item.start, item.end), 'lẻ');

  // “Bỏ đặt phòng lẻ”, “không chụp lẻ nữa”
  const done = items
    .slice(Math.max(0, at - 4), at)
    .findLast((one) => one.kind !== 'word' && !isConcept(one, 'compound', 'noun'));
  const isDropped =
    isMeant && isConcept(done, 'drop', 'not', 'stopOrUse') && !isConcept(before, 'drop', 'not', 'stopOrUse');

  // “Thôi bán lẻ”
  const isSold = isConcept(before, 'keep', 'sell') || (isMeant && isText(before, /^\S+ bán$/));

  return isLe && (isSold || isDropped || (isMeant && (isStillSold || isStillDone)));
};

/** What keeps stands behind it, before the next comma. */
function staysInClause(items: readonly Item[], at: number): boolean {
  const rest = items.slice(at + 1, at + 5);
  const end = rest.findIndex((item) => item.kind === 'break' || item.kind === 'amount');

  return rest
    .slice(0, end < 0 ? undefined : end)
    .some((item) => isText(item, /^(vẫn|vẫn còn|vẫn giữ|vẫn cho|giữ|giữ nguyên)$/));
}

/** “No longer single issues”, “keep single tickets”, “thay vì từng số”: goods one by one. */
export function isSingleGoods(items: readonly Item[], at: number): boolean {
  const [item, next] = [items[at], items[at + 1]];

  if (item?.kind !== 'word' || !/^(single|tung)$/.test(item.text) || next?.kind !== 'word') {
    return false;
  }
  const done = items.slice(Math.max(0, at - 3), at).findLast((one) => !isConcept(one, 'filler', 'noun', 'sell'));

  return isConcept(done, 'drop', 'not', 'keep');
}

/** “Instead of selling razors, customers pay us 200k a month”: the sale that goes, by what was sold. */
export function isSaleThatGoes(items: readonly Item[], at: number): boolean {
  const end = items.slice(at + 1).findIndex((item) => item.kind === 'break');
  const sold = items.slice(at + 1, at + 1 + Math.max(0, end));

  return (
    isText(items[at], /^(sell|selling|bán)$/) &&
    isText(items[at - 1], /^(instead of|thay vì)$/) &&
    sold.length > 0 &&
    sold.every((item) => item.kind === 'word' || isConcept(item, 'filler', 'noun', 'compound', 'retail', 'once'))
  );
}

/** “Sell both one-off and by subscription”, “cả một lần lẫn thuê bao”: what is paid once beside what renews is the shop's. */
export function isOnceOfShop(items: readonly Item[], at: number): boolean {
  const isBetween = (item: Item) => isConcept(item, 'filler', 'noun', 'and', 'keep', 'sell');
  const isBeside = (line: readonly Item[]) => {
    const end = line.findIndex((item) => !isBetween(item));

    return (
      isConcept(line[end], 'subscription', 'freemium') &&
      line.slice(0, end).some((one) => isConcept(one, 'and', 'keep'))
    );
  };

  return (
    isConcept(items[at], 'once') &&
    items[at - 1]?.kind !== 'amount' &&
    items.some((item) => isText(item, /^(both|cả|vừa|lẫn)$/)) &&
    (isBeside(items.slice(at + 1)) || isBeside(items.slice(0, at).reverse()))
  );
}

/** “Cửa hàng không đổi”, “not changing the shop”, “we sell at retail and that won't change” */
export function isLeftAsItIs(items: readonly Item[], at: number): boolean {
  if (!isConcept(items[at], 'not', 'cancel')) {
    return false;
  }
  const isShop = (item: Item | undefined) => isConcept(item, 'retail', 'shop');
  const beside = items.slice(at + 2).find((item) => !isConcept(item, 'filler', 'noun'));

  // “Cửa hàng không thay đổi gì”
  if (isText(items[at], /^không thay đổi gì$/)) {
    return isShop(items[at - 1]);
  }

  return (
    isConcept(items[at], 'not') &&
    isConcept(items[at + 1], 'change') &&
    (isShop(items.slice(0, at).findLast((item) => !isConcept(item, 'filler', 'and'))) ||
      (isShop(beside) && beside?.kind !== 'break'))
  );
}

/** “Cửa hàng bán ký như thường”: it goes on. */
export const isSoldAsUsual = (items: readonly Item[], at: number): boolean => {
  const clause = items.slice(items.slice(0, at).findLastIndex((one) => one.kind === 'break') + 1, at);

  return (
    isText(items[at], /^(như thường|như trước giờ)$/) &&
    clause.some((one) => isConcept(one, 'shop', 'retail')) &&
    clause.some((one) => isText(one, /^bán$/))
  );
};
