import { rateFromFraction } from '../money/money-rules';
import type { Settings } from './setting-catalogue';

/** What the environment may say about companies that are made from now on; names are those of the configuration. */
export interface SettingSeeds {
  BILLING_MODE?: Settings['billingMode'] | undefined;
  /** A fraction as a decimal text: 0.1 is 10 %. */
  TAX_RATE?: string | undefined;
  FREE_TIER?: boolean | undefined;
  ADDON_ENABLED?: boolean | undefined;
  SUBSCRIPTION_ENABLED?: boolean | undefined;
}

/** Settings that a new company stores because the environment says so (D15). Later changes of it change no company. */
export function initialSettings(seeds: SettingSeeds): Partial<Settings> {
  const { BILLING_MODE, TAX_RATE, FREE_TIER, ADDON_ENABLED, SUBSCRIPTION_ENABLED } = seeds;

  return {
    ...(BILLING_MODE === undefined ? {} : { billingMode: BILLING_MODE }),
    ...(TAX_RATE === undefined ? {} : { taxRatePpm: rateFromFraction(TAX_RATE) }),
    ...(FREE_TIER === undefined ? {} : { freeTier: FREE_TIER }),
    ...(ADDON_ENABLED === undefined ? {} : { addonEnabled: ADDON_ENABLED }),
    ...(SUBSCRIPTION_ENABLED === undefined ? {} : { subscriptionEnabled: SUBSCRIPTION_ENABLED }),
  };
}
