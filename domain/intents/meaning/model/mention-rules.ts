import type { BusinessModel } from '../../intent-types';
import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import { isFreeDenied } from '../items/near-rules';
import type { Concept } from '../lexicon/lexicon';
import type { Place } from '../items/place-rules';
import { isGoods, isGoodsBetween, isSellerKept } from './kept-rules';
import { isSelling, type Manner, mannerAfter } from './manner-rules';

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
    // “Không bán lẻ, không freemium: thuê bao 99k”
    if (item.kind === 'break' && item.text === ':' && manner === 'dropped' && mentions.at(-1)?.clause === clause) {
      openNegation = null;
      manner = 'bare';
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
        // “Keep the winery and sell subscriptions”: these come beside it.
        const isAgain =
          manner === 'there' && isText(places[at + 1]?.item, /^(again|lại|như cũ|like before|as before)$/);
        const said = manner === 'kept' && openKeep && isGoodsBetween(places, at) ? 'added' : isAgain ? 'bare' : manner;
        const isTurnedTo = manner === 'target' && isConcept(places[at - 1]?.item, 'toward');
        mentions.push({
          start: item.start,
          end: item.end,
          model,
          manner: said,
          clause,
          at,
          isWeak,
          isTurnedTo,
          isOnly,
        });
      }
      const next = places[at + 1]?.item;

      if (isReplaced(places, openNegation) && (isText(next, /^with( a)?$/) || !isConcept(next, 'and', 'or'))) {
        manner = 'bare';
      }
      openNegation = null;
      openKeep = false;
      continue;
    }
    // “Keep selling cakes”, “vẫn bán bánh”: what one sells is the shop's.
    if (manner === 'kept' && isText(item, /^(bán|sell|selling)$/) && isGoods(places[at + 1]?.item)) {
      mentions.push({ ...spanOf(item), model: 'retail', manner, clause, at, ...plain });
      openKeep = false;
      continue;
    }
    if (isSellerKept(places, at) && openNegation === null) {
      mentions.push({ ...spanOf(item), model: 'retail', manner: 'kept', clause, at, ...plain });
      manner = 'kept';
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

/** “Instead of retail do subscriptions”: what is named next takes its place. */
const isReplaced = (places: readonly Place[], openNegation: number | null): boolean =>
  openNegation !== null &&
  isText(
    places[openNegation]?.item,
    /^(thay|thay mô hình|thay vì|thay cho|instead of|rather than|in place of|swap|replace)$/,
  );

export const isUseOrStop = (places: readonly Place[], { item, at }: Place): boolean =>
  isConcept(item, 'stopOrUse') &&
  isConcept(places[at + 1]?.item, 'subscription', 'freemium', 'multi') &&
  !isSelling(places[at + 1]?.item);

/** Chỉ, only and just right before a model, “chỉ còn” and “only do” before what is turned to. */
function isExclusive(places: readonly Place[], at: number): boolean {
  const before = places[at - 1]?.item;

  return before?.kind === 'concept' && /^(chỉ|only|just|chỉ còn|chỉ làm|only do|just do)$/.test(before.text);
}

/** “A subscription plan” names a plan, unless the sentence turns to it; “thuê bao gói Basic” names both. */
function isQualifier(places: readonly Place[], { item, at }: Place, manner: Manner): boolean {
  const [before, after] = [places[at - 1]?.item, places[at + 1]?.item];
  const isOfPlan = isConcept(before, 'plan') || (isConcept(after, 'plan') && !isText(after, /^(các )?(gói|phiên bản)/));

  return isConcept(item, 'subscription') && isOfPlan && manner !== 'target' && manner !== 'dropped';
}

const isUnit = (item: Item): boolean => item.kind === 'time' && item.time === 'unit';

function isNameless(places: readonly Place[], at: number): boolean {
  const rest = places.slice(at + 1).map(({ item }) => item);
  // “Bỏ gói tháng”: how often it is paid names no plan.
  const next = rest.find((item) => !isConcept(item, 'filler', 'noun', 'noMore', 'polite') && !isUnit(item));

  return next === undefined || next.kind === 'break' || isConcept(next, 'but', 'and', 'toward', 'change', 'keep');
}
