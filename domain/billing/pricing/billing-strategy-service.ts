import { type BillingParams, type BillingResult, type IBillingStrategy, type SoldLine } from './billing-strategy';
import { FreemiumBillingStrategy } from './freemium-billing-strategy';
import { OnetimeBillingStrategy } from './onetime-billing-strategy';
import { RecurringBillingStrategy } from './recurring-billing-strategy';

/** What decides the strategy, in this order (D15). */
export interface StrategyChoice {
  /** Business model of the thing billed. */
  readonly businessModel?: string | null;
  /** Billing mode in the company's settings. */
  readonly billingMode?: string | null;
}

/** Finds the strategy for what is billed and prices it. Holds no state; one instance serves all companies. */
export class BillingStrategyService {
  private readonly fallback = new OnetimeBillingStrategy();

  constructor(
    private readonly strategies: readonly IBillingStrategy[] = [
      new OnetimeBillingStrategy(),
      new RecurringBillingStrategy(),
      new FreemiumBillingStrategy(),
    ],
  ) {}

  /** The thing's own business model, else the company's billing mode, else one-time. A name nobody handles is passed over. */
  getStrategy(choice: StrategyChoice = {}): IBillingStrategy {
    for (const name of [choice.businessModel, choice.billingMode]) {
      const found = name ? this.strategies.find((strategy) => strategy.canHandle(name)) : undefined;
      if (found) {
        return found;
      }
    }

    return this.fallback;
  }

  /** @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range */
  async calculate<Sold extends SoldLine>(
    params: BillingParams<Sold>,
    companyBillingMode?: string | null,
  ): Promise<BillingResult<Sold>> {
    const strategy = this.getStrategy({
      businessModel: params.metadata?.businessModel,
      billingMode: companyBillingMode,
    });

    return strategy.calculateAmount(params);
  }
}
