import { isConcept, isText, type Item } from './item-rules';

type Slot = 'amount' | 'time' | 'percent' | 'model';

/**
 * Carries corrections out: what follows “à nhầm” or “I mean” takes the place of the last of its kind before it, so that “199k a
 * month, sorry, 299k” is 299k a month. Of each kind one is replaced, up to the next thing that is offered.
 */
export function applyCorrections(items: readonly Item[]): Item[] {
  const out: Item[] = [];
  let replaced: Set<Slot> | null = null;

  for (const [index, item] of items.entries()) {
    // “À mà thôi”, and nothing after it.
    if (isText(item, takenBack) && !items.slice(items.indexOf(item)).some((one) => slotOf(one) !== null)) {
      out.push({ kind: 'concept', concept: 'cancel', key: null, text: 'thôi', start: item.start, end: item.end });
      continue;
    }
    if (isConcept(item, 'correction') || isMereNo(items, index) || isMadeAnother(items, index)) {
      replaced = out.some((one) => slotOf(one) !== null) ? new Set() : null;
      continue;
    }
    if (isConcept(item, 'corrected')) {
      takeBack(out);
      continue;
    }
    // “Gói Pro 199k, nhầm, gói Plus 199k”: the last plan as it was told is not meant.
    if (isConcept(item, 'plan') && replaced?.size === 0 && isPricedClause(items, index)) {
      out.splice(out.findLastIndex((one) => isConcept(one, 'plan')) >>> 0);
    }
    if (isConcept(item, 'plan', 'addon', 'knownAddon')) {
      replaced = null;
    }
    const slot = slotOf(item);
    const at = replaced === null || slot === null || replaced.has(slot) ? -1 : placeOf(out, item, slot);
    const before = out[at];

    if (before === undefined || replaced === null || slot === null) {
      out.push(item);
    } else {
      replaced.add(slot);
      out[at] = inPlaceOf(item, before);
    }
  }

  return out;
}

/** “$10/mo, no, $12/mo” */
const isMereNo = (items: readonly Item[], at: number): boolean =>
  isText(items[at], /^(không|ko|no)$/) &&
  items[at - 1]?.kind === 'break' &&
  items[at + 1]?.kind === 'break' &&
  items[at + 2]?.kind === 'amount';

/** “Subscription at $10 a month, make it $12” */
const isMadeAnother = (items: readonly Item[], at: number): boolean =>
  isText(items[at], /^make it$/) && items[at - 1]?.kind === 'break' && items[at + 1]?.kind === 'amount';

/** A price stands before the next comma. */
const isPricedClause = (items: readonly Item[], at: number): boolean =>
  items.slice(at).find((item) => item.kind === 'amount' || item.kind === 'break')?.kind === 'amount';

const takenBack = /^(à mà thôi|à thôi|ơ thôi|à không|à ko|ủa không|à mà không|scratch that|no wait|wait no)$/;

/** “Thuế 10%, à 8% mới đúng”: the last thing said takes the place of the one of its kind before it. */
function takeBack(items: Item[]): void {
  const last = items.findLastIndex((one) => slotOf(one) !== null);
  const [item] = items.slice(last);
  const slot = item === undefined ? null : slotOf(item);
  const at = item === undefined || slot === null || last < 0 ? -1 : placeOf(items.slice(0, last), item, slot);
  const before = items[at];

  if (item !== undefined && before !== undefined) {
    items[at] = inPlaceOf(item, before);
    items.splice(last, 1);
  }
}

function slotOf(item: Item): Slot | null {
  if (item.kind === 'amount' || item.kind === 'time' || item.kind === 'percent') {
    return item.kind;
  }

  return isConcept(item, 'retail', 'subscription', 'freemium', 'multi') ? 'model' : null;
}

/** Where the last one of the kind stands; −1: nowhere. Days replace days, and intervals intervals. */
function placeOf(items: readonly Item[], item: Item, slot: Slot): number {
  const isAlike = (one: Item) =>
    slotOf(one) === slot && (one.kind !== 'time' || item.kind !== 'time' || isLength(one.time) === isLength(item.time));
  const alike = items.findLastIndex(isAlike);

  return alike >= 0 ? alike : items.findLastIndex((one) => slotOf(one) === slot);
}

const isLength = (time: string): boolean => time === 'duration' || time === 'first';

/** “A year” after “a month” is an interval again, and “12.99” after “9.99 USD” is in USD. */
function inPlaceOf(item: Item, before: Item): Item {
  if (item.kind === 'time' && before.kind === 'time') {
    return { ...item, time: before.time };
  }
  const isPrice = item.kind === 'amount' && before.kind === 'amount';

  return isPrice && item.amount.isBare && before.amount.currency !== null
    ? { ...item, amount: { ...item.amount, currency: before.amount.currency, isBare: false } }
    : item;
}
