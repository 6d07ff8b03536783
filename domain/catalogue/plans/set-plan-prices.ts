import { z } from 'zod';

import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { CurrencyPriceRow, pricesJson } from '../currency-price-row';
import { PlanPhase } from './plan-phase-rules';
import type { PlanPrice } from './plan-price-rules';

/** A price of a plan in another currency as it is read. */
export const PlanPriceRow = CurrencyPriceRow.extend({ phases: z.array(PlanPhase) });

/** SQL of one value: what a plan `p` costs in other currencies, as a JSON array; empty where there are none. */
export const otherPlanPrices = pricesJson(
  Prisma.sql`FROM product.plan_prices x WHERE x.company_id = p.company_id AND x.plan_id = p.id`,
  Prisma.sql`, 'phases', x.phases`,
);

/** Makes a plan hold exactly these prices beside its own; its row is locked, or was made by this transaction. */
export async function setPlanPrices(
  tx: TenantTransaction,
  input: { planId: number; prices: readonly PlanPrice[] },
): Promise<void> {
  const { planId, prices } = input;
  const { companyId } = tx;
  await tx.orm.planPrice.deleteMany({ where: { companyId, planId } });
  await tx.orm.planPrice.createMany({
    data: prices.map(({ phases, ...price }) => ({ companyId, planId, ...price, phases: [...phases] })),
  });
}
