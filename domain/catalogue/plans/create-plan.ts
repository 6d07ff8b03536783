import type { TenantTransaction } from '../../../platform/db/database';
import { readSettings } from '../../companies/setting-catalogue';
import { resolveGrants } from '../features/resolve-grants';
import { entryTaken } from '../entry-taken';
import { assertOtherCurrencies, sortedPrices } from '../currency-price-rules';
import { keepAndTell } from '../price-versions/keep-and-tell';
import { requirePhasesPriced } from './plan-price-rules';
import { noTrial, resolveTrial } from './plan-rules';
import type { PlanFields, PlanRow } from './plan-row';
import { findPlan, readPlan } from './read-plan';
import { searchTextOf } from '../../search/search-rules';
import { setPlanGrants } from './set-plan-grants';
import { setPlanPrices } from './set-plan-prices';
import { requireTaxCategory } from '../tax-rates/require-tax-category';

export type NewPlan = Pick<PlanFields, 'name' | 'price' | 'billingCycle'> &
  Partial<PlanFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
    /** A draft is seen by employees only and cannot be subscribed to. Active unless said. */
    status?: 'draft' | 'active';
  };

/**
 * Adds a plan.
 * @param input.plan price in minor units per period; the currency is the company's unless one is named
 * @param input.userId who adds it; nobody where the installation does
 * @throws AppError tax_category_not_found on /taxCategory; already_exists on /name; validation_failed on /phases, /prices/<index>/…, /trialDays, /features/<index>
 *   or /grants/<index>
 */
export async function createPlan(
  tx: TenantTransaction,
  input: { plan: NewPlan; userId?: number | null; now: Date },
): Promise<PlanRow> {
  const { plan, userId = null, now } = input;
  const currency = plan.currency ?? (await readSettings(tx)).currency;
  const prices = plan.prices ?? [];
  requirePhasesPriced({ price: plan.price, phases: plan.phases ?? [], prices });
  assertOtherCurrencies(prices, currency);
  const [created] = await tx.orm.plan.createManyAndReturn({
    data: [
      {
        ...(plan.id === undefined ? {} : { id: plan.id }),
        companyId: tx.companyId,
        name: plan.name,
        description: plan.description ?? null,
        price: plan.price,
        currency,
        ...(plan.taxCategory === undefined ? {} : { taxCategory: plan.taxCategory }),
        taxBehavior: plan.taxBehavior ?? null,
        billingCycle: plan.billingCycle,
        phases: plan.phases ?? [],
        ...resolveTrial(noTrial, plan),
        status: plan.status ?? 'active',
        searchText: planSearchText(plan),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    return findRepeated(tx, plan);
  }
  await requireTaxCategory(tx, plan.taxCategory);

  const id = Number(created.id);
  await setPlanGrants(tx, id, await resolveGrants(tx, plan, []));
  await setPlanPrices(tx, { planId: id, prices: sortedPrices(prices) });
  const row = await readPlan(tx, id);
  await keepAndTell(tx, {
    kind: 'plan',
    before: null,
    after: row,
    payload: planPayload(row),
    changed: [],
    userId,
    now,
  });

  return row;
}

/** What plan.created and plan.updated tell. */
export function planPayload(row: PlanRow): Record<string, unknown> {
  const { id, name, price, currency, taxCategory, taxBehavior, prices, billingCycle, phases } = row;
  const { trialEnabled, trialDays, features, grants, status } = row;
  const priced = { price, currency, taxCategory, taxBehavior, prices, billingCycle, phases };

  return { id, name, ...priced, trialEnabled, trialDays, features, grants, status };
}

export function planSearchText(plan: Pick<NewPlan, 'name' | 'description'>): string {
  return searchTextOf([plan.name, plan.description ?? null]);
}

/** @throws AppError already_exists on /name; what its holder is, the caller is told */
export async function planNameTaken(tx: TenantTransaction, name: string): Promise<never> {
  const holder = await tx.orm.plan.findUnique({
    where: { companyId_name: { companyId: tx.companyId, name } },
    select: { id: true, status: true },
  });

  throw entryTaken('plan', 'name', holder && { id: holder.id, isArchived: holder.status === 'archived' });
}

async function findRepeated(tx: TenantTransaction, plan: NewPlan): Promise<PlanRow> {
  const own = plan.id === undefined ? null : await findPlan(tx, plan.id);

  return own ?? planNameTaken(tx, plan.name);
}
