import type { Item, Span } from '../items/item-rules';
import type { Name } from '../names/name-rules';

/** How often a price is paid. `null`: in a way that nothing is sold in. */
export interface Period extends Span {
  cycle: 'monthly' | 'yearly' | 'onetime' | null;
}

/** A plan or add-on while its words are gathered. */
export interface Draft extends Span {
  kind: 'plan' | 'addon';
  name: Name | null;
  amount: Extract<Item, { kind: 'amount' }> | null;
  period: Period | null;
  /** Said twice, and differently. */
  otherPeriod: Period | null;
  perSeat: Span | null;
  /** Free of charge. */
  free: Span | null;
  clause: number;
  /** Of its last word. */
  at: number;
  /** Said of a price of which it is not clear that it is one: khoảng 200k. */
  isVague: boolean;
  /** It was added by a name that plans and add-ons may have. */
  isPlanOrAddon: boolean;
}
