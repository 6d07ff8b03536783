import { Prisma, type TenantSql, type TenantTransaction } from '../../../platform/db/database';
import type { PriceModel } from '../../billing/pricing/price-model-types';
import { type CurrencyPrice, noPriceIn, priceIn } from '../../catalogue/currency-price-rules';
import { findAddon } from '../../catalogue/addons/read-addon';
import { findPlan } from '../../catalogue/plans/read-plan';
import { readSettings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { appendEvents } from '../../events/append-events';
import { lockMeter } from '../meters/read-meters';
import { MeterPriceRow, selectMeterPrices } from './meter-price-row';

/** What a price is the price within: a plan, an add-on, or neither: the meter in general. */
export interface PriceOwner {
  planId: number | null;
  addonId: number | null;
}

/**
 * Gives a meter its price in a currency, in general or within a plan or an add-on, which bills its usage by it from then on. A
 * price never changes: the one before is archived, and whatever was sold at it keeps it. Idempotent by the reserved id.
 * @param input.currency that of the plan or add-on, or the company's, where not given
 * @param input.taxBehavior likewise
 * @throws AppError not_found for the meter; plan_not_found, addon_not_found; price_not_in_currency where the plan or add-on has
 *   none in it; validation_failed at /price/model for a percentage of what is no sum, at /addonId for what is bought once
 */
export async function createMeterPrice(
  tx: TenantTransaction,
  input: {
    id: number;
    meterId: number;
    planId?: number | undefined;
    addonId?: number | undefined;
    currency?: string | undefined;
    taxBehavior?: TaxBehavior | undefined;
    price: PriceModel;
    now: Date;
  },
): Promise<MeterPriceRow> {
  const { id, meterId, price, now } = input;
  const meter = await lockMeter(tx, meterId);
  const repeated = await findMeterPrice(tx, { meterId, id });

  if (repeated !== null) {
    return repeated;
  }
  if (price.model === 'percentage' && meter.aggregation !== 'sum') {
    throw new AppError('validation_failed', {
      field: '/price/model',
      detail: `A percentage is of a sum of money; the meter ${meter.code} is ${meter.aggregation}.`,
    });
  }
  const owner = { planId: input.planId ?? null, addonId: input.addonId ?? null };
  const { currency, taxBehavior } = await termsWithin(tx, owner, input);
  const before = (await findActivePrices(tx, { meterIds: [meterId], currency, owner })).get(meterId);

  if (before !== undefined) {
    await archive(tx, before, now);
  }
  await tx.orm.meterPrice.create({
    data: {
      id,
      companyId: tx.companyId,
      meterId,
      ...owner,
      currency,
      taxBehavior,
      price: JSON.parse(JSON.stringify(price)) as object,
      createdAt: now,
    },
  });
  const row = await readMeterPrice(tx, { meterId, id });
  await appendPriceEvent(tx, 'meter.price.created', row, now);

  return row;
}

interface PriceTerms {
  currency?: string | undefined;
  taxBehavior?: TaxBehavior | null | undefined;
}

/** The currency of a price, and whether it holds its tax: as of the price of the plan or add-on that it is within. */
async function termsWithin(
  tx: TenantTransaction,
  owner: PriceOwner,
  { currency: wanted, taxBehavior }: PriceTerms,
): Promise<{ currency: string; taxBehavior: TaxBehavior }> {
  const sold = await findSold(tx, owner);
  const settings = await readSettings(tx);
  const currency = wanted ?? sold?.currency ?? settings.currency;
  const within = sold === null ? null : priceIn(sold, currency);

  if (sold !== null && within === null) {
    throw noPriceIn(sold.name, currency, '/currency');
  }

  return { currency, taxBehavior: taxBehavior ?? within?.taxBehavior ?? settings.taxBehavior };
}

/** The plan or add-on that a price is to be within; null: the meter in general. @throws AppError plan_not_found, addon_not_found, validation_failed */
async function findSold(
  tx: TenantTransaction,
  { planId, addonId }: PriceOwner,
): Promise<(CurrencyPrice & { name: string; prices: readonly CurrencyPrice[] }) | null> {
  if (planId !== null) {
    const plan = await findPlan(tx, planId);

    if (plan === null) {
      throw new AppError('plan_not_found', { field: '/planId', detail: `There is no plan ${planId}.` });
    }

    return plan;
  }

  if (addonId === null) {
    return null;
  }
  const addon = await findAddon(tx, addonId);

  if (addon === null) {
    throw new AppError('addon_not_found', { field: '/addonId', detail: `There is no add-on ${addonId}.` });
  }

  if (addon.billingPeriod === 'one_time') {
    throw new AppError('validation_failed', {
      field: '/addonId',
      detail: `${addon.name} is bought once: it has no periods whose usage could be billed.`,
    });
  }

  return addon;
}

/** Takes a price away: the meter has none in its currency from now on. @throws AppError not_found */
export async function archiveMeterPrice(
  tx: TenantTransaction,
  { id, meterId, now }: { id: number; meterId: number; now: Date },
): Promise<void> {
  await lockMeter(tx, meterId);
  const row = await readMeterPrice(tx, { meterId, id });

  if (row.status === 'active') {
    await archive(tx, row, now);
  }
}

/** Its meter is locked. */
async function archive(tx: TenantTransaction, row: MeterPriceRow, now: Date): Promise<void> {
  await tx.orm.meterPrice.update({
    where: { companyId_id: { companyId: tx.companyId, id: row.id } },
    data: { status: 'archived' },
    select: { id: true },
  });
  await appendPriceEvent(tx, 'meter.price.archived', row, now);
}

/** A meter's prices of all times, newest first, before an id. */
export function listMeterPrices(
  tx: TenantSql,
  { meterId, before, limit }: { meterId: number; before: number | null; limit: number },
): Promise<MeterPriceRow[]> {
  const earlier = before === null ? Prisma.empty : Prisma.sql`AND p.id < ${before}::bigint`;

  return tx.query(
    MeterPriceRow,
    Prisma.sql`${selectMeterPrices} WHERE p.company_id = ${tx.companyId}::bigint AND p.meter_id = ${meterId}::bigint ${earlier}
               ORDER BY p.id DESC LIMIT ${limit}`,
  );
}

/** What meters cost in a currency now, by their ids; those that have no price in it are left out. @param owner in general when absent */
export async function findActivePrices(
  tx: TenantSql,
  {
    meterIds,
    currency,
    owner = { planId: null, addonId: null },
  }: { meterIds: readonly number[]; currency: string; owner?: PriceOwner },
): Promise<Map<number, MeterPriceRow>> {
  const rows = await tx.query(
    MeterPriceRow,
    Prisma.sql`${selectMeterPrices} WHERE p.company_id = ${tx.companyId}::bigint AND p.meter_id = ANY (${[...meterIds]}::bigint[])
                 AND p.plan_id IS NOT DISTINCT FROM ${owner.planId}::bigint AND p.addon_id IS NOT DISTINCT FROM ${owner.addonId}::bigint
                 AND p.currency = ${currency} AND p.status = 'active'`,
  );

  return new Map(rows.map((row) => [row.meterId, row]));
}

/** One price of a meter, active or archived. @throws AppError not_found */
export async function readMeterPrice(tx: TenantSql, key: { meterId: number; id: number }): Promise<MeterPriceRow> {
  const row = await findMeterPrice(tx, key);

  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such price of this meter.' });
  }

  return row;
}

async function findMeterPrice(tx: TenantSql, key: { meterId: number; id: number }): Promise<MeterPriceRow | null> {
  const [row] = await tx.query(
    MeterPriceRow,
    Prisma.sql`${selectMeterPrices} WHERE p.company_id = ${tx.companyId}::bigint AND p.meter_id = ${key.meterId}::bigint AND p.id = ${key.id}::bigint`,
  );

  return row ?? null;
}

function appendPriceEvent(
  tx: TenantTransaction,
  type: 'meter.price.created' | 'meter.price.archived',
  { id, meterId, planId, addonId, currency, taxBehavior, price }: MeterPriceRow,
  now: Date,
): Promise<void> {
  return appendEvents(tx, {
    subject: `meter/${meterId}`,
    events: [{ type, payload: { id, meterId, planId, addonId, currency, taxBehavior, price } }],
    now,
  });
}
