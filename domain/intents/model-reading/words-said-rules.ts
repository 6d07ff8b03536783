import { currencyDigits, unitOf } from '../../money/currency-rules';
import { multiplyRatios, type Ratio, ratio } from '../../money/ratio-rules';
import { type Item, readItems, type Span } from '../meaning/items/item-rules';
import { correctTypos } from '../meaning/items/phrase-rules';
import { minorUnits } from '../words/amount-rules';
import { tokenize } from '../words/token-rules';
import type { ModelAmount } from './model-reading-types';

/** Why a value of a model is not taken. */
export type Disagreement =
  'readings_differ' | 'amount_unclear' | 'said_twice' | 'amount_impossible' | 'interval_not_sold';

export class Disagrees extends Error {
  constructor(
    readonly code: Disagreement,
    readonly span: Span | null,
  ) {
    super(code);
  }
}

/** @throws Disagrees where the sentence does not hold these words */
export function placeOf(sentence: string, words: string): Span {
  const start = sentence.indexOf(words);

  if (start < 0) {
    throw new Disagrees('readings_differ', null);
  }

  return { start, end: start + words.length };
}

export const itemsOf = (text: string): Item[] => readItems(correctTypos(tokenize(text)).tokens);

/** The only item of its kind in some words. */
export function onlyItem<Kind extends Item['kind']>(text: string, kind: Kind): Extract<Item, { kind: Kind }> | null {
  const found = itemsOf(text).filter((item): item is Extract<Item, { kind: Kind }> => item.kind === kind);

  return found.length === 1 ? (found[0] ?? null) : null;
}

const isFree = (text: string): boolean =>
  itemsOf(text).some((item) => item.kind === 'concept' && item.concept === 'free');

/**
 * @param currency of what names none
 * @returns minor units as the rules read the words
 * @throws Disagrees where they read something else than the model did
 */
export function amountSaid(
  sentence: string,
  said: ModelAmount,
  currency: string,
): { span: Span; value: number; currency: string } {
  const span = placeOf(sentence, said.words);
  const item = onlyItem(said.words, 'amount');

  if (item === null && isFree(said.words) && Number(said.value) === 0) {
    return { span, value: 0, currency: said.currency ?? currency };
  }
  const minor = item === null ? 'unclear' : minorUnits(item.amount, currency);

  if (typeof minor === 'string') {
    throw new Disagrees(minor === 'unclear' ? 'amount_unclear' : 'amount_impossible', span);
  }
  const ofModel = multiplyRatios(decimalOf(said.value), ratio(unitOf(currencyDigits(minor.currency))));
  const isSame = ofModel.denominator === 1n && ofModel.numerator === BigInt(minor.value);

  if (!isSame || (said.currency !== null && said.currency !== minor.currency)) {
    throw new Disagrees('readings_differ', span);
  }

  return { span, ...minor };
}

/** 9.99 as it is, without a float between. */
function decimalOf(text: string): Ratio {
  const [whole = '0', fraction = ''] = text.split('.');

  return ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}
