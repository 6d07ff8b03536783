import type { Settings } from '../../companies/setting-catalogue';
import type { SubscriptionPolicy } from './subscription-types';

/** The company's settings as the rules of subscriptions read them. */
export function subscriptionPolicy(settings: Settings): SubscriptionPolicy {
  const buysDays = settings.planChangeBilling === 'grant_days';
  // Where nothing is prorated, nothing is unused that could buy days.
  const isMeasured = settings.prorationConvention !== 'none';

  return {
    billingTime: settings.billingTime,
    invoiceDueDays: settings.invoiceDueDays,
    firstInvoiceExpiryHours: settings.firstInvoiceExpiryHours,
    retries: settings.dunning,
    dunningEndAction: settings.dunningEndAction,
    cancelCredit: settings.cancelCredit,
    pauseCredit: settings.pauseCredit,
    addonAlignTo: settings.addonAlignTo,
    usageThresholds: settings.usageThresholds,
    change: {
      upgrade: settings.planChangeUpgrade,
      downgrade: settings.planChangeDowngrade,
      billing: buysDays && !isMeasured ? 'none' : settings.planChangeBilling,
      otherCycle: settings.planChangeOtherCycle,
      dayOfChange: settings.planChangeDayOfChange,
      proration: { convention: settings.prorationConvention, fixedDaysOfMonth: settings.fixedDaysOfMonth },
    },
  };
}
