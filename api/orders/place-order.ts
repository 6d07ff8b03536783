import { placeOrder } from '../../clients/order-client';
import { AppError } from '../../domain/errors';
import type { PlaceOrderInput, Placement } from '../../domain/orders/order-types';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import type { PlacementGate } from './placement-gate';
import { refuseIfSoldOut } from './refuse-if-sold-out';

/**
 * Starts `order/<id>` and waits for its placement, at once and safe to repeat: the same id finds the same workflow,
 * which answers the same (D2).
 * @param request.isRepeat it was under way before
 * @returns null when the deadline passed: the order is being placed, ask again at its address
 * @throws AppError of the placement's refusal
 */
export async function placeOrderByWorkflow(
  deps: ApiDependencies,
  gate: PlacementGate,
  input: PlaceOrderInput,
  { now, isRepeat }: { now: Date; isRepeat: boolean },
): Promise<Placement | null> {
  const productIds = input.items.map(({ productId }) => productId);

  return gate.run(async () => {
    // Of a repeat only its workflow knows: the order may be there, and hold the very units that are missed.
    if (!isRepeat && gate.isSuspect(productIds, now)) {
      await refuseIfSoldOut(deps, input);
    }

    const placement = await placeOrder(deps, input, { until: answerDeadline(deps), now: deps.clock.now });

    if (placement?.kind === 'refused') {
      if (placement.error.code === 'out_of_stock') {
        gate.noteSoldOut(productIds, deps.clock.now());
      }
      throw AppError.fromJSON(placement.error);
    }

    return placement;
  });
}
