import { type BillingParams, type BillingResult, type IBillingStrategy } from './billing-strategy';
import { calculateRecurring } from './billing-amount-rules';

/** Subscription: one cycle of the plan and of the add-ons due with it, plus tax; next date one cycle on. */
export class RecurringBillingStrategy implements IBillingStrategy {
  async calculateAmount(params: BillingParams): Promise<BillingResult> {
    return calculateRecurring(params);
  }

  canHandle(businessModel: string): boolean {
    return businessModel === 'subscription' || businessModel === 'recurring';
  }

  getStrategyName(): string {
    return 'recurring';
  }
}
