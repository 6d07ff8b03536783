import { isConcept, isText, type Item } from './item-rules';

/** “Giá mỗi tháng 135k” is no giá mới, with or without its marks. */
export const isPriceEach = (items: readonly Item[], at: number): boolean => {
  const next = items[at + 1];

  return isText(items[at], /^giá mới$/) && next?.kind === 'time' && /^(month|year)$/.test(next.span.unit);
};

/** “Try it for a week”, “free for a month, then $10”: how long, and not how often. */
export function isLengthOfTrial(items: readonly Item[], at: number): boolean {
  const item = items[at];
  const before = items.slice(Math.max(0, at - 3), at - 1);

  return (
    item?.kind === 'time' &&
    item.time === 'interval' &&
    isText(items[at - 1], /^for$/) &&
    before.some((one) => isConcept(one, 'trial', 'free')) &&
    !before.some((one) => one.kind === 'amount' || one.kind === 'break')
  );
}
