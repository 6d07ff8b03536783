import type { TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { Intent } from '../../intents/intent-types';
import type { DeploymentTarget } from '../deployment-target';
import type { TargetDescription, TargetKind } from '../deployment-target-types';
import type { WantedService } from '../deployment-target-types';
import { planHash } from './plan-hash';
import { readPlanningContext } from './read-planning-context';
import type { SeenTarget } from './seen-target';
import { type PlanningContext, planSwitch } from './switch-plan-rules';
import type { Door, Drain, SwitchPlan } from './switch-plan-types';

/** The targets of this installation, by their kind. @throws AppError target_unknown, manifest_invalid */
export type DeploymentTargets = (kind: TargetKind) => Promise<DeploymentTarget>;

export interface PlannedSwitch {
  plan: SwitchPlan;
  hash: string;
  target: TargetDescription;
}

/**
 * Plans an intent against what is there today, for a target, with the hash that an approval is tied to.
 * @param input.closed doors that the switch itself has closed already: to plan they count as open
 * @throws AppError of the planning; intent_unclear while a question is open
 */
export async function planForTarget(
  tx: TenantSql,
  { target, description, standings }: SeenTarget,
  { intent, drain, closed = [] }: { intent: Intent; drain: Drain; closed?: readonly Door[] },
): Promise<PlannedSwitch> {
  if (intent.questions.length > 0) {
    throw new AppError('intent_unclear', { params: { questions: intent.questions } });
  }
  const plan = planSwitch(intent, withDoorsOpen(await readPlanningContext(tx, standings), closed));
  const release = await target.render(wantedServices(plan, 'stopped'));

  return {
    plan,
    target: description,
    hash: planHash({ plan, target: description, drain, digest: release.digest }),
  };
}

export function withDoorsOpen(context: PlanningContext, closed: readonly Door[]): PlanningContext {
  const open = Object.fromEntries(closed.map((door) => [door, true]));

  return { ...context, company: { ...context.company, doors: { ...context.company.doors, ...open } } };
}

/**
 * The services of a plan as they should be on the target.
 * @param ending what ends: `stopped`, as it is in the end; or still `running`, to finish what is open
 */
export function wantedServices({ changeset, stops }: SwitchPlan, ending: 'stopped' | 'running'): WantedService[] {
  return changeset.services.map(({ service, namespace, replicas, env }) => ({
    service,
    namespace,
    replicas: !stops.includes(service) ? replicas : ending === 'stopped' ? 0 : Math.max(1, replicas),
    env,
  }));
}

/** Services that a switch brings to the target before what ends is stopped: those that begin or change. */
export const servicesToApply = ({ changeset, stops }: SwitchPlan): string[] =>
  changeset.services
    .filter(({ service, action }) => !stops.includes(service) && ['create', 'start', 'update'].includes(action))
    .map(({ service }) => service);
