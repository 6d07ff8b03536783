import type { Settings } from '../../../../domain/companies/setting-catalogue';
import type { LifeStart } from '../life';
import type { Snapshot } from '../snapshot';

/** What was asked of a subscription so far, as far as rows do not say it. */
export interface Known {
  start: LifeStart;
  /** In force now. */
  settings: Settings;
  /** Every setting that has been in force in this life, by its name, and what requests said in place of it. */
  had(key: keyof Settings, ...values: readonly unknown[]): boolean;
  /** The longest time, in hours, that the first invoice might wait. */
  firstInvoiceHours: number;
  /** Taken back by a person, who has said with it that their service is not to be paid for. */
  voidedByHand: ReadonlySet<number>;
  /** Epoch milliseconds at which it was promised to end, and that was not taken back. */
  endsBy: number | null;
  /** Has been on the free plan, which nobody pays to be active on. */
  wasFree: boolean;
  /** Has been on a plan that costs what is used of it, and begins without money. */
  wasAsUsed: boolean;
  /** What a change costs more until the next period is not billed: as was asked for, or as the company has it. */
  wasLetOff: boolean;
  /** Epoch milliseconds up to which a request has let something off: the latest end of the periods in which it was made. */
  letOffUntil: number;
  /** Keys of add-ons that were bought for the next invoice: they count before it comes. */
  putOff: ReadonlySet<string>;
  /** The company has set anew what gives access: that is told with the next step that may give something else. */
  isAccessReset: boolean;
}

/** One rule that does not hold, with what shows it. */
export interface Violation {
  rule: string;
  shown: string;
}

export type Invariant = { rule: string; holds: (context: InvariantContext) => string[] };

export interface InvariantContext {
  snapshot: Snapshot;
  known: Known;
}
