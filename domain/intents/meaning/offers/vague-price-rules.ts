import type { Draft } from './draft-types';
import { isConcept, isText, type Item } from '../items/item-rules';
import type { Place } from '../items/place-rules';

/** Said behind a price, and of no certain one. */
const open = /^(or so|or more|or less|or higher|trở lên|trở xuống|minimum|maximum)$/;

/** Khoảng 200k, 100k đến 200k, $5-10, 200k or so. */
export function isVague(places: readonly Place[], at: number): boolean {
  const [before, after, afterThat] = [places[at - 1]?.item, places[at + 1]?.item, places[at + 2]?.item];
  const isOr =
    isConcept(before, 'or') &&
    /^(one|two|three|four|five|six|seven|eight|nine|tên)$/.test(textOf(places[at - 2]?.item));
  const isRange = (item: Item | undefined) =>
    isConcept(item, 'until', 'toward') || (item?.kind === 'break' && /^[-–—]$/.test(item.text));

  return (
    isOr ||
    isInUnknownMoney(places, at) ||
    isPast(places, at) ||
    isConcept(before, 'about', 'from') ||
    (isConcept(before, 'filler', 'noun', 'price') && isConcept(places[at - 2]?.item, 'about')) ||
    isText(after, open) ||
    (after?.kind === 'time' && isText(afterThat, open)) ||
    (isRange(after) && afterThat?.kind === 'amount') ||
    (isRange(before) && places[at - 2]?.item.kind === 'amount')
  );
}

const past =
  /^(trước đây|lúc trước|hồi trước|trước kia|ban đầu|used to|used to be|previously|formerly|originally|at first|was|were)$/;

/** “Lúc trước định 300k, giờ 250k”: what it was. */
function isPast(places: readonly Place[], at: number): boolean {
  const before = places
    .slice(0, at)
    .findLast(({ item, clause }) => clause !== places[at]?.clause || isText(item, past) || item.kind === 'amount');

  return before !== undefined && before.clause === places[at]?.clause && isText(before.item, past);
}

/** “45 thousand pesos monthly”, “50k tô/tháng”: of a word that nobody knows between a price and its period. */
function isInUnknownMoney(places: readonly Place[], at: number): boolean {
  const [item, after, period] = [places[at]?.item, places[at + 1]?.item, places[at + 2]?.item];

  return item?.kind === 'amount' && item.amount.currency === null && after?.kind === 'word' && period?.kind === 'time';
}

const textOf = (item: Item | undefined): string => (item?.kind === 'concept' || item?.kind === 'word' ? item.text : '');

/** “99k or 199k a month”: two prices for one thing. */
export function markAlternatives(drafts: readonly Draft[], places: readonly Place[]): void {
  drafts.forEach((draft, index) => {
    const before = drafts[index - 1];
    const isOneThing = before !== undefined && draft.name === null && before.kind === draft.kind;
    const isSameCycle =
      before?.period?.cycle === draft.period?.cycle && before?.amount != null && draft.amount !== null;

    if (isOneThing && isSameCycle && places.slice(before.at, draft.at).some(({ item }) => isConcept(item, 'or'))) {
      draft.isVague = true;
    }
  });
}
