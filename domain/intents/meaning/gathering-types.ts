import type { Draft, Period } from './draft-types';
import type { Span } from './item-rules';

export interface OfferReading {
  drafts: Draft[];
  /** “Free” that no plan has taken: freemium, perhaps. */
  free: Span | null;
  /** A period that belongs to no price. */
  idlePeriod: Period | null;
  idleSeat: Span | null;
  used: Set<number>;
}

/** What is gathered on the way through a sentence. */
export interface Gathering extends OfferReading {
  section: 'plan' | 'addon' | null;
  waiting: Period | null;
  isSpent: boolean;
}
