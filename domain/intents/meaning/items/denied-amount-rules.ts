import { isPrice, isText, type Item } from './item-rules';

/** “Not $12”, “chứ không phải 199k”: what a price is not. */
const denials = /^(chứ không|chứ không phải|không phải|not|instead of|rather than|thay vì|thay cho)$/;

/** The sentence without prices that are named only to be denied, where another one is told. */
export function withoutDenied(items: readonly Item[]): Item[] {
  const isDenied = (at: number) => isPrice(items[at]) && isText(items[at - 1], denials);
  const isToldElse = items.some((item, at) => isPrice(item) && !isDenied(at));

  return items.filter((item, at) => {
    const isOfDenied =
      isDenied(at + 1) || isDenied(at) || (item.kind === 'time' && item.time === 'interval' && isDenied(at - 1));

    return !isToldElse || !isOfDenied;
  });
}
