import { billUnder, mismatch } from './billing-amount-rules';
import { type BillingParams, type BillingResult, type IBillingStrategy, type SoldLine } from './billing-strategy';

/** Freemium: nothing for the base, paid add-ons plus tax, each on its own cycle. */
export class FreemiumBillingStrategy implements IBillingStrategy {
  async calculateAmount<Sold extends SoldLine>(params: BillingParams<Sold>): Promise<BillingResult<Sold>> {
    if (params.items?.length) {
      throw mismatch('freemium', 'an item that is sold once is no add-on');
    }
    if (params.plan && params.plan.unitPrice !== 0n) {
      throw mismatch('freemium', 'the base plan of a freemium product costs nothing');
    }

    return billUnder('addon_only', { ...params, plan: undefined });
  }

  canHandle(businessModel: string): boolean {
    return businessModel === 'freemium' || businessModel === 'freemium_addon';
  }

  getStrategyName(): string {
    return 'freemium';
  }
}
