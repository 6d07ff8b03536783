import { placeOrder } from '../../clients/order-client';
import { AppError } from '../../domain/errors';
import { readBundleParts } from '../../domain/catalogue/products/bundle-items';
import { readProductNames } from '../../domain/catalogue/products/read-product-names';
import { readAvailability } from '../../domain/inventory/read-availability';
import { outOfStock, stockLines, unitsByProduct } from '../../domain/orders/order-line-rules';
import type { PlaceOrderInput, Placement } from '../../domain/orders/order-types';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import type { PlacementGate } from './placement-gate';

/**
 * Starts `order/<id>` and waits for its placement, at once and safe to repeat: the same id finds the same workflow,
 * which answers the same (D2).
 * @returns null when the deadline passed: the order is being placed, ask again at its address
 * @throws AppError of the placement's refusal
 */
export async function placeOrderByWorkflow(
  deps: ApiDependencies,
  gate: PlacementGate,
  input: PlaceOrderInput,
  now: Date,
): Promise<Placement | null> {
  const productIds = input.items.map(({ productId }) => productId);

  return gate.run(async () => {
    if (gate.isSuspect(productIds, now)) {
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

async function refuseIfSoldOut(deps: ApiDependencies, input: PlaceOrderInput): Promise<void> {
  const { units, available, names } = await deps.database.withTenantSql(input.companyId, async (tx) => {
    const parts = await readBundleParts(
      tx,
      input.items.map(({ productId }) => productId),
    );
    const wanted = unitsByProduct(input.items.flatMap((line) => stockLines(line, parts.get(line.productId))));
    const ids = wanted.map(({ productId }) => productId);

    return { units: wanted, available: await readAvailability(tx, ids), names: await readProductNames(tx, ids) };
  });

  const short = units.filter(({ productId, quantity }) => (available.get(productId) ?? 0) < quantity);

  if (short.length > 0) {
    throw outOfStock(short, available, names);
  }
}
