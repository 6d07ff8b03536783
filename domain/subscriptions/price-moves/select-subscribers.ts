import { Prisma, type TenantSql } from '../../../platform/db/database';
import { findCurrentPrice, findPrices } from '../../catalogue/price-versions/list-price-versions';
import type { PriceVersionRow } from '../../catalogue/price-versions/price-version-row';
import { AppError } from '../../errors';
import type { ProrationBehavior } from '../lifecycle/subscription-types';

/** Whom a price move is about, and what it moves them to. */
export interface PriceMoveRequest {
  planId: number;
  /** A price of the plan, whose currency it is about; null: the one of today in the plan's own. */
  priceId: number | null;
  /** Only who has agreed on one of these prices of the plan; empty: whoever pays another one. */
  fromPriceIds: readonly number[];
  /** true: now, or when the notice is over, and prorated; false: at the renewal. */
  immediate: boolean;
  /** Days that each customer is told ahead, by its subscription's own calendar. */
  noticeDays: number;
  /** Of an immediate one: how each is billed; absent or null: as the company has it. */
  prorationBehavior?: ProrationBehavior | null | undefined;
}

/**
 * The prices that a request names.
 * @throws AppError not_found on /priceId or /fromPriceIds/<index> for what is no price of the plan; currency_mismatch on
 *   /fromPriceIds/<index> for one in another currency than that of the price moved to
 */
export async function readMovePrices(
  tx: TenantSql,
  { planId, priceId, fromPriceIds }: PriceMoveRequest,
): Promise<{ to: PriceVersionRow; from: PriceVersionRow[] }> {
  const named = await findPrices(tx, { planId }, [...fromPriceIds, ...(priceId === null ? [] : [priceId])]);
  const noPrice = (id: number, field: string) =>
    new AppError('not_found', { field, detail: `The plan has no price ${id}.` });
  const from = fromPriceIds.map((id, index) => {
    const price = named.find((one) => one.id === id);

    if (price === undefined) {
      throw noPrice(id, `/fromPriceIds/${index}`);
    }

    return price;
  });
  const to = priceId === null ? await findCurrentPrice(tx, { planId }) : named.find(({ id }) => id === priceId);

  if (to == null) {
    throw noPrice(priceId ?? 0, '/priceId');
  }

  const other = from.findIndex(({ currency }) => currency !== to.currency);

  if (other !== -1) {
    throw new AppError('currency_mismatch', {
      field: `/fromPriceIds/${other}`,
      detail: `That price is in ${from[other]?.currency}, the one moved to in ${to.currency}.`,
    });
  }

  return { to, from };
}

/** Conditions on `ordering.subscriptions s`: not over, of the plan, in its currency, at another price, and in no phases. */
export function isToMove(
  companyId: number,
  planId: number,
  { to, from }: { to: PriceVersionRow; from: readonly PriceVersionRow[] },
): Prisma.Sql {
  const agreed = from.map(
    ({
      price,
      billingCycle,
      taxBehavior,
    }) => Prisma.sql`(s.amount = ${price}::bigint AND s.billing_cycle = ${billingCycle}
      AND s.tax_behavior = coalesce(${taxBehavior}, s.tax_behavior))`,
  );

  return Prisma.sql`s.company_id = ${companyId}::bigint AND s.plan_id = ${planId}::bigint
    AND s.status IN ('trial', 'active', 'past_due', 'paused') AND s.currency = ${to.currency}
    AND NOT s.waiting_changes @> '[{"kind": "phase"}]'
    AND NOT (s.amount = ${to.price}::bigint AND s.billing_cycle = ${to.billingCycle} AND s.tax_behavior = ${to.agreedTaxBehavior})
    AND ${agreed.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join(agreed, ' OR ')})`}`;
}
