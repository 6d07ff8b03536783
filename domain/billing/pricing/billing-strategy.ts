import { type BillingParams, type BillingResult } from './billing-amount-types';

/** How one kind of business prices what it sells. A new kind of business is one more class and one line in the service. */
export interface IBillingStrategy {
  /**
   * Subtotal, tax, discount, total and next billing date of what is billed, in minor units.
   * @throws AppError strategy_mismatch when the items are not of this kind of business (D15), currency_mismatch,
   *   amount_out_of_range
   */
  calculateAmount(params: BillingParams): Promise<BillingResult>;

  canHandle(businessModel: string): boolean;

  getStrategyName(): string;
}

export { type BillingParams, type BillingResult };
