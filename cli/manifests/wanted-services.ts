import type { WantedService } from '../../domain/deployments/deployment-target-types';
import {
  billingModeOf,
  environmentOf,
  servicesOf,
  switchedServices,
} from '../../domain/deployments/planning/service-matrix-rules';
import type { BusinessModel } from '../../domain/intents/intent-types';
import { rateFromFraction } from '../../domain/money/money-rules';
import type { Config } from '../../platform/config';
import { services } from '../../workers/services';

/** Every service of the registry; those that a business model does not need have no replicas. null: all run. */
export function wantedServices(model: BusinessModel | null, config: Config): WantedService[] {
  const stopped =
    model === null
      ? []
      : switchedServices.map(({ service }) => service).filter((one) => !servicesOf(model).includes(one));
  const needs = {
    businessModel: model ?? ('multi' as const),
    billingMode: config.BILLING_MODE ?? billingModeOf[model ?? 'multi'],
    taxRatePpm: rateFromFraction(config.TAX_RATE),
    freeTier: config.FREE_TIER ?? model === 'freemium',
    addonEnabled: config.ADDON_ENABLED ?? true,
  };

  return services.map(({ name, namespace }) => ({
    service: name,
    namespace,
    replicas: stopped.includes(name) ? 0 : 1,
    env: environmentOf(name, [needs]),
  }));
}
