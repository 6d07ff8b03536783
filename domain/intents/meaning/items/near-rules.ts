import { isConcept, isText, type Item } from './item-rules';
import type { Place } from './place-rules';

/** Words between two things that belong together. */
export const isPassedOver = (item: Item): boolean =>
  isConcept(
    item,
    'filler',
    'noun',
    'price',
    'polite',
    'named',
    'sell',
    'closeOrPay',
    'and',
    'now',
    'taxExcluded',
    'all',
    'until',
    'cycle',
  ) ||
  (item.kind === 'break' && item.text === ':');

/** The next thing of the clause that says something. */
export function nextOf(places: readonly Place[], at: number, step: 1 | -1 = 1): Place | null {
  const clause = places[at]?.clause;

  for (let index = at + step; ; index += step) {
    const place = places[index];

    if (place === undefined || place.clause !== clause) {
      return null;
    }
    if (!isPassedOver(place.item)) {
      return place;
    }
  }
}

/** The nearest that fits, within the clause and before anything that ends the search. */
export function nearest(
  places: readonly Place[],
  at: number,
  step: 1 | -1,
  { fits, stops }: { fits: (item: Item) => boolean; stops: (item: Item) => boolean },
): Place | null {
  const clause = places[at]?.clause;

  for (let index = at + step; ; index += step) {
    const place = places[index];

    if (place === undefined || place.clause !== clause) {
      return null;
    }
    if (fits(place.item)) {
      return place;
    }
    if (stops(place.item)) {
      return null;
    }
  }
}

/** “Không miễn phí nữa”, “not free”: what was free is not. “Dung mien phi nua” is đừng, and not dùng, without its marks. */
export function isFreeDenied(places: readonly Place[], at: number): boolean {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];
  const isOver = isConcept(next, 'noMore') || isText(next, /^no more$/);

  if (!isConcept(item, 'free')) {
    return isOver && isText(item, /^dùng (miễn phí|free)$/);
  }
  const near = nextOf(places, at, -1);
  // “Bỏ gói miễn phí”
  const before = isConcept(near?.item, 'plan') ? nextOf(places, near?.at ?? at, -1)?.item : near?.item;

  return isOver || isConcept(before, 'not', 'drop', 'stopOrUse');
}
