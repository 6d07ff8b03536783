import type { TenantTransaction } from '../../../platform/db/database';
import { readSettings } from '../../companies/setting-catalogue';
import type { AddonFields, AddonRow } from './addon-row';
import { entryTaken } from '../entry-taken';
import { assertOtherCurrencies } from '../currency-price-rules';
import { keepAndTell } from '../price-versions/keep-and-tell';
import { resolveGrants } from '../features/resolve-grants';
import { sortedAddonPrices } from './addon-price-rules';
import { assertOfPeriods } from './addon-term-rules';
import { findAddon, readAddon } from './read-addon';
import { resolvePrepaid } from './resolve-prepaid';
import { setAddonGrants } from './set-addon-grants';
import { setAddonPrices } from './set-addon-prices';
import { searchTextOf } from '../../search/search-rules';
import { requireTaxCategory } from '../tax-rates/require-tax-category';

export type NewAddon = Pick<AddonFields, 'key' | 'name' | 'price' | 'billingPeriod'> &
  Partial<AddonFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
  };

/**
 * Adds something that is bought on top of a plan (S243).
 * @param input.addon price in minor units per billing period; the currency is the company's unless one is named
 * @param input.userId who adds it; nobody where the installation does
 * @throws AppError tax_category_not_found on /taxCategory; already_exists on /key; validation_failed at /features/<index> or /grants/<index>;
 *   at /prices as `assertOtherCurrencies`; as `resolvePrepaid` and `assertOfPeriods`
 */
export async function createAddon(
  tx: TenantTransaction,
  input: { addon: NewAddon; userId?: number | null; now: Date },
): Promise<AddonRow> {
  const { addon, userId = null, now } = input;
  const currency = addon.currency ?? (await readSettings(tx)).currency;
  const prices = addon.prices ?? [];
  assertOtherCurrencies(prices, currency);
  assertOfPeriods(addon);
  const [created] = await tx.orm.addon.createManyAndReturn({
    data: [
      {
        ...(addon.id === undefined ? {} : { id: addon.id }),
        companyId: tx.companyId,
        key: addon.key,
        name: addon.name,
        description: addon.description ?? null,
        price: addon.price,
        setupFee: addon.setupFee ?? 0,
        currency,
        ...(addon.taxCategory === undefined ? {} : { taxCategory: addon.taxCategory }),
        taxBehavior: addon.taxBehavior ?? null,
        billingPeriod: addon.billingPeriod,
        termPeriods: addon.termPeriods ?? null,
        ...(await resolvePrepaid(tx, addon)),
        searchText: addonSearchText(addon),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    return findRepeated(tx, addon);
  }
  await requireTaxCategory(tx, addon.taxCategory);

  const id = Number(created.id);
  await setAddonGrants(tx, id, await resolveGrants(tx, addon, []));
  await setAddonPrices(tx, { addonId: id, prices: sortedAddonPrices(prices) });
  const row = await readAddon(tx, id);
  await keepAndTell(tx, {
    kind: 'addon',
    before: null,
    after: row,
    payload: addonPayload(row),
    changed: [],
    userId,
    now,
  });

  return row;
}

/** What addon.created and addon.updated tell. */
export function addonPayload(row: AddonRow): Record<string, unknown> {
  const { description: _description, createdAt: _created, updatedAt: _updated, ...told } = row;

  return told;
}

export function addonSearchText(addon: Pick<NewAddon, 'name' | 'key' | 'description'>): string {
  return searchTextOf([addon.name, addon.key, addon.description ?? null]);
}

async function findRepeated(tx: TenantTransaction, addon: NewAddon): Promise<AddonRow> {
  const own = addon.id === undefined ? null : await findAddon(tx, addon.id);

  if (own !== null) {
    return own;
  }

  const holder = await tx.orm.addon.findUnique({
    where: { companyId_key: { companyId: tx.companyId, key: addon.key } },
    select: { id: true, isActive: true },
  });

  throw entryTaken('add-on', 'key', holder && { id: holder.id, isArchived: !holder.isActive });
}
