import { type CaseAdapter } from '../case-adapter';
import { billingAnchorAdapters } from './billing-anchors';
import { changeModeAdapters } from './change-modes';
import { couponAdapters } from './coupons';
import { dayCountAdapters } from './day-counts';
import { dunningAdapters } from './dunning';
import { firstFeeAdapters } from './first-fees';
import { invoiceLineAdapters } from './invoice-lines';
import { lineSequenceAdapters } from './line-sequences';
import { moneyAdapters } from './money';
import { ownPeriodAdapters } from './own-periods';
import { periodBoundaryAdapters } from './period-boundaries';
import { planChangeAdapters } from './plan-changes';
import { priceModelAdapters } from './price-models';
import { refundAdapters } from './refunds';
import { serviceScheduleAdapters } from './service-schedules';
import { vnpayAdapters } from './vnpay';

/** The adapter of every group that the product supports. */
export const adapters: Readonly<Record<string, CaseAdapter>> = {
  ...billingAnchorAdapters,
  ...changeModeAdapters,
  ...couponAdapters,
  ...dayCountAdapters,
  ...dunningAdapters,
  ...firstFeeAdapters,
  ...invoiceLineAdapters,
  ...lineSequenceAdapters,
  ...moneyAdapters,
  ...ownPeriodAdapters,
  ...periodBoundaryAdapters,
  ...planChangeAdapters,
  ...priceModelAdapters,
  ...refundAdapters,
  ...serviceScheduleAdapters,
  ...vnpayAdapters,
};
