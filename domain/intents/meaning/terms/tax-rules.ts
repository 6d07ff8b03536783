import { compareRatios, type Ratio, ratio } from '../../../money/ratio-rules';
import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import { nearest, nextOf } from '../items/near-rules';
import type { Doubt, Place } from '../items/place-rules';

export interface Percentage extends Span {
  /** 10 for 10 %. */
  value: number;
  at: number;
}

export interface PercentReading {
  tax: Percentage | null;
  discounts: Percentage[];
  doubts: Doubt[];
  /** Places of numbers that a rate is meant by, but not written as a percentage. */
  used: Set<number>;
}

const isOwner = (item: Item): boolean => isConcept(item, 'tax', 'taxIncluded', 'discount', 'code');
const isPercent = (item: Item): boolean => item.kind === 'percent';

/** Says of each percentage whether it is a tax or a discount, by the word next to it, else the one before it. */
export function readPercentages(places: readonly Place[]): PercentReading {
  const reading: PercentReading = { tax: null, discounts: [], doubts: [], used: new Set() };
  const taxes: Percentage[] = [];
  let heir: Place | null = null;

  for (const { item, at } of places) {
    if (item.kind !== 'percent') {
      continue;
    }
    if (isText(nextOf(places, at, -1)?.item, denial)) {
      continue;
    }
    if (isOldRate(places, at)) {
      heir = ownerOf(places, at);
      continue;
    }
    const owner = heir ?? ownerOf(places, at) ?? onlyOwner(places);
    heir = null;
    const value = percentOf(item.value);
    const isRate = item.isClear && value !== null && value >= 0 && value <= 100;

    // “VAT should be 8%, so set it to 8%”
    if (owner === null && taxes.some((tax) => tax.value === value)) {
      continue;
    }
    if (owner === null && value === 0 && places.some((place) => isTaxDenied(places, place.at))) {
      continue;
    }
    if (owner === null) {
      reading.doubts.push({ code: 'percent_unclear', span: item });
    } else if (isConcept(owner.item, 'tax', 'taxIncluded')) {
      // “−20 %” takes 20 % off; there is no such tax.
      if (isRate && !item.isNegative) {
        taxes.push({ start: item.start, end: item.end, value, at });
      } else {
        reading.doubts.push({ code: 'tax_impossible', span: item });
      }
    } else if (isRate && value > 0) {
      reading.discounts.push({ start: item.start, end: item.end, value, at });
    } else {
      reading.doubts.push({ code: 'discount_unclear', span: item });
    }
  }
  reading.discounts.push(...halves(places));

  for (const { item, at } of places) {
    const next = isConcept(item, 'tax') ? nextOf(places, at) : null;

    if (next?.item.kind === 'amount' && next.item.amount.isBare) {
      reading.used.add(next.at);
    }
  }
  const free = places.find(({ item, at }) => isConcept(item, 'taxFree') || isTaxDenied(places, at));

  if (free !== undefined) {
    taxes.push({ start: free.item.start, end: free.item.end, value: 0, at: free.at });
  }
  const [tax = null, ...others] = taxes;
  const other = others.find(({ value }) => value !== tax?.value);

  if (other !== undefined) {
    reading.doubts.push({ code: 'tax_unclear', span: other });
  }
  if (!reading.doubts.some(({ code }) => code === 'tax_impossible')) {
    reading.doubts.push(...taxDoubts(places, tax));
  }

  return { ...reading, tax };
}

/** “Half price for the first month”, “nửa giá với mã NUA”: half of a price; for whom else is not known, so that is asked. */
const halves = (places: readonly Place[]): Percentage[] =>
  places
    .filter(
      ({ item, at, clause }) =>
        isText(item, /^(nửa giá|half price|half off)$/) &&
        !isConcept(nextOf(places, at, -1)?.item, 'not', 'drop') &&
        places.some(
          (place) =>
            place.clause === clause &&
            ((place.item.kind === 'time' && place.item.time === 'first') || isConcept(place.item, 'code')),
        ),
    )
    .map(({ item: { start, end }, at }) => ({ start, end, value: 50, at }));

/** “8%, chứ không phải 10%”: what it is not. */
const denial = /^(chứ không|chứ không phải|không phải|not|instead of|rather than|thay vì|thay cho)$/;

/** Không thuế, without VAT, “đừng tính thuế”, “we don't charge tax”. */
function isTaxDenied(places: readonly Place[], at: number): boolean {
  const before = isConcept(places[at]?.item, 'tax') ? nextOf(places, at, -1) : null;

  return before !== null && before.at >= at - 2 && isConcept(before.item, 'not', 'drop', 'stopOrUse');
}

/** “VAT from 10% to 8%”, “thuế từ 10% xuống còn 8%”: what the tax was. */
function isOldRate(places: readonly Place[], at: number): boolean {
  const next = places.slice(at + 1).find(({ item }) => !isBetweenRates(item));
  const isLed = next !== undefined && next.at > at + 1;

  return isLed && next.item.kind === 'percent' && isConcept(ownerOf(places, at)?.item, 'tax');
}

const isBetweenRates = (item: Item): boolean =>
  isConcept(item, 'toward', 'until') || isText(item, /^(xuống|lên|còn|giảm xuống|là)$/);

/** “Thuế mới rồi, sửa lại thành 10%”: one rate, and tax alone is spoken of. */
function onlyOwner(places: readonly Place[]): Place | null {
  const owners = places.filter(({ item }) => isOwner(item));
  const rates = places.filter(({ item }) => isPercent(item));

  return rates.length === 1 && owners.every(({ item }) => isConcept(item, 'tax')) ? (owners[0] ?? null) : null;
}

function ownerOf(places: readonly Place[], at: number): Place | null {
  const next = places[at + 1];

  if (next !== undefined && isOwner(next.item)) {
    return next;
  }
  const search = { fits: isOwner, stops: isPercent };

  return nearest(places, at, -1, search) ?? nearest(places, at, 1, search);
}

/** Tax that nobody gave a rate of, and prices that hold it. */
function taxDoubts(places: readonly Place[], tax: Percentage | null): Doubt[] {
  // “Don't touch the tax”
  const word = places.find(
    ({ item, at }) => isConcept(item, 'tax') && !isConcept(nextOf(places, at, -1)?.item, 'keep'),
  );
  const isIncluded = (place: Place) =>
    isConcept(place.item, 'taxIncluded') &&
    (place.item.kind !== 'concept' ||
      /(thuế|vat|tax)/.test(place.item.text) ||
      nearest(places, place.at, 1, { fits: (item) => isConcept(item, 'tax'), stops: () => false }) !== null);
  const included = places.find(isIncluded);

  if (included !== undefined) {
    return [{ code: 'tax_included', span: included.item }];
  }
  const isOnlyExcluded = places.some(({ item }) => isConcept(item, 'taxExcluded'));

  return word !== undefined && tax === null && !isOnlyExcluded ? [{ code: 'tax_unclear', span: word.item }] : [];
}

/** @returns a percentage with four decimals at most, as a number; null for finer ones */
function percentOf(value: Ratio): number | null {
  const most = ratio(1_000_000);

  return compareRatios(value, most) <= 0 && 10_000n % value.denominator === 0n
    ? Number((value.numerator * 10_000n) / value.denominator) / 10_000
    : null;
}
