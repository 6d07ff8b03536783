import { z } from 'zod';

import { AppError } from '../../errors';

/** What one phase may last, and how many a plan or a subscription may have. */
export const mostPeriods = 120;
export const mostPhases = 24;

/** A price that a plan has for so many periods of a new subscription; the next phase, or the plan's price, comes after it. */
export const PlanPhase = z.strictObject({
  price: z.int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Minor units for one seat and one period.'),
  periods: z.int().min(1).max(mostPeriods).describe('Billing periods that it lasts.'),
});
export type PlanPhase = z.output<typeof PlanPhase>;

/**
 * Periods of a plan that costs nothing end nowhere, so that nothing could follow.
 * @param field of the request that has the phases
 * @throws AppError validation_failed there
 */
export function requirePricedPhases(
  { price, phases }: { price: number; phases: readonly PlanPhase[] },
  field = '/phases',
): void {
  if (phases.length > 0 && price === 0) {
    throw new AppError('validation_failed', {
      field,
      detail: 'A plan without a price has no phases. Give it a price, or send phases [].',
    });
  }
}
