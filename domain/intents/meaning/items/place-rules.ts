import type { BusinessModel } from '../../intent-types';
import { isConcept, type Item, type Span } from './item-rules';
import type { QuestionCode } from '../question-words';

/** What has to be asked, about which words. */
export interface Doubt {
  code: QuestionCode;
  span: Span | null;
}

/** A company, as far as a sentence leaves it unsaid. */
export interface SentenceContext {
  /** Of prices that name none. */
  currency: string;
  /** Its model today; null: nobody knows. */
  businessModel: BusinessModel | null;
}

/** Items from one comma to the next; places are those of the whole list. */
export interface Place {
  item: Item;
  at: number;
  clause: number;
  /** Right after “for” or “cho”. */
  isFor: boolean;
}

const isForWord = (item: Item | undefined): boolean =>
  item?.kind === 'concept' && /^(for|cho|để mở|để mở khóa|để có|để có thêm|to unlock|to get|to have)$/.test(item.text);

/** Numbers the clauses: commas and full stops part them, colons do not. */
export function placesOf(items: readonly Item[]): Place[] {
  let clause = 0;

  return items.map((item, at) => {
    const isFor = isForWord(items[at - 1]) || (isConcept(items[at - 1], 'filler', 'noun') && isForWord(items[at - 2]));
    const place = { item, at, clause, isFor };

    if (item.kind === 'break' && item.text !== ':') {
      clause += 1;
    }

    return place;
  });
}
