import { type BillingParams, type BillingResult, type IBillingStrategy } from './billing-strategy';
import { calculateFreemium } from './billing-amount-rules';

/** Freemium: nothing for the base, each add-on by its own cycle, plus tax. */
export class FreemiumBillingStrategy implements IBillingStrategy {
  async calculateAmount(params: BillingParams): Promise<BillingResult> {
    return calculateFreemium(params);
  }

  canHandle(businessModel: string): boolean {
    return businessModel === 'freemium' || businessModel === 'freemium_addon';
  }

  getStrategyName(): string {
    return 'freemium';
  }
}
