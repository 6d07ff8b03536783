import type { DeploymentTarget } from '../deployment-target';
import type { TargetDescription, TargetStanding } from '../deployment-target-types';
import { switchedServices } from './service-matrix-rules';

/** A target with what it said of itself a moment ago: looked at before a transaction, which waits for nobody outside. */
export interface SeenTarget {
  target: DeploymentTarget;
  description: TargetDescription;
  /** null: rows of the database say it. */
  standings: readonly TargetStanding[] | null;
}

/** @throws AppError `target_*`; target_unavailable while it does not answer */
export async function seeTarget(target: DeploymentTarget): Promise<SeenTarget> {
  const [description, standings] = await Promise.all([target.describe(), target.readStandings(switchedServices)]);

  return { target, description, standings };
}
