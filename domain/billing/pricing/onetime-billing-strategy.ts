import { billUnder, mismatch } from './billing-amount-rules';
import { type BillingParams, type BillingResult, type IBillingStrategy, type SoldLine } from './billing-strategy';

/** Retail: the items of one sale plus tax; no next billing date. */
export class OnetimeBillingStrategy implements IBillingStrategy {
  async calculateAmount<Sold extends SoldLine>(params: BillingParams<Sold>): Promise<BillingResult<Sold>> {
    if (params.plan || params.addons?.length) {
      throw mismatch('onetime', 'a plan or an add-on recurs and cannot be sold once');
    }

    return billUnder('onetime', params);
  }

  canHandle(businessModel: string): boolean {
    return businessModel === 'retail' || businessModel === 'onetime';
  }

  getStrategyName(): string {
    return 'onetime';
  }
}
