import type { BusinessModel } from '../../intents/intent-types';
import type { TargetStanding } from '../deployment-target-types';
import { servicesOf, switchedServices } from './service-matrix-rules';
import type { ServiceStanding } from './switch-plan-rules';

/**
 * Services as a target has them, as they are planned from. What runs though no company needs it is about to be stopped by
 * whoever ended it: `retiring`, so that a switch that needs it brings it to the target itself.
 * @param models of all active companies
 */
export function plannedFrom(standings: readonly TargetStanding[], models: readonly BusinessModel[]): ServiceStanding[] {
  const needed = new Set(models.flatMap(servicesOf));
  const mayStop = new Set(switchedServices.filter(({ isStoppable }) => isStoppable).map(({ service }) => service));

  return standings.map((standing) => ({
    ...standing,
    state:
      standing.state === 'running' && mayStop.has(standing.service) && !needed.has(standing.service)
        ? 'retiring'
        : standing.state,
  }));
}
