import { isConcept, isText, type Item } from '../items/item-rules';
import type { Place } from '../items/place-rules';
import { isDoneInstead } from './turn-rules';

/** How a model is spoken of: as what is wanted, kept or added, as what is there, or as what is to end. */
export type Manner = 'target' | 'bare' | 'kept' | 'added' | 'there' | 'dropped';

/** What a word does to the models after it; null: nothing. */
export function mannerAfter(
  { item, at }: Place,
  places: readonly Place[],
  manner: Manner,
  isOpen: boolean,
): Manner | null {
  if (item.kind !== 'concept') {
    return null;
  }
  // “We also want people to subscribe”
  if (isText(item, /^also$/)) {
    return manner === 'bare' && !isOpen ? 'added' : null;
  }
  switch (item.concept) {
    case 'not':
    case 'cancel':
      return 'dropped';
    // “Không bỏ bán lẻ” keeps it.
    case 'drop':
      return isOpen && isDenied(places, at) ? 'kept' : 'dropped';
    case 'stopOrUse':
      return !isNegating(places, at) ? null : isOpen && isDenied(places, at) ? 'kept' : 'dropped';
    // One closes the shop, and pays so much.
    case 'closeOrPay':
      return !isNegating(places, at) ? null : isOpen && isDenied(places, at) ? 'kept' : 'dropped';
    // “Đừng chuyển sang freemium” negates what it turns to, and “không giữ cửa hàng” what it keeps.
    // What is added “to our subscriptions” turns to nothing.
    case 'toward':
      return isOpen ? 'dropped' : manner === 'added' && item.text === 'to' ? null : 'target';
    case 'keep':
      return isOpen ? 'dropped' : 'kept';
    case 'add':
      // “Set up freemium” adds nothing to what is there.
      return isOpen ? 'dropped' : manner === 'kept' ? 'kept' : isText(item, /^set up$/) ? null : 'added';
    case 'from':
    case 'now':
      return isOpen ? null : 'there';
    case 'but':
      return 'bare';
    case 'and':
      return manner === 'dropped' && !isOpen && isDoneInstead(places, at) ? 'bare' : null;
    // “Instead of retail I want …”, “we run a studio and want to sell …”
    case 'want':
      return (manner === 'dropped' || manner === 'there') && !isOpen ? 'bare' : null;
    default:
      return null;
  }
}

const isDenied = (places: readonly Place[], at: number): boolean =>
  isConcept(places.slice(0, at).findLast(({ item }) => !isConcept(item, 'filler'))?.item, 'not', 'stopOrUse', 'cancel');

/** Đừng, dừng and dùng are one word without their marks: before a deed it is the first, before the shop the second. */
function isNegating(places: readonly Place[], at: number): boolean {
  const next = places[at + 1]?.item;

  return (
    isSelling(next) || isConcept(next, 'retail', 'shop', 'toward', 'change', 'sell', 'add', 'keep', 'drop', 'stopOrUse')
  );
}

/** “Dung ban thue bao”: nobody uses to sell, so that it is đừng or dừng. */
export const isSelling = (item: Item | undefined): boolean => isText(item, /^bán /);
