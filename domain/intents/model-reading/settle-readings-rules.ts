import type { Intent } from '../intent-types';
import type { Doubt, SentenceContext } from '../meaning/items/place-rules';
import type { QuestionCode } from '../meaning/question-words';
import { askedBack, type Evidence, type SentenceReading } from '../read-sentence-rules';
import { checkModelReading } from './check-model-reading-rules';
import type { ModelReading } from './model-reading-types';

/** What the rules have seen for themselves; no model talks them out of it. */
const settledByRules: ReadonlySet<string> = new Set<QuestionCode>([
  'machine_order',
  'is_question',
  'condition',
  'not_sure',
  'not_now',
  'nothing_asked',
  'other_order',
  'price_change',
  'removal',
  'product_price',
  'amount_impossible',
  'interval_not_sold',
  'tax_impossible',
  'tax_included',
  'trial_impossible',
]);

/** A model need not be asked. */
export const isRefused = ({ intent }: SentenceReading): boolean =>
  intent.questions.some(({ code }) => settledByRules.has(code));

/** Both have read the same by themselves. */
const confidenceOfBoth = 0.99;

/**
 * One reading of two: a model settles what rules leave open, and never what they have refused. Where both are clear and differ,
 * it is asked back.
 * @param ofRules of the same sentence
 */
export function settleReadings(
  sentence: string,
  ofRules: SentenceReading,
  reading: ModelReading,
  context: SentenceContext,
): SentenceReading {
  const asked = ofRules.intent.questions;

  if (isRefused(ofRules)) {
    return ofRules;
  }
  const checked = checkModelReading(sentence, reading, context);

  if (checked.kind !== 'clear') {
    return asked.length > 0 || checked.kind === 'unclear' ? ofRules : askedBack(sentence, checked.doubts, 'gemini');
  }
  const evidence = checked.spans.map(({ field, span }) => ({
    field,
    ...span,
    text: sentence.slice(span.start, span.end),
  }));

  if (asked.length > 0) {
    return { intent: checked.intent, evidence };
  }

  return isSame(ofRules.intent, checked.intent)
    ? { ...ofRules, intent: { ...ofRules.intent, source: 'gemini', confidence: confidenceOfBoth } }
    : askedBack(sentence, [differenceOf(ofRules, { intent: checked.intent, evidence })], 'gemini');
}

const parts = ['businessModel', 'plans', 'addons', 'promotions', 'taxRate'] as const;

const isSame = (one: Intent, other: Intent): boolean => parts.every((part) => isSamePart(one, other, part));

const isSamePart = (one: Intent, other: Intent, part: (typeof parts)[number]): boolean =>
  JSON.stringify(one[part]) === JSON.stringify(other[part]);

/** About the words of the first part that was read in two ways. */
function differenceOf(one: SentenceReading, other: SentenceReading): Doubt {
  const part = parts.find((name) => !isSamePart(one.intent, other.intent, name));
  const isOfPart = ({ field }: Evidence): boolean => field.startsWith(`/${part ?? ''}`);

  return { code: 'readings_differ', span: other.evidence.find(isOfPart) ?? one.evidence.find(isOfPart) ?? null };
}
