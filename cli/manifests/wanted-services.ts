import type { WantedService } from '../../domain/deployments/deployment-target-types';
import {
  billingModeOf,
  type CompanyNeeds,
  environmentOf,
  switchedServices,
} from '../../domain/deployments/planning/service-matrix-rules';
import type { BusinessModel } from '../../domain/intents/intent-types';
import { rateFromFraction } from '../../domain/money/money-rules';
import type { Config } from '../../platform/config';
import { services } from '../../workers/services';

/**
 * Every service of the registry, with the environment that a switch to the model would give it; what may be stopped and
 * is not needed has no replicas. null: all run, as the configuration has it.
 */
export function wantedServices(model: BusinessModel | null, config: Config): WantedService[] {
  const needs = needsOf(model, config);
  const isStopped = (name: string) =>
    switchedServices.some(
      ({ service, isStoppable, neededBy }) =>
        service === name && isStoppable && !neededBy.includes(needs.businessModel),
    );

  return services.map(({ name, namespace }) => ({
    service: name,
    namespace,
    replicas: isStopped(name) ? 0 : 1,
    env: environmentOf(name, [needs]),
  }));
}

function needsOf(model: BusinessModel | null, config: Config): CompanyNeeds {
  const taxRatePpm = rateFromFraction(config.TAX_RATE);

  return model === null
    ? {
        businessModel: 'multi',
        billingMode: config.BILLING_MODE ?? null,
        taxRatePpm,
        freeTier: config.FREE_TIER ?? true,
        addonEnabled: config.ADDON_ENABLED ?? true,
      }
    : {
        businessModel: model,
        billingMode: billingModeOf[model],
        taxRatePpm,
        freeTier: model !== 'subscription',
        addonEnabled: model !== 'subscription',
      };
}
