/** What a coupon takes off. Amounts are minor units of its currency, rates parts per million. */
export type CouponDiscount =
  | {
      readonly kind: 'percent';
      readonly ratePpm: number;
      /** Where the percentage is rounded: once on the total, or on every line. */
      readonly basis: 'on_total' | 'by_line';
      /** Most that it takes off one purchase; null: no limit. */
      readonly most: number | null;
    }
  | { readonly kind: 'amount'; readonly amount: number };

/** A trial of so many days, which a subscription begins with: in place of the plan's own, or on top of it. */
export interface CouponTrial {
  readonly kind: 'trial';
  readonly days: number;
  readonly isOnTop: boolean;
}

/** How long a coupon stays on a subscription: counted in periods of its plan, never in invoices. */
export type CouponDuration =
  { readonly kind: 'once' } | { readonly kind: 'periods'; readonly count: number } | { readonly kind: 'forever' };

/** What a coupon is for. Where nothing is named it is for everything; else for each thing that is named. */
export interface CouponScope {
  readonly productIds?: readonly number[];
  /** Of products, in any case, with or without diacritics. */
  readonly categories?: readonly string[];
  readonly planIds?: readonly number[];
  readonly addonKeys?: readonly string[];
}

/** Something that is bought, as far as scopes ask. */
export type CouponItem =
  /** The category folded for search. */
  | { readonly kind: 'product'; readonly id: number; readonly category: string | null }
  | { readonly kind: 'plan'; readonly id: number }
  | { readonly kind: 'addon'; readonly key: string };

/** A code and the promotion it is of, as they stand for one customer. Instants are epoch milliseconds. */
export interface Coupon {
  readonly promotionId: number;
  readonly codeId: number;
  readonly code: string;
  readonly discount: CouponDiscount | CouponTrial;
  /** Of subscriptions; an order is bought once. */
  readonly duration: CouponDuration;
  /** Of its amounts; null: it has none and holds for any currency. */
  readonly currency: string | null;
  /** Minor units that the lines it is for come to at least, before discounts and as their prices have it: with tax where they hold it. */
  readonly minSubtotal: number;
  readonly scope: CouponScope;
  /** From this instant on. */
  readonly startsAt: number | null;
  /** Until before this instant. */
  readonly endsAt: number | null;
  /** Of the promotion or of the code, whichever is less; null: no limit. */
  readonly usesLeft: number | null;
  readonly usesLeftForCustomer: number | null;
  /** Lower ones are taken first. */
  readonly priority: number;
  readonly isCombinable: boolean;
}

/** A code as a customer sent it. */
export interface AskedCoupon {
  readonly code: string;
  /** JSON pointer of the member that holds it. */
  readonly field: string;
  /** Null when there is no such code, or its promotion is archived. */
  readonly coupon: Coupon | null;
}

/** A code that is used, with what it takes off: minor units, above 0; null on a subscription, whose invoices say it. */
export interface CouponUse extends Pick<AskedCoupon, 'code' | 'field'> {
  readonly promotionId: number;
  readonly codeId: number;
  readonly discount: number | null;
}
