import { isConcept, type Span } from '../meaning/items/item-rules';
import { cycleOf, daysOf } from '../words/interval-rules';
import { Disagrees, itemsOf, onlyItem, placeOf } from './words-said-rules';

/** A value of a model's answer, and the words that it names for it. */
type Said<Value> = { value: Value; words: string };

/** Reads the words again, as each check here. @returns where they stand @throws Disagrees unless they say the same */
export function checkCycle(sentence: string, { value, words }: Said<'monthly' | 'yearly' | 'onetime'>): Span {
  const span = placeOf(sentence, words);
  const items = itemsOf(words);
  const times = items.filter((item) => item.kind === 'time');
  const [time] = times;

  if (value === 'onetime') {
    if (times.length > 0 || !items.some((item) => isConcept(item, 'once'))) {
      throw new Disagrees('readings_differ', span);
    }
  } else if (times.length !== 1 || time === undefined || cycleOf(time.span) !== value) {
    throw new Disagrees(
      time !== undefined && cycleOf(time.span) === null ? 'interval_not_sold' : 'readings_differ',
      span,
    );
  }

  return span;
}

export function checkTrial(sentence: string, { value, words }: Said<number>): Span {
  const time = onlyItem(words, 'time');
  const isLength = time !== null && (time.time === 'duration' || time.time === 'first');
  const isNone = value === 0 && itemsOf(words).some((item) => isConcept(item, 'not', 'drop'));

  return agreed(sentence, words, isNone || (isLength && daysOf(time.span) === value));
}

export function checkMonths(sentence: string, { value, words }: Said<number>): Span {
  const span = onlyItem(words, 'time')?.span;
  const months = span?.unit === 'month' ? span.count : span?.unit === 'year' ? 12 * span.count : null;

  return agreed(sentence, words, months === value);
}

export function checkPercent(sentence: string, { value, words }: Said<number>): Span {
  const item = onlyItem(words, 'percent');
  const isSame =
    item !== null && item.isClear && Number(item.value.numerator) / Number(item.value.denominator) === value;

  return agreed(sentence, words, isSame);
}

/** Other words for a model are what a language model is asked for; words that the rules know as another one are not. */
export function checkModel(sentence: string, { value, words }: Said<string>): Span {
  const known = itemsOf(words).filter((item) => isConcept(item, 'retail', 'subscription', 'freemium', 'multi'));

  return agreed(
    sentence,
    words,
    value === 'multi' || known.every((item) => item.kind === 'concept' && item.concept === value),
  );
}

/** @throws Disagrees unless both read the same */
function agreed(sentence: string, words: string, isSame: boolean): Span {
  const span = placeOf(sentence, words);

  if (!isSame) {
    throw new Disagrees('readings_differ', span);
  }

  return span;
}
