import { Prisma, type TenantSql } from '../../../platform/db/database';
import { changedFields } from '../change-rules';
import { allPrices, type CurrencyPrice } from '../currency-price-rules';
import type { AddonPrice } from '../addons/addon-price-rules';
import type { PlanPhase } from '../plans/plan-phase-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { ofPriced, type Priced } from './price-version-row';

export interface NewPrice {
  /** minor units for one period, or once */
  price: number;
  currency: string;
  /** Whether it holds the tax; null: as the company has it. */
  taxBehavior: TaxBehavior | null;
  /** Of an add-on its billing period. */
  billingCycle: string;
  /** What a new subscription begins with; null of an add-on. */
  phases: readonly PlanPhase[] | null;
  /** Minor units, once; 0 of a plan. */
  setupFee: number;
}

type Phased = CurrencyPrice & Pick<AddonPrice, 'setupFee'> & { phases?: readonly PlanPhase[] | undefined };

/** What is to be kept of something that is sold: its own price, and those in other currencies. */
export function pricesToKeep(sold: Phased & { prices: readonly Phased[] }, billingCycle: string): NewPrice[] {
  const { price, currency, taxBehavior, phases, setupFee } = sold;

  return allPrices<Phased>({ price, currency, taxBehavior, phases, setupFee }, sold.prices).map((one) => ({
    price: one.price,
    currency: one.currency,
    taxBehavior: one.taxBehavior ?? null,
    billingCycle,
    phases: one.phases ?? null,
    setupFee: one.setupFee ?? 0,
  }));
}

/**
 * Keeps what a plan or an add-on costs from now on, in each currency whose price is another one; whoever changes the prices
 * holds its row. Subscribers keep the price that they agreed on (D20).
 * @param input.before none of what is new
 * @param input.userId who set them; null: the installation itself
 */
export async function recordPriceVersions(
  tx: TenantSql,
  input: { of: Priced; before: readonly NewPrice[]; after: readonly NewPrice[]; userId: number | null; now: Date },
): Promise<void> {
  const { before, after } = input;
  const ended = before.filter((one) => after.every(({ currency }) => currency !== one.currency));
  const set = after.filter((price) => !before.some((one) => Object.keys(changedFields(one, price)).length === 0));

  if (ended.length > 0) {
    await endPrices(tx, { ...input, currencies: ended.map(({ currency }) => currency) });
  }

  for (const price of set) {
    await recordPriceVersion(tx, { ...input, price });
  }
}

/** They have no price in these currencies from now on. */
async function endPrices(
  tx: TenantSql,
  { of, currencies, now }: { of: Priced; currencies: readonly string[]; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`
      UPDATE product.price_versions SET ended_at = greatest(${now}::timestamptz, valid_from)
       WHERE company_id = ${tx.companyId}::bigint
         AND id IN (SELECT DISTINCT ON (v.currency) v.id FROM product.price_versions v
                     WHERE v.company_id = ${tx.companyId}::bigint AND ${ofPriced(of)} AND v.currency = ANY (${[...currencies]}::text[])
                     ORDER BY v.currency, v.version DESC)`);
}

async function recordPriceVersion(
  tx: TenantSql,
  input: { of: Priced; price: NewPrice; userId: number | null; now: Date },
): Promise<void> {
  const { of, price, userId, now } = input;
  const [planId, addonId] = 'planId' in of ? [of.planId, null] : [null, of.addonId];
  await tx.write(Prisma.sql`
      INSERT INTO product.price_versions (company_id, plan_id, addon_id, version, price, currency, tax_behavior, billing_cycle, phases, setup_fee, valid_from, user_id)
      SELECT ${tx.companyId}::bigint, ${planId}::bigint, ${addonId}::bigint, coalesce(max(v.version), 0) + 1, ${price.price}::bigint,
             ${price.currency}, ${price.taxBehavior}, ${price.billingCycle},
             ${price.phases === null ? null : JSON.stringify(price.phases)}::jsonb, ${price.setupFee}::bigint, greatest(${now}::timestamptz, max(v.valid_from)), ${userId}::bigint
        FROM product.price_versions v WHERE v.company_id = ${tx.companyId}::bigint AND ${ofPriced(of)}`);
}
