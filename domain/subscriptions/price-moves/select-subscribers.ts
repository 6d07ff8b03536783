import { Prisma, type TenantSql } from '../../../platform/db/database';
import { findCurrentPrice, findPrices } from '../../catalogue/price-versions/list-price-versions';
import type { Priced, PriceVersionRow } from '../../catalogue/price-versions/price-version-row';
import { AppError } from '../../errors';
import { requirePriceOfPeriods } from '../commands/requested-price';
import type { ProrationBehavior } from '../lifecycle/subscription-types';

/** Whom a price move is about, and what it moves them to. */
export interface PriceMoveRequest {
  /** The plan or the add-on whose price it is. */
  of: Priced;
  /** A price of it, whose currency it is about; null: the one of today in its own. */
  priceId: number | null;
  /** Only who has agreed on one of these prices of it; empty: whoever pays another one. */
  fromPriceIds: readonly number[];
  /** true: now, or when the notice is over, and prorated; false: at the renewal of the plan, or of the add-on. */
  immediate: boolean;
  /** Days that each customer is told ahead, by its subscription's own calendar. */
  noticeDays: number;
  /** Of an immediate one: how each is billed; absent or null: as the company has it. */
  prorationBehavior?: ProrationBehavior | null | undefined;
}

/** As messages call it. */
export const pricedWord = (of: Priced): string => ('planId' in of ? 'plan' : 'add-on');

export interface MovePrices {
  to: PriceVersionRow;
  from: readonly PriceVersionRow[];
}

/**
 * The prices that a request names.
 * @throws AppError not_found on /priceId or /fromPriceIds/<index> for what is no price of the plan or add-on; validation_failed
 *   on /priceId for a price of an add-on that is paid once; currency_mismatch on /fromPriceIds/<index> for one in another
 *   currency than that of the price moved to
 */
export async function readMovePrices(
  tx: TenantSql,
  { of, priceId, fromPriceIds }: Pick<PriceMoveRequest, 'of' | 'priceId' | 'fromPriceIds'>,
): Promise<MovePrices> {
  const named = await findPrices(tx, of, [...fromPriceIds, ...(priceId === null ? [] : [priceId])]);
  const noPrice = (id: number, field: string) =>
    new AppError('not_found', { field, detail: `The ${pricedWord(of)} has no price ${id}.` });
  const from = fromPriceIds.map((id, index) => {
    const price = named.find((one) => one.id === id);

    if (price === undefined) {
      throw noPrice(id, `/fromPriceIds/${index}`);
    }

    return price;
  });
  const to = priceId === null ? await findCurrentPrice(tx, of) : named.find(({ id }) => id === priceId);

  if (to == null) {
    throw noPrice(priceId ?? 0, '/priceId');
  }

  if ('addonId' in of) {
    requirePriceOfPeriods(to);
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

/**
 * SQL of the subscriptions that a move is to ask, each once, with the price agreed on: id, customer_id, status, quantity,
 * amount (for one seat and one period), billing_cycle, tax_behavior. Not over, in the currency of the price moved to, at
 * another price; of a plan in no phases, of an add-on paid by the period.
 */
export function selectToMove(companyId: number, of: Priced, { to, from }: MovePrices): Prisma.Sql {
  const agreed = from.map(
    ({
      price,
      billingCycle,
      taxBehavior,
    }) => Prisma.sql`(x.amount = ${price}::bigint AND x.billing_cycle = ${billingCycle}
      AND x.tax_behavior = coalesce(${taxBehavior}, x.tax_behavior))`,
  );

  return Prisma.sql`SELECT x.* FROM (${'planId' in of ? subscribers(companyId, of.planId, to) : holders(companyId, of.addonId, to)}) x
    WHERE NOT (x.amount = ${to.price}::bigint AND x.billing_cycle = ${to.billingCycle} AND x.tax_behavior = ${to.agreedTaxBehavior})
    AND ${agreed.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join(agreed, ' OR ')})`}`;
}

const subscribers = (companyId: number, planId: number, { currency }: PriceVersionRow) => Prisma.sql`
  SELECT s.id, s.customer_id, s.status, s.quantity, s.amount, s.billing_cycle, s.tax_behavior
    FROM ordering.subscriptions s
   WHERE s.company_id = ${companyId}::bigint AND s.plan_id = ${planId}::bigint AND ${isRunning(currency)}
     AND NOT s.waiting_changes @> '[{"kind": "phase"}]'`;

const holders = (companyId: number, addonId: number, { currency }: PriceVersionRow) => Prisma.sql`
  SELECT s.id, s.customer_id, s.status, u.quantity, u.price AS amount, u.billing_period AS billing_cycle, u.tax_behavior
    FROM ordering.user_addons u JOIN ordering.subscriptions s ON s.company_id = u.company_id AND s.id = u.subscription_id
   WHERE u.company_id = ${companyId}::bigint AND u.addon_id = ${addonId}::bigint AND u.status IN ('pending', 'active')
     AND u.billing_period <> 'one_time' AND ${isRunning(currency)}`;

const isRunning = (currency: string) =>
  Prisma.sql`s.status IN ('trial', 'active', 'past_due', 'paused') AND s.currency = ${currency}`;
