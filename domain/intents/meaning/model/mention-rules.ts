import type { BusinessModel } from '../../intent-types';
import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import { isFreeDenied } from '../items/near-rules';
import type { Concept } from '../lexicon/lexicon';
import type { Place } from '../items/place-rules';

/** How a model is spoken of: as what is wanted, kept or added, as what is there, or as what is to end. */
type Manner = 'target' | 'bare' | 'kept' | 'added' | 'there' | 'dropped';

export interface Mention extends Span {
  model: BusinessModel;
  manner: Manner;
  clause: number;
  at: number;
  /** Only a noun, as in “my shop”, which says what one has. */
  isWeak: boolean;
  /** It stands right behind what turns to it. */
  isTurnedTo: boolean;
  /** “Chỉ bán lẻ”: and nothing beside it. */
  isOnly: boolean;
}

const models: Readonly<Partial<Record<Concept, BusinessModel>>> = {
  retail: 'retail',
  shop: 'retail',
  subscription: 'subscription',
  freemium: 'freemium',
  multi: 'multi',
};

const plain = { isWeak: false, isTurnedTo: false, isOnly: false };
const spanOf = ({ start, end }: Span): Span => ({ start, end });

/** Reads each model with the deed that governs it, from comma to comma. */
export function mentionsOf(places: readonly Place[]): Mention[] {
  const mentions: Mention[] = [];
  let manner: Manner = 'bare';
  let clause = 0;
  let openNegation: number | null = null;
  let openKeep = false;
  const close = () => {
    const last = mentions.at(-1);

    // Bán lẻ không làm nữa: what is negated stands before it.
    if (openNegation !== null && last?.clause === clause && last.manner !== 'target' && last.manner !== 'dropped') {
      last.manner = 'dropped';
    }
    // “The shop stays open.”
    if (openKeep && last?.clause === clause && last.manner === 'bare') {
      last.manner = 'kept';
    }
    openNegation = null;
    openKeep = false;
    manner = 'bare';
  };

  for (const place of places) {
    const { item, at } = place;

    if (place.clause !== clause) {
      close();
      clause = place.clause;
    }
    const ended = isConcept(item, 'plan') && manner === 'dropped' && isNameless(places, at) ? 'subscription' : null;
    const denied = isFreeDenied(places, at) ? 'freemium' : ended;

    if (denied !== null) {
      mentions.push({ ...spanOf(item), model: denied, manner: 'dropped', clause, at, ...plain });
      openNegation = null;
      continue;
    }
    const model = item.kind === 'concept' ? models[item.concept] : undefined;

    if (model !== undefined) {
      if (!isQualifier(places, place, manner)) {
        const isWeak = isConcept(item, 'shop');
        const isOnly = isExclusive(places, at);
        const isTurnedTo = manner === 'target' && isConcept(places[at - 1]?.item, 'toward');
        mentions.push({ start: item.start, end: item.end, model, manner, clause, at, isWeak, isTurnedTo, isOnly });
      }
      if (isReplaced(places, openNegation) && !isConcept(places[at + 1]?.item, 'and', 'or')) {
        manner = 'bare';
      }
      openNegation = null;
      openKeep = false;
      continue;
    }
    const next = mannerAfter(place, places, manner, openNegation !== null);

    if (next !== null) {
      openNegation = next === 'dropped' ? at : null;
      openKeep = next === 'kept';
      manner = next;
    } else if (isConcept(item, 'trial', 'tax', 'addon', 'discount', 'plan')) {
      openNegation = null;
    }
  }
  close();

  return mentions;
}

/** What a word does to the models after it; null: nothing. */
function mannerAfter({ item, at }: Place, places: readonly Place[], manner: Manner, isOpen: boolean): Manner | null {
  if (item.kind !== 'concept') {
    return null;
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
      return isNegating(places, at) ? 'dropped' : null;
    // “Đừng chuyển sang freemium” negates what it turns to, and “không giữ cửa hàng” what it keeps.
    // What is added “to our subscriptions” turns to nothing.
    case 'toward':
      return isOpen ? 'dropped' : manner === 'added' && item.text === 'to' ? null : 'target';
    case 'keep':
      return isOpen ? 'dropped' : 'kept';
    case 'add':
      return isOpen ? 'dropped' : manner === 'kept' ? 'kept' : 'added';
    case 'from':
    case 'now':
      return isOpen ? null : 'there';
    case 'but':
      return 'bare';
    // “Instead of retail I want …”
    case 'want':
      return manner === 'dropped' && !isOpen ? 'bare' : null;
    default:
      return null;
  }
}

/** “Instead of retail do subscriptions”: what is named next takes its place. */
const isReplaced = (places: readonly Place[], openNegation: number | null): boolean =>
  openNegation !== null &&
  isText(places[openNegation]?.item, /^(thay|thay mô hình|thay vì|thay cho|instead of|rather than|in place of|swap)$/);

const isDenied = (places: readonly Place[], at: number): boolean =>
  isConcept(places[at - 1]?.item, 'not', 'stopOrUse', 'cancel');

/** Đừng, dừng and dùng are one word without their marks: before a deed it is the first, before the shop the second. */
function isNegating(places: readonly Place[], at: number): boolean {
  const next = places[at + 1]?.item;

  return isConcept(next, 'retail', 'shop', 'toward', 'change', 'sell', 'add', 'keep', 'drop', 'stopOrUse');
}

export const isUseOrStop = (places: readonly Place[], { item, at }: Place): boolean =>
  isConcept(item, 'stopOrUse') && isConcept(places[at + 1]?.item, 'subscription', 'freemium', 'multi');

/** Chỉ, only and just right before a model, “chỉ còn” and “only do” before what is turned to. */
function isExclusive(places: readonly Place[], at: number): boolean {
  const before = places[at - 1]?.item;

  return before?.kind === 'concept' && /^(chỉ|only|just|chỉ còn|chỉ làm|only do|just do)$/.test(before.text);
}

/** “A subscription plan” names a plan, unless the sentence turns to it. */
function isQualifier(places: readonly Place[], { item, at }: Place, manner: Manner): boolean {
  const isOfPlan = isConcept(places[at - 1]?.item, 'plan') || isConcept(places[at + 1]?.item, 'plan');

  return isConcept(item, 'subscription') && isOfPlan && manner !== 'target' && manner !== 'dropped';
}

const isUnit = (item: Item): boolean => item.kind === 'time' && item.time === 'unit';

function isNameless(places: readonly Place[], at: number): boolean {
  const rest = places.slice(at + 1).map(({ item }) => item);
  // “Bỏ gói tháng”: how often it is paid names no plan.
  const next = rest.find((item) => !isConcept(item, 'filler', 'noun', 'noMore', 'polite') && !isUnit(item));

  return next === undefined || next.kind === 'break' || isConcept(next, 'but', 'and', 'toward', 'change', 'keep');
}
