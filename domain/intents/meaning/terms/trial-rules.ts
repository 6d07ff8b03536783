import { mostTrialDays } from '../../../field-schema';
import { daysOf } from '../../words/interval-rules';
import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import { nearest, nextOf } from '../items/near-rules';
import type { Doubt, Place } from '../items/place-rules';

/** A trial, in days, and where it is spoken of. */
export interface Trial extends Span {
  days: number;
  at: number;
  clause: number;
  /** “All plans 14 day trial: …” */
  isOfAll: boolean;
}

export interface TrialReading {
  trials: Trial[];
  doubts: Doubt[];
  /** Places whose words are spent. */
  used: Set<number>;
}

const isWord = (item: Item, text: string): boolean => item.kind === 'word' && item.text === text;
const isLength = (item: Item): boolean => item.kind === 'time' && (item.time === 'duration' || item.time === 'first');
const isFirst = (item: Item): boolean => item.kind === 'time' && item.time === 'first';
const isOffer = (item: Item): boolean => item.kind === 'amount' || isConcept(item, 'plan', 'addon', 'trial');

/** Reads “dùng thử 14 ngày”, “a 14-day free trial”, “tháng đầu miễn phí”, “không dùng thử”. A month of trial is 30 days. */
export function readTrials(places: readonly Place[]): TrialReading {
  const reading: TrialReading = { trials: [], doubts: [], used: new Set() };

  for (const place of places) {
    if (reading.used.has(place.at)) {
      continue;
    }
    if (isConcept(place.item, 'trial')) {
      readTrial(places, place, reading);
    } else if (isConcept(place.item, 'free') || isNothing(place.item)) {
      readFreeStretch(places, place, reading);
    } else if (isText(place.item, /^thu$/) || isWord(place.item, 'thu')) {
      readShortTrial(places, place, reading);
    } else if (isWord(place.item, 'tang')) {
      readGift(places, place, reading);
    }
  }

  const [first] = reading.trials;
  const other = reading.trials.find(({ days, clause }) => clause === first?.clause && days !== first.days);

  // Of one plan there is one: those of several are told in clauses of their own.
  if (other !== undefined) {
    reading.doubts.push({ code: 'trial_length', span: other });
  }

  return reading;
}

function readTrial(places: readonly Place[], place: Place, reading: TrialReading): void {
  const before = nextOf(places, place.at, -1);
  const isNone = before !== null && isConcept(before.item, 'not', 'drop');
  const isLeft = (item: Item) => isLength(item) && !reading.used.has(places.findIndex((one) => one.item === item));
  const length =
    nearest(places, place.at, 1, { fits: isLeft, stops: isOffer }) ??
    (before !== null && isLeft(before.item) ? before : null);

  if (isNone) {
    reading.used.add(place.at).add(before.at);
    reading.trials.push({ ...around(before.item, place.item), days: 0, ...whereOf(places, place) });
  } else if (length === null) {
    reading.used.add(place.at);
    reading.doubts.push({ code: 'trial_length', span: place.item });
  } else {
    take(places, place, length, reading);
  }
}

/** “Tháng đầu 0đ” */
const isNothing = (item: Item): boolean =>
  item.kind === 'amount' && !item.amount.isBare && item.amount.value.numerator === 0n;

/** Free for a while is a trial; free for ever is not. */
function readFreeStretch(places: readonly Place[], place: Place, reading: TrialReading): void {
  const length = [nextOf(places, place.at, 1), nextOf(places, place.at, -1)].find(
    (one) => one !== null && isLength(one.item) && (isConcept(place.item, 'free') || isFirst(one.item)),
  );

  // “A free 2w trial” is one trial.
  if (length != null && isConcept(places[length.at + 1]?.item, 'trial')) {
    reading.used.add(place.at);
  } else if (length != null) {
    take(places, place, length, reading);
  }
}

/**
 * Cho thử 7 ngày; “thu” without its mark is to charge as well, but nobody charges for days, or for a month without saying how
 * much.
 */
function readShortTrial(places: readonly Place[], place: Place, reading: TrialReading): void {
  const next = places[place.at + 1];
  const isPriced = places.some(({ item, clause }) => clause === place.clause && item.kind === 'amount');

  if (
    next?.item.kind === 'time' &&
    next.item.time === 'duration' &&
    (/^(day|week)$/.test(next.item.span.unit) || !isPriced)
  ) {
    take(places, place, next, reading);
  }
}

/** Tặng tháng đầu. */
function readGift(places: readonly Place[], place: Place, reading: TrialReading): void {
  const next = nextOf(places, place.at);

  if (next?.item.kind === 'time' && next.item.time === 'first') {
    take(places, place, next, reading);
  }
}

function take(places: readonly Place[], place: Place, length: Place, reading: TrialReading): void {
  const days = length.item.kind === 'time' ? daysOf(length.item.span) : null;
  const span = around(place.item, length.item);
  reading.used.add(place.at).add(length.at);

  if (days === null || days > mostTrialDays) {
    reading.doubts.push({ code: 'trial_impossible', span });
  } else {
    reading.trials.push({ ...span, days, ...whereOf(places, place) });
  }
}

const whereOf = (places: readonly Place[], { at, clause }: Place) => ({
  at,
  clause,
  isOfAll: places.some((place) => place.clause === clause && place.at < at && isConcept(place.item, 'all')),
});

export const around = (one: Span, other: Span): Span => ({
  start: Math.min(one.start, other.start),
  end: Math.max(one.end, other.end),
});
