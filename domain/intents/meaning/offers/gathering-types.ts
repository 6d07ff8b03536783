import type { Draft, Period } from './draft-types';
import type { Span } from '../items/item-rules';
import type { Name } from '../names/name-rules';

export interface OfferReading {
  drafts: Draft[];
  /** “Free” that no plan has taken: freemium, perhaps. */
  free: Span | null;
  /** A period that belongs to no price. */
  idlePeriod: Period | null;
  idleSeat: Span | null;
  /** A name in a list of them that has no price. */
  unpriced: Span | null;
  used: Set<number>;
}

/** What is gathered on the way through a sentence. */
export interface Gathering extends OfferReading {
  /** What was spoken of last; `added`: an add-on without a noun. */
  section: 'plan' | 'addon' | 'added' | null;
  waiting: Period | null;
  /** Said before it, for the same price: “theo năm hay tháng”. */
  otherWaiting: Period | null;
  isSpent: boolean;
  /** Freemium is spoken of: what is added to it is an add-on. */
  isFreemium: boolean;
  /** A shop is: what is added beside it is a plan. */
  hasShop: boolean;
  /** Names that stand alike before two prices or more, by the places of these. */
  inParallel: ReadonlyMap<number, Name>;
}
