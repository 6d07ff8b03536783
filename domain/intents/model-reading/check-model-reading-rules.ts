import type { Intent, IntentAddon, IntentPlan, IntentPromotion } from '../intent-types';
import { applyCorrections } from '../meaning/items/correction-rules';
import { type Item, type Span } from '../meaning/items/item-rules';
import { repeatedPlan } from '../meaning/offers/left-over-rules';
import { keyOf } from '../meaning/names/name-rules';
import type { Doubt, SentenceContext } from '../meaning/items/place-rules';
import { checkCycle, checkModel, checkMonths, checkPercent, checkTrial } from './check-values-rules';
import type { ModelReading } from './model-reading-types';
import { amountSaid, Disagrees, itemsOf, placeOf } from './words-said-rules';

/** What a model's answer comes to: an intent of which every number was read again, or why it is none. */
export type CheckedReading =
  | { kind: 'clear'; intent: Intent; spans: { field: string; span: Span }[] }
  | { kind: 'unclear' }
  | { kind: 'doubts'; doubts: Doubt[] };

/** The model names what it read; the plan that is shown names what will be done, and a person approves that. */
const confidence = 0.9;

/**
 * Reads each value of a model's answer again, from the words that it names (D32): amounts, periods, lengths, shares and the
 * business model must come out the same, names must stand in the sentence, and no amount, share or length of the sentence may be
 * left out.
 * @param sentence as it was asked
 */
export function checkModelReading(sentence: string, reading: ModelReading, context: SentenceContext): CheckedReading {
  if (!reading.isClear) {
    return { kind: 'unclear' };
  }
  try {
    return checked(sentence, reading, context);
  } catch (error) {
    if (error instanceof Disagrees) {
      return { kind: 'doubts', doubts: [{ code: error.code, span: error.span }] };
    }
    throw error;
  }
}

function checked(sentence: string, reading: ModelReading, { currency }: SentenceContext): CheckedReading {
  const spans: { field: string; span: Span }[] = [];
  const note = (field: string, span: Span): void => void spans.push({ field, span });
  const nameOf = (field: string, words: string): string => {
    note(field, placeOf(sentence, words));

    return words.trim();
  };
  const priceOf = (field: string, said: Parameters<typeof amountSaid>[1]) => {
    const { span, ...price } = amountSaid(sentence, said, currency);
    note(field, span);

    return price;
  };
  const plans = reading.plans.map((plan, index): IntentPlan => {
    const at = `/plans/${index}`;
    const price = priceOf(`${at}/price`, plan.price);
    note(`${at}/billingCycle`, checkCycle(sentence, plan.billingCycle));

    if (plan.trialDays !== null) {
      note(`${at}/trialDays`, checkTrial(sentence, plan.trialDays));
    }
    if (plan.perSeat !== null) {
      note(`${at}/unit`, placeOf(sentence, plan.perSeat.words));
    }

    return {
      name: plan.name === null ? null : nameOf(`${at}/name`, plan.name.words),
      price: price.value,
      currency: price.currency,
      billingCycle: plan.billingCycle.value,
      trialDays: plan.trialDays?.value ?? null,
      unit: plan.perSeat === null ? null : 'seat',
    };
  });
  const twice = repeatedPlan(plans);

  if (twice !== null) {
    throw new Disagrees(twice.code, spans.find(({ field }) => field === `/plans/${twice.at}/price`)?.span ?? null);
  }
  const addons = reading.addons.map((addon, index): IntentAddon => {
    const at = `/addons/${index}`;
    const price = priceOf(`${at}/price`, addon.price);
    note(`${at}/billingPeriod`, checkCycle(sentence, addon.billingPeriod));
    const name = nameOf(`${at}/name`, addon.name.words);

    return {
      key: addonKey(name, placeOf(sentence, addon.name.words)),
      name,
      price: price.value,
      currency: price.currency,
      billingPeriod: addon.billingPeriod.value,
    };
  });
  const promotions = reading.promotions.map((promotion, index): IntentPromotion => {
    const at = `/promotions/${index}`;
    const { percentOff, amountOff, months } = promotion;

    if ((percentOff === null) === (amountOff === null)) {
      throw new Disagrees('readings_differ', null);
    }
    const off = amountOff === null ? null : priceOf(`${at}/amountOff`, amountOff);

    if (percentOff !== null) {
      note(`${at}/percentOff`, checkPercent(sentence, percentOff));
    }
    if (months !== null) {
      note(`${at}/periods`, checkMonths(sentence, months));
    }

    return {
      code: promotion.code === null ? null : nameOf(`${at}/code`, promotion.code.words),
      percentOff: percentOff?.value ?? null,
      amountOff: off?.value ?? null,
      currency: off?.currency ?? null,
      periods: months?.value ?? null,
    };
  });

  if (reading.businessModel !== null) {
    note('/businessModel', checkModel(sentence, reading.businessModel));
  }
  if (reading.taxPercent !== null) {
    note('/taxRate', checkPercent(sentence, reading.taxPercent));
  }
  const leftOut = figuresOf(sentence).find((figure) => !spans.some(({ span }) => holds(span, figure)));

  if (leftOut !== undefined) {
    return { kind: 'doubts', doubts: [{ code: 'left_out', span: leftOut }] };
  }
  if (
    reading.businessModel === null &&
    plans.length + addons.length + promotions.length === 0 &&
    reading.taxPercent === null
  ) {
    return { kind: 'unclear' };
  }

  return {
    kind: 'clear',
    spans,
    intent: {
      businessModel: reading.businessModel?.value ?? null,
      plans,
      addons,
      promotions,
      taxRate: reading.taxPercent === null ? null : reading.taxPercent.value / 100,
      source: 'gemini',
      confidence,
      questions: [],
    },
  };
}

/** Amounts, shares and lengths of a sentence, without those that it corrects itself; bare numbers may count anything. */
function figuresOf(sentence: string): Item[] {
  const items = applyCorrections(itemsOf(sentence));

  return items.filter(
    (item) =>
      (item.kind === 'amount' && !item.amount.isBare) ||
      item.kind === 'percent' ||
      (item.kind === 'time' && item.time !== 'unit' && item.time !== 'interval'),
  );
}

const holds = (span: Span, { start, end }: Span): boolean => span.start <= start && end <= span.end;

function addonKey(name: string, span: Span): string {
  const known = itemsOf(name).find((item) => item.kind === 'concept' && item.concept === 'knownAddon');
  const key = keyOf({ ...span, text: name, key: known?.kind === 'concept' ? known.key : null, places: [] });

  if (key === '') {
    throw new Disagrees('readings_differ', span);
  }

  return key;
}
