import { isPrice, isText, type Item } from './item-rules';

/** Nhỏ, vừa, lớn: without their marks they are nhờ, “as well” and a slip of the pen. */
const sizes = /^(nhờ|vừa|lộn)$/;

const isSize = (item: Item): boolean =>
  isText(item, sizes) || (item.kind === 'word' && /^(nho|vua|lon)$/.test(item.text));

/** Sizes as the names that they are, where two of them or more have a price. */
export function readSizes(items: readonly Item[]): Item[] {
  const sized = new Set(items.filter((item, at) => isSize(item) && isPriced(items, at)));

  return items.map((item) =>
    sized.size > 1 && sized.has(item)
      ? { kind: 'concept', concept: 'tier', key: null, text: 'size', ...spanOf(item) }
      : item,
  );
}

const spanOf = ({ start, end }: Item) => ({ start, end });

function isPriced(items: readonly Item[], at: number): boolean {
  const next = items
    .slice(at + 1)
    .find((item) => !(item.kind === 'break' && item.text === ':') && !isText(item, /^(giá|là)$/));

  return isPrice(next);
}
