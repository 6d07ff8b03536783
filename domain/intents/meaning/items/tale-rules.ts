import { isConcept, isPrice, isText, type Item } from './item-rules';

/** What is asked for: a clause that speaks of it is no mere tale. */
const isOfWish = (item: Item): boolean =>
  item.kind === 'percent' ||
  (item.kind === 'time' && (item.time === 'first' || item.time === 'duration')) ||
  isConcept(item, 'free') ||
  isPrice(item) ||
  isConcept(
    item,
    'subscription',
    'freemium',
    'multi',
    'plan',
    'addon',
    'knownAddon',
    'tax',
    'discount',
    'code',
    'trial',
  ) ||
  isConcept(item, 'add', 'toward', 'change', 'price', 'tier');
/** What is said to sell badly is not asked for, and neither is it said to stay. */
const isBadly = (item: Item): boolean =>
  item.kind === 'word' &&
  /^(slow|dead|dying|dies|weak|bad|tough|hard|struggling|unprofitable|declining|falling|poor)$/.test(item.text);

/** What makes a wish of it none, or less: it is never left out. */
const isGrave = (item: Item): boolean =>
  isConcept(item, 'machine', 'erase', 'doubt', 'question', 'condition', 'later', 'except', 'unsold', 'until') ||
  isConcept(item, 'otherOrder', 'cancel', 'about') ||
  isText(item, /^(chỉ|only|just|ở|tại|in|at)$/);
const isShop = (item: Item): boolean => isConcept(item, 'retail', 'shop');
const isContent = (item: Item): boolean => item.kind === 'word' || isConcept(item, 'compound');
const feelings = /^(qua|lam|hoai|ghe|anyway|honestly|flop|flopped|failure|failed|mistake|disaster|bust)$/;
const isFelt = (item: Item): boolean =>
  isConcept(item, 'feeling') || (item.kind === 'word' && feelings.test(item.text));

/**
 * The sentence without what it tells of why: “vì thu từng tháng mệt lắm”, “khách than mắc nên …”, “our guests keep asking, so …”,
 * “khách quen nhắc hoài”. What it asks for, and what limits that, stays.
 */
export function withoutTales(items: readonly Item[]): Item[] {
  const left = new Set<Item>();

  for (const [at, item] of items.entries()) {
    // “Since 2019” is a time.
    if (isConcept(item, 'reason') && items[at + 1]?.kind !== 'amount') {
      const end = items.findIndex((one, index) => index > at && (one.kind === 'break' || isText(one, /^nên$/)));
      leave(items.slice(at, end < 0 ? undefined : end), left);
    }
    const isBehindBreak = items[at - 1]?.kind === 'break';

    // “Storage, backup and so on”
    if (isText(item, /^nên$/) || (isText(item, /^so$/) && isBehindBreak)) {
      const last = isBehindBreak ? at - 1 : at;
      const from = items.slice(0, last).findLastIndex((one) => one.kind === 'break') + 1;
      const told = items.slice(from, last);

      if (told.some((one) => isContent(one) || isConcept(one, 'audience'))) {
        leave(told, left);
      }
    }
  }
  for (const [at, item] of items.entries()) {
    // “Tùy bạn đọc chọn”, “cho gia đình nào muốn”
    const end = items.slice(at + 1, at + 5).findIndex((one) => isChosen(item, one));
    const between = items.slice(at + 1, at + end + 1);
    const isWhoever =
      item.kind === 'word' || between.some((one) => isText(one, /^(nào|ai)$/) || isWord(one, /^(nao|ai)$/));

    if (
      end >= 0 &&
      isWhoever &&
      !between.some((one) => one.kind === 'break' || (isOfWish(one) && !isConcept(one, 'tier')))
    ) {
      items.slice(at, at + end + 2).forEach((one) => left.add(one));
    }
  }
  for (const clause of clausesOf(items)) {
    // “Quá 5 người thì khóa” is a limit.
    const isTerm = clause.some((one) => one.kind === 'amount' || isText(one, /^thì$/));
    const isDone = clause.some((one) => isConcept(one, 'keep', 'drop', 'not', 'stopOrUse')) && clause.some(isShop);

    if ((clause.some(isFelt) || isText(clause.at(-1), /^(rồi|mà)$/)) && !isDone && !isTerm) {
      leave(clause, left);
    }
  }

  return items.filter((item) => !left.has(item));
}

const isChosen = (first: Item, last: Item): boolean =>
  (first.kind === 'word' && first.text === 'tuy' && (isText(last, /^(chọn|choose)$/) || isWord(last, /^chon$/))) ||
  (isText(first, /^cho$/) && (isText(last, /^muốn$/) || isWord(last, /^thich$/)));

const isWord = (item: Item, text: RegExp): boolean => item.kind === 'word' && text.test(item.text);

/** Leaves words out, unless they say more than why. */
function leave(told: readonly Item[], left: Set<Item>): void {
  // “Freemium khó quá”: what is complained of is not asked for.
  const isComplaint =
    told.some((item) => isContent(item) || isConcept(item, 'feeling')) &&
    !told.some((item) => isConcept(item, 'keep', 'sell', 'want', 'drop', 'not', 'retail', 'shop'));
  // “Retail is slow”
  const isBad = told.some(isBadly);
  const isAskedFor = (item: Item) =>
    isOfWish(item) &&
    !(isComplaint && isConcept(item, 'subscription', 'freemium')) &&
    !(isBad && isText(item, /^(is|là)$/));

  if (!told.some((item) => isAskedFor(item) || isGrave(item))) {
    told.forEach((item) => left.add(item));
  }
}

function clausesOf(items: readonly Item[]): Item[][] {
  const clauses: Item[][] = [[]];

  for (const item of items) {
    if (item.kind === 'break') {
      clauses.push([]);
    } else {
      clauses.at(-1)?.push(item);
    }
  }

  return clauses;
}
