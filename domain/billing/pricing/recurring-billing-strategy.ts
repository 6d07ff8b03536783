import { billUnder, mismatch } from './billing-amount-rules';
import { type BillingParams, type BillingResult, type IBillingStrategy, type SoldLine } from './billing-strategy';

/** Subscription: one cycle of the plan and of the add-ons due with it (D15), plus tax; next date one cycle on. */
export class RecurringBillingStrategy implements IBillingStrategy {
  async calculateAmount<Sold extends SoldLine>(params: BillingParams<Sold>): Promise<BillingResult<Sold>> {
    if (params.items?.length) {
      throw mismatch('recurring', 'an item that is sold once has no cycle');
    }
    if (!params.plan && !params.addons?.length && !params.usage?.length) {
      throw mismatch('recurring', 'there is neither a plan nor an add-on nor usage to bill');
    }

    return billUnder('recurring', params);
  }

  canHandle(businessModel: string): boolean {
    return businessModel === 'subscription' || businessModel === 'recurring';
  }

  getStrategyName(): string {
    return 'recurring';
  }
}
