import type { BusinessModel } from '../../intents/intent-types';
import { PPM } from '../../money/money-rules';
import { formatExactDecimal, ratio } from '../../money/ratio-rules';
import type { ServiceChange } from '../changeset-types';

/** What a company needs of the installation's services: its model and the settings that become their environment. */
export interface CompanyNeeds {
  businessModel: BusinessModel;
  billingMode: 'onetime' | 'recurring' | 'freemium' | null;
  taxRatePpm: number;
  freeTier: boolean;
  addonEnabled: boolean;
}

type SwitchedService = Pick<ServiceChange, 'name' | 'service' | 'namespace'> & {
  /** Only these are ever stopped (D28). */
  isStoppable: boolean;
  /** Models that need it; a service that none of these leaves aside is needed by all. */
  neededBy: readonly BusinessModel[];
};

const sellsOften: readonly BusinessModel[] = ['subscription', 'freemium', 'multi'];
const sellsOnce: readonly BusinessModel[] = ['retail', 'multi'];

/** The services that a change of the business model concerns (S62–S64, S66–S68), in the order in which they are told. */
export const switchedServices: readonly SwitchedService[] = [
  { name: 'OrderService', service: 'order-svc', namespace: 'order', isStoppable: true, neededBy: sellsOnce },
  { name: 'InventoryService', service: 'inventory-svc', namespace: 'order', isStoppable: true, neededBy: sellsOnce },
  {
    name: 'SubscriptionService',
    service: 'subscription-svc',
    namespace: 'order',
    isStoppable: true,
    neededBy: sellsOften,
  },
  {
    name: 'PromotionService',
    service: 'promotion-svc',
    namespace: 'product',
    isStoppable: false,
    neededBy: sellsOften,
  },
  {
    name: 'BillingService',
    service: 'billing-svc',
    namespace: 'finance',
    isStoppable: false,
    neededBy: ['retail', 'subscription', 'freemium', 'multi'],
  },
];

/** How a company of a model bills what does not name its model (S380); null: as is it set. */
export const billingModeOf: Readonly<Record<BusinessModel, CompanyNeeds['billingMode']>> = {
  retail: 'onetime',
  subscription: 'recurring',
  freemium: 'freemium',
  multi: null,
};

/** @returns the services that a company of this model needs, by their technical names */
export function servicesOf(model: BusinessModel): string[] {
  return switchedServices.filter(({ neededBy }) => neededBy.includes(model)).map(({ service }) => service);
}

/**
 * The environment of a service, of all companies together (S380–S384): what they disagree on is left out, because then each
 * company's own settings say it, and a flag is on when one of them has it on.
 */
export function environmentOf(service: string, companies: readonly CompanyNeeds[]): Record<string, string> {
  const subscribing = companies.filter(({ businessModel }) => sellsOften.includes(businessModel));

  if (service === 'billing-svc') {
    const mode = agreed(companies.map(({ billingMode }) => billingMode));
    const rate = agreed(companies.map(({ taxRatePpm }) => taxRatePpm));

    return {
      ...(mode === null ? {} : { BILLING_MODE: mode }),
      SUBSCRIPTION_ENABLED: String(subscribing.length > 0),
      ...(rate === null ? {} : { TAX_RATE: fractionOf(rate) }),
    };
  }

  return service === 'subscription-svc' && subscribing.length > 0
    ? {
        ADDON_ENABLED: String(subscribing.some(({ addonEnabled }) => addonEnabled)),
        FREE_TIER: String(subscribing.some(({ freeTier }) => freeTier)),
      }
    : {};
}

/** @param ratePpm parts per million @returns a fraction as a decimal text: 100,000 → `0.1` */
export function fractionOf(ratePpm: number): string {
  return formatExactDecimal(ratio(ratePpm, PPM));
}

/** What all say; null when they differ, or say nothing. */
function agreed<Value>(values: readonly (Value | null)[]): Value | null {
  const [first = null, ...others] = values;

  return others.every((value) => value === first) ? first : null;
}
