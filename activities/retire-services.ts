import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';

import { countRunning } from '../clients/task-queue-client';
import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import { readLocalStates } from '../domain/deployments/local/local-revisions';
import { wantedServices } from '../domain/deployments/planning/plan-for-target';
import { readNeededServices, readOpenWork } from '../domain/deployments/planning/read-planning-context';
import type { DeploymentRow } from '../domain/deployments/row/deployment-row';
import { deploymentSubject } from '../domain/deployments/row/deployment-status-rules';
import { AppError } from '../domain/errors';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { finishLostMend } from './finish-lost-mend';
import { watching } from './stay-alive';

interface Parts {
  database: Database;
  clock: Clock;
  temporal: Client;
}

/** API processes remember for two seconds that a door was open: no service is stopped before they have noticed. */
const doorNoticedMs = 2_500;

/**
 * Stops what nobody needs and nothing is open of; what a company needs again is not ours to stop any more.
 * @returns what is still to be stopped; `isSoon`: part of it waits for requests that saw the door open, and for nothing else
 */
export async function retireServices(
  parts: Parts,
  companyId: number,
  { row, target }: { row: DeploymentRow; target: DeploymentTarget },
): Promise<{ left: string[]; isSoon: boolean }> {
  const left: string[] = [];
  let isSoon = false;

  for (const service of row.retiring) {
    Context.current().heartbeat();
    const state = await retirementOf(parts, companyId, row, service);

    if (state === 'busy' || state === 'soon_idle') {
      left.push(service);
      isSoon ||= state === 'soon_idle';
    } else if (state === 'stopped') {
      await target.confirm(stopKey(row, service));
    } else if (state === 'needed') {
      await giveUpStop(target, row, service);
    } else if (!(await stop(parts, { row, target }, service))) {
      left.push(service);
    }
  }

  return { left, isSoon };
}

async function retirementOf(
  { database, clock, temporal }: Parts,
  companyId: number,
  { target, doorClosedAt }: DeploymentRow,
  service: string,
): Promise<'busy' | 'soon_idle' | 'idle' | 'needed' | 'stopped'> {
  const states = target.kind === 'local' ? await readLocalStates(database) : [];
  const state = target.kind === 'local' ? states.find((one) => one.service === service)?.state : 'retiring';

  if (state === 'stopped') {
    return 'stopped';
  }
  const needed = await database.withTenantSql(companyId, readNeededServices);

  if (state !== 'retiring' || needed.has(service)) {
    return 'needed';
  }
  const { openWork } = await database.withTenantSql(companyId, readOpenWork);
  const mayBeSent = clock.now().getTime() < (doorClosedAt?.getTime() ?? 0) + doorNoticedMs;

  if ((openWork[service] ?? 0) > 0) {
    return 'busy';
  }

  return mayBeSent || (await countRunning(temporal, service)) > 0 ? 'soon_idle' : 'idle';
}

/** Of the revision that stops it, which may be pending from a try that was lost: as long as it is, nobody else may apply. */
const stopKey = ({ id }: DeploymentRow, service: string): string => `${deploymentSubject(id)}/stop/${service}`;

/** A service that is needed again is not ours to stop: what was begun of that is put back, and the target is free. */
async function giveUpStop(target: DeploymentTarget, row: DeploymentRow, service: string): Promise<void> {
  const restored = await target.restore(stopKey(row, service), `${service} is needed again`);

  if (restored !== null) {
    await target.watchRollout(restored, { ...watching(), timeoutMs: target.rolloutMs });
  }
}

/** @returns false while somebody else is applying */
async function stop(
  parts: Parts,
  { row, target }: { row: DeploymentRow; target: DeploymentTarget },
  service: string,
): Promise<boolean> {
  const key = stopKey(row, service);
  const services = wantedServices(row.plan, 'stopped').filter((one) => one.service === service);

  try {
    const latest = await target.readWanted();
    // What was begun is gone on with as it was, also where it would be rendered otherwise by now.
    const isBegun = latest !== null && latest.key === key && latest.isPending;
    const release = isBegun ? await target.readRevision(latest.revision) : await target.render(services);
    const applied = await target.apply({ release, key, approved: row.target, only: [service] });
    await target.watchRollout(applied, { ...watching(), timeoutMs: target.rolloutMs });
    await target.confirm(key);

    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'deployment_state') {
      return true;
    }

    if (error instanceof AppError && error.code === 'target_busy') {
      await finishLostMend(parts, target);

      return false;
    }

    // What is refused is tried again and again, and keeps nobody from the target meanwhile.
    if (error instanceof AppError && error.status < 500) {
      await target.restore(key, error.message, { mayTryAgain: true });
    }
    throw error;
  }
}
