import { type CurrencyPrice, priceAmong } from '../currency-price-rules';
import { type PlanPhase, requirePricedPhases } from './plan-phase-rules';

/** What a plan costs in one currency, with the prices that a new subscription in it has before. Minor units. */
export interface PlanPrice extends CurrencyPrice {
  phases: readonly PlanPhase[];
}

/** What a plan costs in a currency: its own price, or one besides; null without one. Nothing is converted. */
export function planPriceIn(plan: PlanPrice & { prices: readonly PlanPrice[] }, currency: string): PlanPrice | null {
  const { price, currency: own, taxBehavior, phases } = plan;

  return priceAmong({ price, currency: own, taxBehavior, phases }, plan.prices, currency);
}

/**
 * Sees that no price of a plan is 0 after its phases, in whatever currency.
 * @throws AppError validation_failed on /phases or /prices/<index>/phases
 */
export function requirePhasesPriced(plan: Omit<PlanPrice, 'currency'> & { prices: readonly PlanPrice[] }): void {
  requirePricedPhases(plan);

  for (const [index, price] of plan.prices.entries()) {
    requirePricedPhases(price, `/prices/${index}/phases`);
  }
}
