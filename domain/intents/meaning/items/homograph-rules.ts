import { marksOf } from '../../words/mark-rules';
import type { Concept } from '../lexicon/lexicon';
import { isConcept, isText, type Item } from './item-rules';
import { isExceptOfFree, isIfPaid, isIfWanted, isWantedIn } from './exception-rules';
import {
  isLeftAsItIs,
  isOnceOfShop,
  isRetailKept,
  isSaleThatGoes,
  isSingleGoods,
  isSoldAsUsual,
} from './shop-words-rules';
import { isLengthOfTrial, isPriceEach } from './time-homograph-rules';

/** About so much: without their marks they are máy, tắm, gân, vải and others. */
const nearly = /^(mấy|tầm|gần|hơn|vài|chừng|dưới|trên)$/;

/**
 * Words that are others without their marks, as the words beside them have it: tầm is tắm where no price follows, and thuế is
 * thuê after cho.
 */
export function settleHomographs(items: readonly Item[], sentence: string): Item[] {
  return items.map((item, at) => {
    const reading = readings.find(({ holds }) => holds(items, at, sentence));

    return reading === undefined ? item : reading.as(item);
  });
}

type Holds = (items: readonly Item[], at: number, sentence: string) => boolean;
const to =
  (concept: Concept, text: string) =>
  (item: Item): Item =>
    asConcept(item, concept, text);

/** The first that holds is how a word is read. */
const readings: readonly { holds: Holds; as: (item: Item) => Item }[] = [
  { holds: (...where) => isRetailKept(...where), as: to('retail', 'bán lẻ') },
  { holds: (items, at) => isSingleGoods(items, at), as: to('retail', 'bán lẻ') },
  { holds: (items, at) => isSaleThatGoes(items, at), as: to('retail', 'bán lẻ') },
  { holds: (items, at) => isOnceOfShop(items, at), as: to('retail', 'bán lẻ') },
  { holds: (items, at) => isLeftAsItIs(items, at), as: to('keep', 'giữ nguyên') },
  { holds: (items, at) => isDoneWith(items, at), as: to('drop', 'done with') },
  { holds: (items, at) => isExceptOfFree(items, at), as: to('add', 'trừ') },
  { holds: (items, at) => isIfWanted(items, at), as: to('filler', 'if') },
  { holds: (items, at) => isIfPaid(items, at), as: to('filler', 'if') },
  { holds: (items, at) => isWantedIn(items, at), as: to('filler', 'to get') },
  { holds: (items, at) => isRegistering(items, at), as: to('subscription', 'đăng ký') },
  { holds: (items, at) => isOther(items, at) || isNumberOfName(items, at), as: (item) => asWord(item) },
  { holds: (items, at) => isPaidToUs(items, at), as: to('sell', 'pay') },
  { holds: (items, at) => isForSoLong(items, at), as: to('filler', 'for') },
  { holds: isNewCustomer, as: to('noun', 'khách mới') },
  { holds: (items, at) => isTo(items, at), as: to('toward', '2') },
  { holds: (items, at) => isMost(items, at), as: to('about', 'max') },
  { holds: (items, at) => isSoldAsUsual(items, at), as: to('keep', 'vẫn') },
  { holds: (items, at) => isPriceEach(items, at), as: to('price', 'giá') },
  {
    holds: (items, at) => isOfModelBefore(items, at),
    as: ({ start, end }) => ({ kind: 'break', text: ',', start, end }),
  },
  {
    holds: (items, at) => isLengthOfTrial(items, at),
    as: (item) => (item.kind === 'time' ? { ...item, time: 'duration' } : item),
  },
];

/** “Freemium where a custom domain costs $12”: no question. */
const isOfModelBefore = (items: readonly Item[], at: number): boolean =>
  isText(items[at], /^where$/) && isConcept(items[at - 1], 'freemium', 'subscription', 'multi', 'retail', 'plan');

const asWord = (item: Item): Item => ({
  kind: 'word',
  start: item.start,
  end: item.end,
  text: item.kind === 'concept' ? item.text : 'number',
});

/** “We're done selling tickets”, “leave retail behind” */
const isDoneWith = (items: readonly Item[], at: number): boolean => {
  const item = items[at];
  const isBehind = items.slice(at + 1, at + 5).some((one) => one.kind === 'word' && one.text === 'behind');

  return (
    (item?.kind === 'word' && item.text === 'done' && isConcept(items[at + 1], 'retail', 'sell')) ||
    (isText(item, /^(leave|leaving)$/) && isBehind) ||
    // “We're leaving retail”, and nothing that says how it is left
    (isText(item, /^leaving$/) && isConcept(items[at + 1], 'retail') && (items[at + 2]?.kind ?? 'break') === 'break')
  );
};

/** “Khách đăng ký hàng tháng với giá 120k”, “đăng ký 199k/tháng”: to sign up again and again. */
const isRegistering = (items: readonly Item[], at: number): boolean => {
  const next = items[at + 1]?.kind === 'amount' ? items[at + 2] : items[at + 1];

  return (
    isText(items[at], /^đăng ký$/) &&
    next?.kind === 'time' &&
    (next.time === 'interval' || next.time === 'unit') &&
    /^(month|year)$/.test(next.span.unit)
  );
};

/** “Phòng gym Fit24” */
const isNumberOfName = (items: readonly Item[], at: number): boolean => {
  const [item, before] = [items[at], items[at - 1]];

  return item?.kind === 'amount' && item.amount.isBare && before?.kind === 'word' && before.end === item.start;
};

const asConcept = ({ start, end }: Item, concept: Concept, text: string): Item => ({
  kind: 'concept',
  concept,
  key: null,
  text,
  start,
  end,
});

/** “Max 5 users”, “subscription max $10”, “5 users max”; among other plans it is one: “Basic 50k, Max 90k”. */
function isMost(items: readonly Item[], at: number): boolean {
  const [item, before, next] = [items[at], items[at - 1], items[at + 1]];
  if (!isText(item, /^max$/)) {
    return false;
  }
  const isOfPlan = isConcept(before, 'plan', 'named', 'and') || isConcept(next, 'plan');
  const isBehindCount = items.slice(Math.max(0, at - 2), at).some((one) => one.kind === 'amount' && one.amount.isBare);
  const isAlone = !items.some((one) => one !== item && isConcept(one, 'tier', 'plan'));

  return (
    !isOfPlan && (isBehindCount || next?.kind === 'amount') && (isAlone || isBehindCount || isCountOf(items, at + 1))
  );
}

/** A number and what it counts. */
const isCountOf = (items: readonly Item[], at: number): boolean => {
  const [item, next] = [items[at], items[at + 1]];

  return item?.kind === 'amount' && item.amount.isBare && (next?.kind === 'word' || isConcept(next, 'noun', 'perSeat'));
};

/** “I want students to pay me every month”, and no order to pay. */
function isPaidToUs(items: readonly Item[], at: number): boolean {
  if (!isText(items[at], /^pay me$/)) {
    return false;
  }
  const before = items.slice(0, at).findLast((one) => !isConcept(one, 'filler', 'toward', 'sell'));

  return before?.kind === 'word' || isConcept(before, 'noun', 'tier', 'audience');
}

/** “10% off, valid for the first 3 months”: how long a promotion lasts, where nothing is priced. */
const isForSoLong = (items: readonly Item[], at: number): boolean => {
  const next = items[at + 1];

  return (
    isText(items[at], /^valid for$/) &&
    next?.kind === 'time' &&
    next.time === 'first' &&
    items.slice(0, at).some((item) => isConcept(item, 'discount'))
  );
};

/** “Cho khach moi”: khách mối and khách mới are the same without their marks, and new ones are meant. */
function isNewCustomer(items: readonly Item[], at: number, sentence: string): boolean {
  const item = items[at];

  return isText(item, /^khách mối$/) && marksOf(sentence.slice(item?.start, item?.end)) === '';
}

/** “Change my biz 2 subscription” */
function isTo(items: readonly Item[], at: number): boolean {
  const [item, next] = [items[at], items[at + 1]];

  return (
    item?.kind === 'amount' &&
    item.amount.isBare &&
    item.amount.value.numerator === 2n &&
    isConcept(next, 'subscription', 'freemium', 'retail', 'multi') &&
    items.slice(0, at).some((one) => isConcept(one, 'change'))
  );
}

const whatIsSpared = [
  ...([
    'retail',
    'shop',
    'subscription',
    'freemium',
    'multi',
    'sell',
    'toward',
    'change',
    'add',
    'keep',
    'drop',
  ] as const),
  ...(['free', 'trial', 'tax', 'discount', 'plan', 'addon'] as const),
] as const;

function isOther(items: readonly Item[], at: number): boolean {
  const item = items[at];

  if (isText(item, nearly)) {
    const next = items.slice(at + 1).find((one) => !isConcept(one, 'filler', 'price', 'about'));

    // “Máy 120k” is no “mấy trăm”.
    return next?.kind !== 'amount' || (isText(item, /^mấy$/) && next.amount.shape !== 'words');
  }

  const [before, next] = [items[at - 1], items[at + 1]];

  // “350k cho be”: bé without its mark, and not to be.
  if (isText(item, /^be$/)) {
    return isText(before, /^cho$/);
  }
  // “Bán dạng thuê bao”
  if (isText(item, /^đang$/)) {
    return isConcept(before, 'sell');
  }

  // “Khách không quen”
  if (isText(item, /^quên$/)) {
    return before !== undefined && before.kind !== 'break';
  }

  // “Khung hình như thường”
  if (isText(item, /^hình như$/)) {
    return before?.kind === 'word';
  }

  // “Mồng 5”, “mùng 1 tháng sau”; without its mark it is mong.
  if (isText(item, /^(mùng|mồng)$/)) {
    return next?.kind !== 'amount' && next?.kind !== 'time';
  }

  // “Gia sư: …”, “trung tâm gia sư”
  if (isText(item, /^giả sử$/)) {
    return (next?.kind === 'break' && next.text === ':') || before?.kind === 'word' || isConcept(before, 'compound');
  }

  // “Ai cần thì trả 50k”: who, and “AI 50k”.
  if (isText(item, /^ai$/)) {
    const isOffered =
      next?.kind === 'amount' ||
      next?.kind === 'time' ||
      (next?.kind === 'break' && next.text === ':') ||
      isText(next, /^thì$/) ||
      isConcept(next, 'price', 'addon');

    return !isOffered && next !== undefined;
  }

  // “Khỏi bán lẻ nữa”; without its mark it is khởi, khối and khói.
  if (isText(item, /^khỏi$/)) {
    const done = items.slice(at + 1).find((one) => !isConcept(one, 'filler', 'noun'));

    return !isConcept(done, ...whatIsSpared);
  }

  // “Multi-language”
  if (isText(item, /^multi$/)) {
    return next?.kind === 'word' || isConcept(next, 'noun', 'compound');
  }

  // “Nhiều chi nhánh”, “thuê mái nhà”
  if (next?.kind === 'word' && (isText(item, /^chỉ$/) || (isText(item, /^thuế$/) && !hasRate(items, at)))) {
    return true;
  }

  return isText(item, /^thuế$/) && isText(before, /^cho$/) && (next?.kind === 'word' || isConcept(next, 'filler'));
}

/** A percentage before the next comma. */
const hasRate = (items: readonly Item[], at: number): boolean =>
  items.slice(at).find((item) => item.kind === 'percent' || item.kind === 'break')?.kind === 'percent';
