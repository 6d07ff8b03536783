import type { BusinessModel } from '../../intent-types';
import type { Draft } from '../offers/draft-types';
import type { OfferReading } from '../offers/gathering-types';
import { isConcept, isText, type Span } from '../items/item-rules';
import type { ModelReading } from './model-rules';
import { isBlank } from '../offers/open-draft-rules';
import type { Doubt, Place } from '../items/place-rules';
import type { Trial } from '../terms/trial-rules';
import { isDeniedBefore, isSoldAnew, isSoldBeside, isTurn, turnOf } from './turn-rules';

export interface Choice {
  model: BusinessModel;
  span: Span | null;
}

/**
 * The model that a sentence comes to: the one it names; freemium where something is free; subscriptions where the shop ends and
 * something that renews is sold, and where a shop that sells nothing else says that it sells so from now on.
 */
export function chooseModel(
  named: ModelReading,
  { free }: OfferReading,
  { drafts, places, today }: { drafts: readonly Draft[]; places: readonly Place[]; today: BusinessModel | null },
): Choice | null {
  const [first] = drafts.filter((draft) => !isBlank(draft));

  if (named.doubt !== null) {
    return null;
  }
  // “Khách lẻ vẫn mua bình thường” says nothing new of a business that has both.
  if (named.model === 'retail' && first !== undefined && today === 'multi' && isOfCustomers(places)) {
    return null;
  }
  // The shop that stays, and something that renews; “bán lẻ + gói tháng 199k”.
  if (named.model === 'retail' && first !== undefined && (named.isKept || isJoined(places))) {
    return { model: 'multi', span: named.span ?? first };
  }
  if (named.model !== null) {
    return { model: named.model, span: named.span ?? { start: 0, end: 0 } };
  }
  const isAdding = places.some(({ item }) => isConcept(item, 'add'));
  const gift =
    (drafts.length > 0 ? free : null) ??
    (isAdding ? null : drafts.find((draft) => draft.free !== null && draft.name === null)?.free);

  if (gift !== null && gift !== undefined && !named.isNamed) {
    return { model: 'freemium', span: gift };
  }

  // “The Basic plan is free, the analytics add-on $8 a month”
  if (!isAdding && !named.isNamed && (today === 'retail' || today === 'subscription') && isFreeWithAddons(drafts)) {
    return { model: 'freemium', span: drafts.find((draft) => draft.free !== null)?.free ?? null };
  }

  const turned = turnOf(places);
  const isTurned =
    turned !== undefined && (!named.isNamed || named.isOnlyWeak) && first?.kind === 'plan' && first.period !== null;

  // “Chuyển sang thu 199k mỗi tháng”, “không bán lẻ nữa, thu 199k mỗi tháng”.
  if (isTurned || (named.isOnlyDropped && isSoldInstead(named, first))) {
    return { model: 'subscription', span: turned ?? first ?? null };
  }
  const isUnnamed = !named.isNamed || named.isOnlyWeak;

  // “We sell candles and also want a candle club at $27 a month”: beside what the shop sells.
  if (today === 'retail' && isUnnamed && first?.kind === 'plan' && first.period !== null && isSoldBeside(places)) {
    return { model: 'multi', span: first };
  }

  // “Lớp học thu học phí theo tháng, mỗi tháng 1tr2”, “charge members $15 a month”.
  if (today === 'retail' && isUnnamed && first?.kind === 'plan' && first.period !== null && isSoldAnew(places)) {
    return { model: 'subscription', span: first };
  }

  return null;
}

/** All plans are free, and something is sold to those who have them. */
const isFreeWithAddons = (drafts: readonly Draft[]): boolean => {
  const plans = drafts.filter((draft) => draft.kind === 'plan' && !isBlank(draft));
  const isSold = drafts.some(({ kind, amount }) => kind === 'addon' && amount !== null);

  return plans.length > 0 && plans.every(({ free }) => free !== null) && isSold;
};

/** Nothing but who buys is said of the shop. */
const isOfCustomers = (places: readonly Place[]): boolean => {
  const shop = places.filter(({ item }) => isConcept(item, 'retail', 'shop'));

  return shop.length > 0 && shop.every(({ item }) => isText(item, /^(khách|walk ins|walk in|casual)( |$)/));
};

const isJoined = (places: readonly Place[]): boolean =>
  places.some(
    ({ item, at }) =>
      isConcept(item, 'retail', 'shop') &&
      isText(places[at + 1]?.item, /^(\+|&|và|and|kèm|cộng)$/) &&
      isConcept(places[at + 2]?.item, 'plan'),
  );

/** “Không bán lẻ nữa, thu 199k”, “không miễn phí nữa, thu 49k mỗi tháng”: something is sold in place of what ends. */
const isSoldInstead = ({ dropped }: ModelReading, first: Draft | undefined): boolean =>
  first !== undefined &&
  (dropped.includes('retail') || (dropped.includes('freemium') && first.kind === 'plan' && first.period !== null));

/** @returns what has to be asked about the model, and about words that belong to nothing */
export function doubtsOfChoice(input: {
  named: ModelReading;
  chosen: Choice | null;
  drafts: readonly Draft[];
  places: readonly Place[];
  /** Tax or promotions are spoken of. */
  hasTerms: boolean;
}): Doubt[] {
  const { named, chosen, drafts, places, hasTerms } = input;
  const offers = drafts.filter((draft) => !isBlank(draft));

  if (named.doubt !== null) {
    return [named.doubt];
  }
  if (chosen?.model === 'retail' && offers.length > 0) {
    const isProduct = offers.every(({ kind, period, name }) => kind === 'plan' && period === null && name === null);

    return [{ code: isProduct ? 'product_price' : 'model_unclear', span: offers[0]?.amount ?? null }];
  }
  const price = places.find(
    ({ item }) => item.kind === 'concept' && item.concept === 'price' && priceNoun.test(item.text),
  );

  if (chosen !== null && offers.length === 0 && price !== undefined) {
    return [{ code: 'price_missing', span: price.item }];
  }
  if (chosen !== null || (offers.length === 0 && hasTerms)) {
    return [];
  }
  // It turns to something, and only what it turns from is known.
  const isInstead = places.some(
    ({ item }) => item.kind === 'concept' && item.concept === 'drop' && instead.test(item.text),
  );

  if (offers.some(({ clause, start }) => isDeniedBefore(places, clause, start))) {
    return [{ code: 'model_missing', span: offers[0] ?? null }];
  }
  if ((named.isOnlyThere && turnOf(places) !== undefined) || (!named.isNamed && offers.length > 0 && isInstead)) {
    return [{ code: 'model_missing', span: named.span }];
  }
  // What renews is to end, and is sold.
  if (named.isOnlyDropped && named.dropped.includes('subscription') && offers.length > 0) {
    return [{ code: 'model_unclear', span: offers[0] ?? null }];
  }
  if (offers.length > 0) {
    const isOffered =
      named.isNamed ||
      offers.some((draft) => isCalledOffer(draft, places)) ||
      offers.filter(({ period }) => period !== null).length > 1 ||
      places.some(({ item }) =>
        isConcept(item, 'plan', 'addon', 'knownAddon', 'add', 'sell', 'closeOrPay', 'perSeat', 'trial'),
      );
    const isNoise = offers.every(({ period }) => period === null) && !isAboutChange(places);

    return isOffered ? [] : [{ code: isNoise ? 'not_understood' : 'model_missing', span: offers[0] ?? null }];
  }
  if (named.isNamed && !named.isOnlyDropped) {
    return [{ code: 'price_missing', span: named.span }];
  }

  return [{ code: named.isNamed || isAboutChange(places) ? 'model_missing' : 'not_understood', span: null }];
}

/** “Pro 199k/tháng”, “$15/mo coffee club”: what is called as plans and add-ons are is one, and so is what stands behind its price. */
const isCalledOffer = ({ name, amount, period }: Draft, places: readonly Place[]): boolean =>
  name !== null &&
  period !== null &&
  (name.places.some((index) => isConcept(places[index]?.item, 'tier', 'knownAddon')) ||
    name.start > (amount?.start ?? Infinity));

const instead = /^(thay vì|thay cho|thay thế|thay thế cho|instead of|rather than|in place of)$/;
const priceNoun = /^(giá|với giá|giá bán|mức giá|mức phí|với mức giá|với mức phí|price|priced|fee|fees)$/;

const isAboutChange = (places: readonly Place[]): boolean =>
  places.some(
    ({ item }) => isConcept(item, 'trial', 'plan', 'addon', 'tax', 'discount', 'price', 'change') || isTurn(item),
  );

/** A period without a price, a trial without a plan. */
export function idleDoubts(
  offers: OfferReading,
  { drafts, trials, places }: { drafts: readonly Draft[]; trials: readonly Trial[]; places: readonly Place[] },
): Doubt[] {
  const { idlePeriod } = offers;
  const priced = drafts.filter(({ amount }) => amount !== null);
  const plans = drafts.filter((draft) => draft.kind === 'plan' && !isBlank(draft));
  const doubts: Doubt[] = [];

  if (idlePeriod !== null && idlePeriod.cycle !== 'onetime') {
    const isSaid = priced.some(({ period }) => period?.cycle === idlePeriod.cycle);

    if ((priced.length === 0 || !isSaid) && !isEnded(places, idlePeriod)) {
      doubts.push({ code: priced.length === 0 ? 'price_missing' : 'period_unclear', span: idlePeriod });
    }
  }
  if (offers.unpriced !== null) {
    doubts.push({ code: 'price_missing', span: offers.unpriced });
  }
  if (trials.length > 0 && plans.length === 0) {
    doubts.push({ code: 'trial_without_plan', span: trials[0] ?? null });
  }

  return doubts;
}

/** “Không thu phí theo tháng nữa”: how it was paid until now. */
function isEnded(places: readonly Place[], { start }: Span): boolean {
  const period = places.find(({ item }) => item.start === start);
  const own = places.filter(({ clause }) => clause === period?.clause);

  return (
    own.some(
      ({ item }) => item.start < start && isText(item, /^(không|thôi không|khỏi|không thu phí|không thu tiền)$/),
    ) && own.some(({ item }) => isConcept(item, 'noMore'))
  );
}
