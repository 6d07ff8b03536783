import type { TimeUnit } from '../../words/time-words';
import { isConcept, type Item } from './item-rules';

const units: Readonly<Record<string, TimeUnit>> = { d: 'day', w: 'week', m: 'month', y: 'year' };
const counted = /(\d{1,3})\s?([dwmy])(?![\p{L}\d])/iuy;

/** “7d trial”, “2w free trial”, “dùng thử 7d”: beside a trial the letter is days, and no đồng. */
export function readDayLetters(items: readonly Item[], sentence: string): Item[] {
  const read: Item[] = [];

  for (let at = 0; at < items.length; at += 1) {
    const item = items[at] as Item;
    counted.lastIndex = item.start;
    const [text = '', count, letter = ''] = counted.exec(sentence) ?? [];
    const end = item.start + text.length;
    const next = items.findIndex(({ start }, index) => index > at && start >= end);
    const unit = units[letter.toLowerCase()];
    const isWhole = next < 0 ? items.at(-1)?.end === end : items[next - 1]?.end === end;

    if (unit === undefined || !isWhole || !isBesideTrial(items, at, next)) {
      read.push(item);
    } else {
      read.push({ kind: 'time', time: 'duration', span: { unit, count: Number(count) }, start: item.start, end });
      at = (next < 0 ? items.length : next) - 1;
    }
  }

  return read;
}

function isBesideTrial(items: readonly Item[], at: number, next: number): boolean {
  const isTrial = (item: Item | undefined) => isConcept(item, 'trial', 'free') || isTry(item);
  const before = items[at - 1];

  return isTrial(before) || isTrial(items[next]) || (isConcept(before, 'filler', 'price') && isTrial(items[at - 2]));
}

const isTry = (item: Item | undefined): boolean => item?.kind === 'word' && item.text === 'thu';
