import type { TenantTransaction } from '../../../platform/db/database';
import type { AddonFields, AddonRow } from './addon-row';
import { assertPriceFollowsCurrency, changedFields } from '../change-rules';
import { assertOtherCurrencies } from '../currency-price-rules';
import { keepAndTell } from '../price-versions/keep-and-tell';
import { grantChanges, resolveGrants } from '../features/resolve-grants';
import { addonPayload, addonSearchText } from './create-addon';
import { sortedAddonPrices } from './addon-price-rules';
import { assertFeeFollowsCurrency, assertOfPeriods } from './addon-term-rules';
import { lockAddon, readAddon } from './read-addon';
import { resolvePrepaid } from './resolve-prepaid';
import { setAddonGrants } from './set-addon-grants';
import { setAddonPrices } from './set-addon-prices';
import { requireTaxCategory } from '../tax-rates/require-tax-category';

/** The key is what programs and purchases name, so it never changes. */
export type AddonChanges = Partial<Omit<AddonFields, 'key'> & Pick<AddonRow, 'isActive'>>;

/**
 * Changes an add-on, or takes it off sale and back (isActive). What was bought keeps its price; `prices`,
 * `features` and `grants` replace the whole list. Without a real change nothing is written and no event is sent.
 * @param input.userId who changes it; nobody where the installation does
 * @throws AppError tax_category_not_found; not_found; validation_failed on /price, /features/<index> or /grants/<index>;
 *   at /prices as `assertOtherCurrencies`; as `resolvePrepaid` and `assertOfPeriods`
 */
export async function updateAddon(
  tx: TenantTransaction,
  input: { id: number; changes: AddonChanges; userId?: number | null; now: Date },
): Promise<AddonRow> {
  const { id, userId = null, now } = input;
  const before = await lockAddon(tx, id);
  const resolved = await resolveGrants(tx, input.changes, before.grants);
  const prices = input.changes.prices && sortedAddonPrices(input.changes.prices);
  const given = { ...input.changes, prices, ...grantChanges(resolved) };
  const changes = changedFields<AddonRow, AddonChanges>(before, given);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }

  assertPriceFollowsCurrency(changes, input.changes);
  assertFeeFollowsCurrency(before, changes, input.changes);
  assertOtherCurrencies(input.changes.prices ?? before.prices, input.changes.currency ?? before.currency);
  assertOfPeriods({ ...before, ...changes });
  await requireTaxCategory(tx, changes.taxCategory);
  const { features: _features, grants, prepaid: _prepaid, prices: newPrices, ...columns } = changes;
  const holding =
    changes.prepaid === undefined && changes.billingPeriod === undefined
      ? {}
      : await resolvePrepaid(tx, { ...before, ...changes });

  if (grants !== undefined) {
    await setAddonGrants(tx, id, resolved);
  }
  await tx.orm.addon.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: { ...columns, ...holding, searchText: addonSearchText({ ...before, ...changes }), updatedAt: now },
  });

  if (newPrices !== undefined) {
    await setAddonPrices(tx, { addonId: id, prices: newPrices });
  }

  const after = await readAddon(tx, id);
  await keepAndTell(tx, { kind: 'addon', before, after, payload: addonPayload(after), changed, userId, now });

  return after;
}
