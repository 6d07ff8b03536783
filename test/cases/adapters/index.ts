import { type CaseAdapter } from '../case-adapter';
import { billingAnchorAdapters } from './billing-anchors';
import { billingScheduleAdapters } from './billing-schedule';
import { changeModeAdapters } from './change-modes';
import { couponAdapters } from './coupons';
import { dayCountAdapters } from './day-counts';
import { dunningAdapters } from './dunning';
import { invoiceLineAdapters } from './invoice-lines';
import { invoiceNumberAdapters } from './invoice-numbers';
import { moneyAdapters } from './money';
import { periodBoundaryAdapters } from './period-boundaries';
import { periodFeeAdapters } from './period-fees';
import { planChangeAdapters } from './plan-changes';
import { priceModelAdapters } from './price-models';
import { revenueAdapters } from './revenue';
import { subscriptionPhaseAdapters } from './subscription-phases';
import { vnpayAdapters } from './vnpay';

/** The adapter of every group that the product supports. */
export const adapters: Readonly<Record<string, CaseAdapter>> = {
  ...billingAnchorAdapters,
  ...billingScheduleAdapters,
  ...changeModeAdapters,
  ...couponAdapters,
  ...dayCountAdapters,
  ...dunningAdapters,
  ...invoiceLineAdapters,
  ...invoiceNumberAdapters,
  ...moneyAdapters,
  ...periodBoundaryAdapters,
  ...periodFeeAdapters,
  ...planChangeAdapters,
  ...priceModelAdapters,
  ...revenueAdapters,
  ...subscriptionPhaseAdapters,
  ...vnpayAdapters,
};
