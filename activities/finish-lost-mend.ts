import { log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';

import { isStillMending } from '../clients/drift-client';
import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import { mendingRun } from '../domain/deployments/drift/drift-rules';
import { mendDrift } from '../domain/deployments/drift/look-for-drift';
import { readServicesNeededByAll } from '../domain/deployments/planning/read-planning-context';
import type { Database } from '../platform/db/database';
import { watching } from './stay-alive';

/**
 * A mend whose workflow was terminated in the middle keeps the target from everybody. What it has begun is gone on with under
 * its key, and put back where it does not come up.
 * @returns whether there was one
 */
export async function finishLostMend(
  { database, temporal }: { database: Database; temporal: Client },
  target: DeploymentTarget,
): Promise<boolean> {
  const latest = await target.readWanted();
  const run = latest?.isPending === true ? mendingRun(latest.key) : null;

  if (latest === null || run === null || (await isStillMending(temporal, run))) {
    return false;
  }
  log.warn('what was left half mended is finished', { target: target.kind, revision: latest.revision, ...run });
  await mendDrift(target, {
    key: latest.key,
    needed: await readServicesNeededByAll(database),
    isNeededOnly: true,
    watching: watching(),
  });

  return true;
}
