import type { BusinessModel } from '../../intent-types';
import { isConcept, isPrice, isText, type Item } from '../items/item-rules';
import type { Mention } from './mention-rules';
import type { Doubt, Place } from '../items/place-rules';

/**
 * “10% off all subscriptions”, “VAT 8% cho thuê bao”, “thêm add-on 50k cho thuê bao”: a model is named as what something is for,
 * and is not turned to.
 * @returns the mentions without these; and what has to be asked, where there is more than what it is for
 */
export function withoutScopes(
  mentions: readonly Mention[],
  places: readonly Place[],
  today: BusinessModel | null,
): { mentions: Mention[]; doubt: Doubt | null } {
  const scopes = mentions.filter((mention) => isScope(places, mention));
  const rest = mentions.filter((mention) => !scopes.includes(mention));
  const [scope] = scopes;

  if (scope === undefined || rest.some(({ model }) => model === scope.model)) {
    return { mentions: rest, doubt: null };
  }
  const isAll = today === scope.model || (today === 'freemium' && scope.model === 'subscription');
  const isOfAddon = isOfOffer(places, scope);

  if (isAll || (isOfAddon && today === 'multi')) {
    return { mentions: rest, doubt: null };
  }

  return isOfAddon
    ? { mentions: [...mentions], doubt: null }
    : { mentions: rest, doubt: { code: 'other_order', span: scope } };
}

function isScope(places: readonly Place[], mention: Mention): boolean {
  const own = places.filter(({ clause }) => clause === mention.clause).map(({ item }) => item);
  const isPriced = own.some(isPrice);
  const isTerm = own.some((item) => item.kind === 'percent' || isConcept(item, 'tax', 'discount', 'code')) && !isPriced;
  const isSpoken = mention.manner === 'bare' || mention.manner === 'added';

  return isSpoken && !mention.isWeak && isFor(places, mention.at, isTerm) && (isTerm || isOfOffer(places, mention));
}

/** An add-on is told before it, in its clause. */
const isOfOffer = (places: readonly Place[], { clause, at }: Mention): boolean =>
  places.some((place) => place.clause === clause && place.at < at && isConcept(place.item, 'addon', 'knownAddon'));

/** Behind “for” or “on”, or right beside the tax that is its own. */
function isFor(places: readonly Place[], at: number, isTerm: boolean): boolean {
  let before = at - 1;

  while (isBetween(places[before]?.item)) {
    before -= 1;
  }
  const isLed = places
    .slice(Math.max(0, before), at)
    .some(({ item }) => isText(item, /^(for|to|cho|on|of|của|in|off)$/));
  const isBeside = isConcept(places[before]?.item, 'tax') || isConcept(places[at + 1]?.item, 'tax');

  return isLed || (isTerm && isBeside);
}

const isBetween = (item: Item | undefined): boolean =>
  isConcept(item, 'filler', 'all', 'noun') && !isText(item, /^(for|to|cho|on|of|của|in)$/);
