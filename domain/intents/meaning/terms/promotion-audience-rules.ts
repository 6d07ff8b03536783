import { isConcept, isPrice, isText } from '../items/item-rules';
import type { Place } from '../items/place-rules';

/** “Khách cũ giảm 10%”, “100 khách đầu tiên giảm 20%”: promotions are everybody's, or of those who have a code. */
export function isAudience(places: readonly Place[], { item, at, clause }: Place, hasCode: boolean): boolean {
  const beside = places.filter((place) => place.clause === clause).map((place) => place.item);
  const isCounted = item.kind === 'amount' && item.amount.isBare && isText(places[at + 1]?.item, people);
  const isNamed = isConcept(item, 'audience') || isText(item, /^(sinh viên|học sinh|student)$/);
  const isOffered = beside.some((one) => isConcept(one, 'plan') || isPrice(one));

  // “New customers get 20% off”: all are new to what is sold from now on, or in the first months of each.
  const isOfNew =
    !hasCode &&
    isNewcomer(places, { item, at }) &&
    !places.some(
      (place) =>
        (place.item.kind === 'time' && place.item.time !== 'unit') ||
        isConcept(place.item, 'subscription', 'freemium', 'plan'),
    );

  return (
    beside.some((one) => isConcept(one, 'discount')) && (isCounted || isOfNew || (isNamed && !isOffered && !hasCode))
  );
}

export const isNewcomer = (places: readonly Place[], { item, at }: Pick<Place, 'item' | 'at'>): boolean =>
  isText(item, /^khách mới$/) ||
  (isText(item, people) && (isText(places[at + 1]?.item, /^mới$/) || isText(places[at - 1]?.item, /^new$/)));

const people = /^(khách|khách hàng|người|người mua|người dùng|customers|users|people|members|subscribers|clients)$/;
