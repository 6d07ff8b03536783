import { type BillingParams, type BillingResult, type IBillingStrategy } from './billing-strategy';
import { calculateOnetime } from './billing-amount-rules';

/** Retail: the items of one sale plus tax; no next billing date. */
export class OnetimeBillingStrategy implements IBillingStrategy {
  async calculateAmount(params: BillingParams): Promise<BillingResult> {
    return calculateOnetime(params);
  }

  canHandle(businessModel: string): boolean {
    return businessModel === 'retail' || businessModel === 'onetime';
  }

  getStrategyName(): string {
    return 'onetime';
  }
}
