import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { setModel } from '../../companies/model-of-company';
import { type DeploymentRow, lockDeployment } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';
import { beginRollback } from './roll-back';
import { activateDrafts } from './switch-drafts';

/**
 * What was applied serves: it is checked from outside now. A cancellation that came meanwhile has it put back.
 * @param input.told what was found at the target, a line each
 */
export async function noteApplied(
  tx: TenantTransaction,
  { id, revision, told, now }: { id: number; revision: number; told: readonly string[]; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  if (row.status !== 'applying') {
    return row;
  }
  await tx.write(
    Prisma.sql`UPDATE platform.deployments SET revision = ${revision}::int WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint`,
  );

  return row.cancelAskedAt === null
    ? moveDeployment(tx, row, {
        to: 'verifying',
        says: [`revision ${revision}: every service is ready`, ...told].join('; '),
        now,
      })
    : beginRollback(tx, row, { code: 'cancelled', says: 'cancelled', now });
}

/**
 * The commit point (D30): model, doors, settings and catalogue change together, or a cancellation that came first has
 * everything put back. What ends retires: it finishes what is open. An export has done its work and changes no model (D31).
 */
export async function commitSwitch(
  tx: TenantTransaction,
  { id, now }: { id: number; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  if (row.status !== 'verifying' || row.committedAt !== null) {
    return row;
  }

  if (row.cancelAskedAt !== null) {
    return beginRollback(tx, row, { code: 'cancelled', says: 'cancelled', now });
  }
  const { plan } = row;

  if (row.target.kind === 'directory') {
    const says = `succeeded: the manifests are written as revision ${row.revision}; the business is ${plan.from} as before`;

    return moveDeployment(tx, row, { to: 'succeeded', says, now });
  }
  const { orders = true, subscriptions = true, addons = true } = plan.doors;
  await activateDrafts(tx, row, now);
  await setModel(tx, {
    businessModel: plan.to,
    doors: { orders, subscriptions, addons },
    settings: plan.settings,
    now,
  });

  if (row.target.kind === 'local') {
    await tx.write(Prisma.sql`UPDATE platform.service_state SET state = 'retiring', updated_at = ${now}::timestamptz
                  WHERE service = ANY(${plan.stops}::text[]) AND state = 'running'`);
  }

  return moveDeployment(tx, row, {
    to: 'verifying',
    says: `the business is ${plan.to} from now on`,
    set: { committedAt: now, retiring: plan.stops },
    event: 'model.switched',
    now,
  });
}
