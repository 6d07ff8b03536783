import { isConcept, isPrice, isText, type Item } from './item-rules';

/** So many items at most stand between what is free, what is not, and its price. */
const near = 8;

/** “Ạ” and “thế” are a and the without their marks. */
const articles = /^(a|an|the|thế|ạ|à)$/;
/** “Except for schools”: who pays, and not for what. */
const isWho = (item: Item): boolean =>
  item.kind === 'word' &&
  /^(schools?|compan(y|ies)|business(es)?|firms?|agenc(y|ies)|groups?|clubs?|clinics?|institutions?|organi[sz]ations?|teachers?|professionals?|kids|foreigners|tourists|guests|truong)$/.test(
    item.text,
  );

/** “Miễn phí hết, trừ sao lưu 20k/tháng”, “everything free except the analytics, those are $10”: what is not free is sold. */
export function isExceptOfFree(items: readonly Item[], at: number): boolean {
  if (!isText(items[at], /^(trừ|trừ ra|trừ mỗi|ngoại trừ|except|except for)$/)) {
    return false;
  }
  const before = items.slice(Math.max(0, at - near), at);
  const free = before.findLastIndex((item) => isConcept(item, 'free', 'freemium'));
  const after = items.slice(at + 1, at + 1 + near);
  const price = after.findIndex((item) => isPrice(item) || item.kind === 'percent');
  const thing = isText(after[0], articles) ? after[1] : after[0];

  return (
    free >= 0 &&
    !before.slice(free).some((item) => isPrice(item) || item.kind === 'percent' || isConcept(item, 'trial')) &&
    price > 0 &&
    after[price]?.kind === 'amount' &&
    !after.slice(0, price).some((item) => item.kind === 'break' || isConcept(item, 'audience', 'plan', 'tier')) &&
    !after.slice(0, price).some(isWho) &&
    (thing?.kind === 'word' || isConcept(thing, 'knownAddon', 'compound', 'addon'))
  );
}

/** “$20 a year if they want the archive”: whoever has it pays for it, so that nothing hangs on it. */
export function isIfWanted(items: readonly Item[], at: number): boolean {
  if (!isText(items[at], /^(if|nếu|when)$/)) {
    return false;
  }
  const before = items[at - 1];
  const wanted = items.slice(at + 1, at + 4).findIndex((item) => isWanting(item)) + at + 1;
  const after = items[wanted + 1];
  const thing = isText(after, articles) ? items[wanted + 2] : after;

  return (
    wanted > at &&
    (before?.kind === 'time' || isPrice(before)) &&
    items.slice(at + 1, wanted).every((item) => isConcept(item, 'noun') || isText(item, /^(they|he|she)$/)) &&
    (thing?.kind === 'word' || isConcept(thing, 'knownAddon', 'compound'))
  );
}

/** “£120 if paid yearly”, “nếu đóng theo năm thì 1tr2”: how often it is paid, beside its price. */
export function isIfPaid(items: readonly Item[], at: number): boolean {
  if (!isText(items[at], /^(if|nếu|when)$/)) {
    return false;
  }
  const end = items.slice(at + 1, at + 6).findIndex((item) => item.kind === 'time') + at + 1;
  const period = items[end];
  const next = items.slice(end + 1, end + 4).find((item) => !isConcept(item, 'filler', 'price'));
  const isBesidePrice = [items[at - 1], next].some(isPrice);

  return (
    period?.kind === 'time' &&
    (period.time === 'interval' || period.time === 'unit') &&
    /^(month|year)$/.test(period.span.unit) &&
    items
      .slice(at + 1, end)
      .every(
        (item) => isConcept(item, 'filler', 'noun', 'cycle', 'sell', 'closeOrPay') || isText(item, /^(for|by)$/),
      ) &&
    isBesidePrice
  );
}

/** What is wanted in it: “to get the archive”. */
export const isWantedIn = (items: readonly Item[], at: number): boolean =>
  isWanting(items[at]) && [at - 1, at - 2, at - 3].some((from) => from >= 0 && isIfWanted(items, from));

const isWanting = (item: Item | undefined): boolean => isText(item, /^(want|wants|muốn|cần|need)$/);
