import type { TenantTransaction } from '../../../platform/db/database';
import { grantChanges, resolveGrants } from '../features/resolve-grants';
import { assertPriceFollowsCurrency, changedFields } from '../change-rules';
import { assertOtherCurrencies, sortedPrices } from '../currency-price-rules';
import { keepAndTell } from '../price-versions/keep-and-tell';
import { planNameTaken, planPayload, planSearchText } from './create-plan';
import { requirePhasesPriced } from './plan-price-rules';
import { resolveTrial } from './plan-rules';
import type { PlanFields, PlanRow } from './plan-row';
import { lockPlan, readPlan } from './read-plan';
import { setPlanGrants } from './set-plan-grants';
import { setPlanPrices } from './set-plan-prices';
import { requireTaxCategory } from '../tax-rates/require-tax-category';

export type PlanChanges = Partial<PlanFields & { status: 'active' | 'archived' }>;

/**
 * Changes a plan, puts it on sale or archives it. Running subscriptions keep the name, price and cycle they were made
 * with (D20): another price, currency, cycle or phases are a new version of the price. `prices`, `features` and `grants` replace
 * the whole list. Without a real change nothing is written and no event is sent.
 * @param input.userId who changes it; nobody where the installation does
 * @throws AppError tax_category_not_found; not_found; already_exists on /name; validation_failed on /price, /phases, /prices/<index>/…, /trialDays,
 *   /features/<index> or /grants/<index>
 */
export async function updatePlan(
  tx: TenantTransaction,
  input: { id: number; changes: PlanChanges; userId?: number | null; now: Date },
): Promise<PlanRow> {
  const { id, userId = null, now } = input;
  const before = await lockPlan(tx, id);
  const resolved = await resolveGrants(tx, input.changes, before.grants);
  const prices = input.changes.prices && sortedPrices(input.changes.prices);
  const given = { ...input.changes, prices, ...resolveTrial(before, input.changes), ...grantChanges(resolved) };
  const changes = changedFields<PlanRow, PlanChanges>(before, given);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }

  assertPriceFollowsCurrency(changes, input.changes);
  await requireTaxCategory(tx, changes.taxCategory);
  const asked = { ...before, ...changes, prices: input.changes.prices ?? before.prices };
  requirePhasesPriced(asked);
  assertOtherCurrencies(asked.prices, asked.currency);
  await assertNameIsFree(tx, before, changes);

  const { features: _features, grants, prices: newPrices, ...columns } = changes;

  if (grants !== undefined) {
    await setPlanGrants(tx, id, resolved);
  }

  await tx.orm.plan.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: { ...columns, searchText: planSearchText({ ...before, ...changes }), updatedAt: now },
  });

  if (newPrices !== undefined) {
    await setPlanPrices(tx, { planId: id, prices: newPrices });
  }

  const after = await readPlan(tx, id);
  await keepAndTell(tx, { kind: 'plan', before, after, payload: planPayload(after), changed, userId, now });

  return after;
}

/** Names the field in the usual case; two changes at once are settled by the unique key. */
async function assertNameIsFree(tx: TenantTransaction, before: PlanRow, changes: PlanChanges): Promise<void> {
  if (changes.name === undefined) {
    return;
  }

  const holder = await tx.orm.plan.findFirst({
    where: { companyId: tx.companyId, name: changes.name, id: { not: before.id } },
    select: { id: true },
  });

  if (holder !== null) {
    await planNameTaken(tx, changes.name);
  }
}
