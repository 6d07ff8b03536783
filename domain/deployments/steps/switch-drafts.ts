import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { createAddon } from '../../catalogue/addons/create-addon';
import { updateAddon } from '../../catalogue/addons/update-addon';
import { withdrawAddonDraft } from '../../catalogue/addons/withdraw-addon-draft';
import { createPlan } from '../../catalogue/plans/create-plan';
import { updatePlan } from '../../catalogue/plans/update-plan';
import { createPromotion } from '../../promotions/create-promotion';
import { updatePromotion } from '../../promotions/update-promotion';
import { withdrawPromotionDraft } from '../../promotions/withdraw-promotion-draft';
import type { PromotionChange } from '../planning/switch-plan-types';
import type { DeploymentRow } from '../row/deployment-row';
import { deploymentSubject } from '../row/deployment-status-rules';

/**
 * Makes what a switch sells as drafts that nobody can buy (D30): plans as drafts, add-ons off sale, promotions archived. Once:
 * their ids are written into the row of the switch, which is locked, in the same transaction.
 */
export async function writeDrafts(tx: TenantTransaction, row: DeploymentRow, now: Date): Promise<void> {
  if (row.drafts !== null) {
    return;
  }
  const drafts = { plans: [] as number[], addons: [] as number[], promotions: [] as number[] };
  const { userId, plan } = row;

  for (const { action, name, price, currency, billingCycle, trialDays } of plan.plans) {
    if (action === 'create') {
      const trial = trialDays > 0 ? { trialEnabled: true, trialDays } : {};
      const made = { name, price, currency, billingCycle, ...trial, status: 'draft' as const };
      drafts.plans.push((await createPlan(tx, { plan: made, userId, now })).id);
    }
  }

  for (const { action, key, name, price, currency, billingPeriod } of plan.addons) {
    if (action === 'create') {
      const { id } = await createAddon(tx, { addon: { key, name, price, currency, billingPeriod }, userId, now });
      await updateAddon(tx, { id, changes: { isActive: false }, userId, now });
      drafts.addons.push(id);
    }
  }

  for (const promotion of plan.promotions) {
    if (promotion.action === 'create') {
      const { id } = await createPromotion(tx, { promotion: newPromotion(promotion), now });
      await updatePromotion(tx, { id, changes: { status: 'archived' }, now });
      drafts.promotions.push(id);
    }
  }
  await noteDrafts(tx, row, drafts);
}

/** Puts the drafts of a switch on sale, in the transaction of its commit point. */
export async function activateDrafts(
  tx: TenantTransaction,
  { drafts, userId }: DeploymentRow,
  now: Date,
): Promise<void> {
  for (const id of drafts?.plans ?? []) {
    await updatePlan(tx, { id, changes: { status: 'active' }, userId, now });
  }

  for (const id of drafts?.addons ?? []) {
    await updateAddon(tx, { id, changes: { isActive: true }, userId, now });
  }

  for (const id of drafts?.promotions ?? []) {
    await updatePromotion(tx, { id, changes: { status: 'active' }, now });
  }
}

/** Archives the drafts of a switch that came to nothing; their names, keys and codes are free again. */
export async function withdrawDrafts(tx: TenantTransaction, row: DeploymentRow, now: Date): Promise<void> {
  const { id: deploymentId, drafts, userId, plan } = row;
  const mark = deploymentSubject(deploymentId);
  const names = plan.plans.filter(({ action }) => action === 'create').map(({ name }) => name);

  for (const [index, id] of (drafts?.plans ?? []).entries()) {
    const name = `${names[index] ?? 'plan'} (${mark})`;
    await updatePlan(tx, { id, changes: { status: 'archived', name }, userId, now });
  }

  for (const id of drafts?.addons ?? []) {
    await withdrawAddonDraft(tx, { id, mark: `-switch-${deploymentId}`, now });
  }

  for (const id of drafts?.promotions ?? []) {
    await withdrawPromotionDraft(tx, id);
  }

  if (drafts !== null) {
    await noteDrafts(tx, row, null);
  }
}

function newPromotion({ name, code, ratePpm, amount, currency, periods }: PromotionChange) {
  return {
    name,
    code,
    currency,
    discount:
      ratePpm === null
        ? { kind: 'amount' as const, amount: amount ?? 0 }
        : { kind: 'percent' as const, ratePpm, basis: 'on_total' as const, most: null },
    duration: periods === null ? { kind: 'forever' as const } : { kind: 'periods' as const, count: periods },
  };
}

async function noteDrafts(tx: TenantTransaction, row: DeploymentRow, drafts: DeploymentRow['drafts']): Promise<void> {
  await tx.write(Prisma.sql`UPDATE platform.deployments SET drafts = ${drafts === null ? null : JSON.stringify(drafts)}::jsonb
                WHERE company_id = ${tx.companyId}::bigint AND id = ${row.id}::bigint`);
}
