import type { Settings } from '../../companies/setting-catalogue';
import type { SubscriptionPolicy } from './subscription-types';

/** The company's settings as the rules of subscriptions read them. */
export function subscriptionPolicy(settings: Settings): SubscriptionPolicy {
  return {
    billingTime: settings.billingTime,
    invoiceDueDays: settings.invoiceDueDays,
    firstInvoiceExpiryHours: settings.firstInvoiceExpiryHours,
    retries: settings.dunning,
    dunningEndAction: settings.dunningEndAction,
    cancelCredit: settings.cancelCredit,
    pauseCredit: settings.pauseCredit,
    change: {
      upgrade: settings.planChangeUpgrade,
      downgrade: settings.planChangeDowngrade,
      billing: settings.planChangeBilling,
      otherCycle: settings.planChangeOtherCycle,
      dayOfChange: settings.planChangeDayOfChange,
      proration: { convention: settings.prorationConvention, fixedDaysOfMonth: settings.fixedDaysOfMonth },
    },
  };
}
