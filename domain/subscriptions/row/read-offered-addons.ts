import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AddonRow, selectAddons } from '../../catalogue/addons/addon-row';
import { addonPriceIn } from '../../catalogue/addons/addon-price-rules';
import { noPriceIn } from '../../catalogue/currency-price-rules';
import { agreedTaxBehavior } from '../../catalogue/agreed-tax-behavior';
import { AppError } from '../../errors';
import { taxBehaviors } from '../../money/tax-behavior-types';
import type { PrepaidUnits } from '../../usage/prepaid/prepaid-units';
import { PricedMeter, pricedMetersJson } from '../../usage/prices/agreed-meters-json';
import { meteredIn } from '../../usage/prices/metered-in-rules';
import { cycleOfPeriod } from '../lifecycle/addon-rules';
import { ifInclusive } from '../lifecycle/item-rules';
import type { WantedAddon } from '../lifecycle/decision-types';

/** What a purchase names, by id or by key. */
export interface NamedAddons {
  addonIds: readonly number[];
  addonKeys: readonly string[];
}

const OfferedRow = AddonRow.extend({
  meters: z.array(PricedMeter).nullable(),
  agreedBehavior: z.enum(taxBehaviors),
  prepaidMeterId: dbInteger.nullable(),
});

const Door = z.object({ status: z.string(), business_model: z.string(), accepts_addons: z.boolean() });

/**
 * @param options.isHeld the company's flags are read FOR SHARE, so that a switch of the model closes the door after what saw
 *   it open (D29); not where nothing is written
 * @throws AppError model_not_accepting
 */
export async function requireAddonsSold(
  tx: TenantSql,
  { isOffered, isHeld }: { isOffered: boolean; isHeld: boolean },
): Promise<void> {
  const [door] = await tx.query(
    Door,
    Prisma.sql`SELECT c.status, c.business_model, c.accepts_addons FROM platform.companies c
                WHERE c.id = ${tx.companyId}::bigint ${isHeld ? Prisma.sql`FOR SHARE` : Prisma.empty}`,
  );

  if (door === undefined || door.status !== 'active' || !door.accepts_addons || !isOffered) {
    throw new AppError('model_not_accepting', {
      detail: 'This company sells no add-ons now.',
      params: { businessModel: door?.business_model ?? null },
    });
  }
}

/**
 * Add-ons as their snapshots will be (D20), each once, in the order in which they are named.
 * @param named.currency of the subscription
 * @param ids of the purchases, reserved by whoever keeps the books
 * @throws AppError addon_not_found, addon_unavailable, price_not_in_currency, validation_failed when one is named twice
 */
export async function readOfferedAddons(
  tx: TenantSql,
  named: NamedAddons & { quantity: number; currency: string },
  ids: (count: number) => Promise<readonly number[]>,
): Promise<[WantedAddon, ...WantedAddon[]]> {
  const rows = await tx.query(
    OfferedRow,
    Prisma.sql`SELECT p.*, ${pricedMetersJson(tx.companyId, Prisma.sql`r.addon_id = p.id`)} AS meters,
                      ${agreedTaxBehavior(tx.companyId, Prisma.sql`p."taxBehavior"`)} AS "agreedBehavior",
                      (SELECT m.id FROM usage.meters m WHERE m.company_id = ${tx.companyId}::bigint AND m.code = p.prepaid ->> 'meter') AS "prepaidMeterId"
                 FROM (${selectAddons} WHERE a.company_id = ${tx.companyId}::bigint
                  AND (a.id = ANY (${[...named.addonIds]}::bigint[]) OR a.addon_key = ANY (${[...named.addonKeys]}::text[]))) p`,
  );
  const found = [
    ...named.addonIds.map((id, index) => ({
      field: `/addonIds/${index}`,
      name: String(id),
      row: rows.find((one) => one.id === id),
    })),
    ...named.addonKeys.map((key, index) => ({
      field: `/addonKeys/${index}`,
      name: key,
      row: rows.find((one) => one.key === key),
    })),
  ];
  const wanted = found.map(({ field, name, row }, index) => {
    if (row === undefined) {
      throw new AppError('addon_not_found', { field, detail: `There is no add-on ${name}.` });
    }

    if (!row.isActive) {
      throw new AppError('addon_unavailable', { field, detail: `${row.name} is not sold any more.` });
    }

    if (found.findIndex((one) => one.row?.id === row.id) < index) {
      throw new AppError('validation_failed', {
        field,
        detail: `${row.name} is named twice; give its quantity instead.`,
      });
    }

    return { row, ...termsIn(named.currency, row, field) };
  });
  const reserved = await ids(wanted.length);
  const bought = wanted.map(({ row, price, meters }, index): WantedAddon => {
    const id = reserved[index];

    if (id === undefined) {
      throw new Error('Too few ids were reserved.');
    }

    return {
      key: `addon/${id}`,
      quantity: named.quantity,
      terms: {
        addonId: row.id,
        addonKey: row.key,
        addonName: row.name,
        amount: price.price,
        ...ifInclusive(price.taxBehavior ?? row.agreedBehavior),
        billingCycle: cycleOfPeriod(row.billingPeriod),
        ...(price.setupFee ? { setupFee: price.setupFee } : {}),
        ...(row.termPeriods === null ? {} : { termPeriods: row.termPeriods }),
        ...(meters.length === 0 ? {} : { meters }),
        ...prepaidOf(row),
      },
    };
  });
  const [first, ...others] = bought;

  if (first === undefined) {
    throw new AppError('validation_failed', { field: '/addonIds', detail: 'Name at least one add-on.' });
  }

  return [first, ...others];
}

/** What one costs, and meters, in a currency. @throws AppError price_not_in_currency */
function termsIn(currency: string, row: z.output<typeof OfferedRow>, field: string) {
  const price = addonPriceIn({ ...row, taxBehavior: row.agreedBehavior }, currency);

  if (price === null) {
    throw noPriceIn(row.name, currency, field);
  }
  const currencies = [row, ...row.prices].map((one) => one.currency);

  return { price, meters: meteredIn(row.meters ?? [], { name: row.name, currency, currencies, field }) };
}

function prepaidOf({ prepaid, prepaidMeterId: meterId }: z.output<typeof OfferedRow>): { prepaid?: PrepaidUnits } {
  return prepaid === null || meterId === null
    ? {}
    : { prepaid: { meterId, units: prepaid.units, expiresAfterDays: prepaid.expiresAfterDays } };
}

/**
 * What is bought with a plan, as `readOfferedAddons`; nothing where nothing is named.
 * @throws AppError model_not_accepting besides
 */
export async function readAddonsToBegin(
  tx: TenantSql,
  named: (NamedAddons & { quantity: number }) | undefined,
  {
    ids,
    currency,
    ...door
  }: {
    isOffered: boolean;
    isHeld: boolean;
    currency: string;
    ids: (count: number) => Promise<readonly number[]>;
  },
): Promise<readonly WantedAddon[]> {
  if (named === undefined || named.addonIds.length + named.addonKeys.length === 0) {
    return [];
  }
  await requireAddonsSold(tx, door);

  return readOfferedAddons(tx, { ...named, currency }, ids);
}

/** Ids of purchases to come. */
export async function reserveUserAddonIds(tx: TenantSql, count: number): Promise<number[]> {
  const rows = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`SELECT nextval('ordering.user_addons_id_seq') AS id FROM generate_series(1, ${count}::int)`,
  );

  return rows.map(({ id }) => id);
}
