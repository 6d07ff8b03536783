import { isConcept, isText, type Item } from './item-rules';

/** About so much: without their marks they are máy, tắm, gân, vải and others. */
const nearly = /^(mấy|tầm|gần|hơn|vài|chừng|dưới|trên)$/;

/**
 * Words that are others without their marks, as the words beside them have it: tầm is tắm where no price follows, and thuế is
 * thuê after cho.
 */
export function settleHomographs(items: readonly Item[]): Item[] {
  return items.map((item, at) => (isOther(items, at) ? asWord(item) : isTo(items, at) ? toward(item) : item));
}

const asWord = (item: Item): Item =>
  item.kind === 'concept' ? { kind: 'word', start: item.start, end: item.end, text: item.text } : item;

const toward = ({ start, end }: Item): Item => ({
  kind: 'concept',
  concept: 'toward',
  key: null,
  text: '2',
  start,
  end,
});

/** “Change my biz 2 subscription” */
function isTo(items: readonly Item[], at: number): boolean {
  const [item, next] = [items[at], items[at + 1]];

  return (
    item?.kind === 'amount' &&
    item.amount.isBare &&
    item.amount.value.numerator === 2n &&
    isConcept(next, 'subscription', 'freemium', 'retail', 'multi') &&
    items.slice(0, at).some((one) => isConcept(one, 'change'))
  );
}

function isOther(items: readonly Item[], at: number): boolean {
  const item = items[at];

  if (isText(item, nearly)) {
    const next = items.slice(at + 1).find((one) => !isConcept(one, 'filler', 'price', 'about'));

    // “Máy 120k” is no “mấy trăm”.
    return next?.kind !== 'amount' || (isText(item, /^mấy$/) && next.amount.shape !== 'words');
  }

  const [before, next] = [items[at - 1], items[at + 1]];

  // “Gia sư: …”, “trung tâm gia sư”
  if (isText(item, /^giả sử$/)) {
    return (next?.kind === 'break' && next.text === ':') || before?.kind === 'word' || isConcept(before, 'compound');
  }

  // “Multi-language”
  if (isText(item, /^multi$/)) {
    return next?.kind === 'word' || isConcept(next, 'noun', 'compound');
  }

  // “Nhiều chi nhánh”, “thuê mái nhà”
  if (next?.kind === 'word' && (isText(item, /^chỉ$/) || (isText(item, /^thuế$/) && !hasRate(items, at)))) {
    return true;
  }

  return isText(item, /^thuế$/) && isText(before, /^cho$/) && (next?.kind === 'word' || isConcept(next, 'filler'));
}

/** A percentage before the next comma. */
const hasRate = (items: readonly Item[], at: number): boolean =>
  items.slice(at).find((item) => item.kind === 'percent' || item.kind === 'break')?.kind === 'percent';
