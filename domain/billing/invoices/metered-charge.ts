import type { InstantSpan } from '../../calendar/zoned-calendar';
import type { TaxBehavior } from '../../money/tax-behavior-types';

/** What a line of usage was made from, as it stands on the invoice. Quantities and exact amounts are decimal texts. */
export interface LineUsage {
  readonly meter: string;
  readonly meterId: number;
  readonly priceId: number;
  readonly model: string;
  /** Of the whole period, by the meter's aggregation. */
  readonly quantity: string;
  /** What top-ups cover of that, which costs nothing here; absent where none does. */
  readonly prepaidQuantity?: string;
  readonly events: number;
  /** As its price has it, so without tax or with it: of the whole period, and how much of that earlier lines have billed already; minor units. */
  readonly amount: number;
  readonly billedBefore: number;
  /** Of a period that was billed before: usage that came when it was over. */
  readonly isLate: boolean;
  /** Billed while its period runs, because it came to a threshold; absent of all others. */
  readonly isEarly?: boolean;
  readonly charges: readonly {
    readonly kind: string;
    readonly quantity: string;
    readonly unitPrice: string;
    readonly flatAmount: string;
    readonly exactAmount: string;
  }[];
}

/** A line of usage: what a meter measured of a stretch of an item's service, as far as it is not billed. */
export interface MeteredCharge {
  /** `plan`, `addon/<id>` */
  readonly item: string;
  /** What the price is within. */
  readonly owner: { readonly planId: number | null; readonly addonId: number | null };
  readonly meterName: string;
  readonly description: string;
  readonly service: InstantSpan;
  /** As its price has it, minor units, 0 or more. */
  readonly amount: number;
  /** Whether that holds the tax; exclusive when absent. */
  readonly taxBehavior?: TaxBehavior | undefined;
  readonly usage: LineUsage;
}
