import { type Intent, MAX_SENTENCE_LENGTH } from './intent-types';
import { chooseModel, doubtsOfChoice, idleDoubts } from './meaning/model/choice-rules';
import { withoutAppositions } from './meaning/items/apposition-rules';
import { applyCorrections } from './meaning/items/correction-rules';
import { doubtOf } from './meaning/offers/draft-doubt-rules';
import { withoutDenied } from './meaning/items/denied-amount-rules';
import { readGuards } from './meaning/guard-rules';
import { addonsOf, type Part, plansOf } from './meaning/offers/intent-parts-rules';
import {
  idleBeginning,
  idleEnd,
  idleLength,
  idlePrice,
  inBrackets,
  type Repeated,
  repeatedAddon,
  repeatedPlan,
  unknownUnit,
  unnamedTwice,
} from './meaning/offers/left-over-rules';
import { readDayLetters } from './meaning/items/day-letter-rules';
import { settleHomographs } from './meaning/items/homograph-rules';
import { readItems, type Span } from './meaning/items/item-rules';
import { readModel } from './meaning/model/model-rules';
import { readOffers } from './meaning/offers/offer-rules';
import { withoutNames } from './meaning/names/names-as-words-rules';
import { correctTypos } from './meaning/items/phrase-rules';
import { type Doubt, type Place, placesOf, type SentenceContext } from './meaning/items/place-rules';
import { readPromotions, withPeriods } from './meaning/terms/promotion-rules';
import { questions } from './meaning/question-words';
import { readProperNames } from './meaning/items/proper-name-rules';
import { readSizes } from './meaning/items/size-rules';
import { withoutTales } from './meaning/items/tale-rules';
import { readPercentages } from './meaning/terms/tax-rules';
import { withoutNamedAgain } from './meaning/offers/trial-plans-rules';
import { readTrials } from './meaning/terms/trial-rules';
import { anchorOf, unread } from './meaning/unread/unread-rules';
import { tokenize } from './words/token-rules';

/** The words that a value of an intent comes from. `field` is a JSON pointer into the intent. */
export interface Evidence extends Span {
  field: string;
  text: string;
}

export interface SentenceReading {
  /** With questions nothing of it is planned. */
  intent: Intent;
  evidence: Evidence[];
}

/**
 * What an owner's sentence asks for, read by rules alone: the same text gives the same intent on every host (D32). Every value
 * stands in the sentence; what it leaves open, or says in two ways, is a question.
 * @param text at most 1,000 characters; longer ones are a question
 */
export function readSentence(text: string, context: SentenceContext): SentenceReading {
  const sentence = text.slice(0, MAX_SENTENCE_LENGTH);
  const { tokens, misspelt } = correctTypos(tokenize(sentence));
  const read = settleHomographs(
    readProperNames(readDayLetters(readSizes(withoutAppositions(readItems(tokens))), sentence), sentence),
    sentence,
  );
  const items = withoutDenied(applyCorrections(withoutTales(read)));
  const guard = readGuards(items, sentence);

  if (guard !== null) {
    return askedBack(sentence, [guard]);
  }
  const { currency } = context;
  const places = placesOf(items);
  const trials = readTrials(places);
  const percentages = readPercentages(places);
  const promotions = readPromotions(places, { ...percentages, sentence, currency });
  const offers = readOffers(places, new Set([...trials.used, ...percentages.used, ...promotions.used]), sentence);
  const told = withoutNames(places, offers.drafts, promotions.used);
  const named = readModel(told, context, offers.free);
  const drafts = withoutNamedAgain(offers.drafts, trials.trials).filter(
    ({ clause }) => !named.endingClauses.has(clause),
  );
  const chosen = chooseModel(named, offers, { drafts, places: told, today: context.businessModel });
  const hasTerms =
    percentages.tax !== null ||
    [promotions.promotions, promotions.doubts, percentages.doubts].some(({ length }) => length > 0);
  const ofChoice = doubtsOfChoice({ named, chosen, drafts, places: told, hasTerms });
  const unknown = unknownWords(places, new Set([...offers.used, ...promotions.used]));
  const model = chosen?.model ?? null;
  const { parts: plans, doubts: ofPlans } = plansOf(drafts, {
    told: { trials: trials.trials, places, sentence },
    seat: offers.idleSeat,
    model,
    context,
  });
  const promised = withPeriods(
    promotions.promotions,
    plans.map(({ value }) => value),
  );
  const parts = { plans, addons: addonsOf(drafts, context), promotions: promised.promotions };
  const doubts: Doubt[] = [
    ...ofChoice,
    // What a shop does not sell has no terms to ask about.
    ...(chosen?.model === 'retail' || ofChoice.some(({ code }) => code === 'not_understood')
      ? []
      : drafts.flatMap((draft) => doubtOf(draft, currency) ?? [])),
    ...(ofChoice.length > 0 || (model === 'retail' && named.endingClauses.size > 0)
      ? []
      : idleDoubts(offers, { drafts, trials: trials.trials, places })),
    ...unnamedTwice(drafts, places),
    ...unknownUnit(places, drafts),
    ...repetition(plans, repeatedPlan),
    ...inBrackets(plans, sentence),
    ...repetition(parts.addons, repeatedAddon),
    ...idlePrice(places, {
      drafts: offers.drafts,
      used: new Set([...promotions.used, ...percentages.used, ...trials.used]),
    }),
    ...(ofChoice.some(({ code }) => code === 'not_understood') ? [] : idleEnd(told)),
    ...idleLength(places, {
      drafts: offers.drafts,
      used: new Set([...offers.used, ...promotions.used, ...percentages.used, ...trials.used]),
      idlePeriod: offers.idlePeriod,
    }),
    ...idleBeginning(places, new Set([...trials.used, ...promotions.used])),
    ...trials.doubts,
    ...ofPlans,
    ...percentages.doubts,
    ...promotions.doubts,
    ...promised.doubts,
  ];

  if (doubts.length === 0 && unknown > mostUnknown && unknown > items.length / 2) {
    doubts.push({ code: 'not_understood', span: null });
  }
  if (doubts.length === 0) {
    const used = new Set([
      ...[...offers.used, ...promotions.used, ...percentages.used, ...trials.used],
      ...offers.drafts.flatMap(({ name }) => name?.places ?? []),
    ]);
    const anchor = anchorOf(places, offers.drafts, chosen?.span ?? null);
    doubts.push(...unread(places, { drafts: offers.drafts, used, promised: promotions.used, anchor }));
  }
  if (doubts.length > 0) {
    return askedBack(sentence, doubts);
  }
  const intent: Intent = {
    businessModel: model,
    plans: parts.plans.map(({ value }) => value),
    addons: parts.addons.map(({ value }) => value),
    promotions: parts.promotions.map(({ value }) => value),
    taxRate: percentages.tax === null ? null : percentages.tax.value / 100,
    source: 'rules',
    confidence: confidenceOf(unknown, misspelt.length),
    questions: [],
  };
  const evidence = [
    ...evidenceOf('/businessModel', chosen?.span ?? null, sentence),
    ...Object.entries(parts).flatMap(([list, of]) => evidenceOfParts(list, of, sentence)),
    ...evidenceOf('/taxRate', percentages.tax, sentence),
  ];

  return { intent, evidence };
}

function repetition<Value>(
  parts: readonly Part<Value>[],
  repeatedOf: (values: readonly Value[]) => Repeated | null,
): Doubt[] {
  const repeated = repeatedOf(parts.map(({ value }) => value));

  return repeated === null ? [] : [{ code: repeated.code, span: parts[repeated.at]?.spans['price'] ?? null }];
}

/** So many words that nobody knows may a sentence hold, as in a tale about the business; beyond, half of it must be known. */
const mostUnknown = 8;

function unknownWords(places: readonly Place[], used: ReadonlySet<number>): number {
  return places.filter(({ item, at }) => item.kind === 'word' && !used.has(at)).length;
}

/** 0.98 where every word is known; less for words that are not, and for slips of the fingers. Two decimals. */
function confidenceOf(unknown: number, misspelt: number): number {
  return Math.max(50, 98 - 3 * unknown - 4 * misspelt) / 100;
}

function evidenceOf(field: string, span: Span | null, sentence: string): Evidence[] {
  return span === null ? [] : [{ field, start: span.start, end: span.end, text: sentence.slice(span.start, span.end) }];
}

const evidenceOfParts = (list: string, parts: readonly Part<unknown>[], sentence: string): Evidence[] =>
  parts.flatMap(({ spans }, index) =>
    Object.entries(spans).flatMap(([member, span]) => evidenceOf(`/${list}/${index}/${member}`, span, sentence)),
  );

/** An intent that is nothing but questions. */
export function askedBack(
  sentence: string,
  doubts: readonly Doubt[],
  source: Intent['source'] = 'rules',
): SentenceReading {
  const distinct = doubts.filter(({ code }, index) => doubts.findIndex((one) => one.code === code) === index);

  return {
    intent: {
      businessModel: null,
      plans: [],
      addons: [],
      promotions: [],
      taxRate: null,
      source,
      confidence: 0,
      questions: distinct.map(({ code, span }) => ({
        code,
        span: span === null ? null : sentence.slice(span.start, span.end),
        ...questions[code],
      })),
    },
    evidence: [],
  };
}
