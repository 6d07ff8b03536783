import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { markTrialUsed } from '../../customers/customer-totals';
import type { CouponUse } from '../../promotions/coupon-types';
import { assertRedeemed, Redeemed, redeemedJson, redeemExpressions } from '../../promotions/redeem-coupons';
import type { Subscription } from '../lifecycle/subscription-types';
import { trialHad } from '../schedule/trial-calendar';
import { agreedColumns, changedColumns } from './subscription-row';

/** What a row knows of its subscription besides what rules do. */
interface Begun {
  billingAccountId: number;
  paymentMethod: string | null;
  paymentMethodId: number | null;
  testClockId: number | null;
  /** The member of the request that its trial comes from; null: it has none. */
  trialField: string | null;
  /** Codes that it begins with, which are used by this. */
  uses: readonly CouponUse[];
  now: Date;
}

/**
 * Writes a subscription right before its start; its customer's trial and the codes are used, in one statement.
 * @throws AppError promotion_used_up, promotion_already_used; trial_unavailable where another request had it at the same moment
 */
export async function insertSubscription(
  tx: TenantSql,
  subscription: Subscription,
  { billingAccountId, paymentMethod, paymentMethodId, testClockId, trialField, uses, now }: Begun,
): Promise<void> {
  const { id: subscriptionId, customerId, currency, startsAt } = subscription;
  const at = now.toISOString();
  const hasTrial = trialField !== null;
  const row = {
    ...agreedColumns(subscription),
    ...changedColumns(subscription),
    company_id: tx.companyId,
    billing_account_id: billingAccountId,
    is_trial_used: hasTrial,
    trial_start: hasTrial ? new Date(startsAt ?? now).toISOString() : null,
    payment_method: paymentMethod,
    payment_method_id: paymentMethodId,
    test_clock_id: testClockId,
    metadata: {},
    created_at: at,
    updated_at: at,
  };
  // Names of columns are the code's own.
  const names = Prisma.raw(Object.keys(row).join(', '));
  const on = { subscriptionId, customerId, currency, uses };
  const redeeming =
    uses.length === 0
      ? { expressions: Prisma.empty, answer: Prisma.sql`NULL` }
      : {
          expressions: Prisma.sql`, ${redeemExpressions(tx.companyId, on, now, Prisma.sql`SELECT id FROM begun`)}`,
          answer: redeemedJson,
        };
  const [written] = await tx.query(
    z.object({ redeemed: Redeemed.nullable(), tried: z.number() }),
    Prisma.sql`
      WITH tried AS (${markTrialUsed(tx.companyId, customerId, hasTrial, now)}),
      begun AS (
        INSERT INTO ordering.subscriptions (${names})
        SELECT ${names} FROM jsonb_populate_record(NULL::ordering.subscriptions, ${JSON.stringify(row)}::jsonb) RETURNING id
      )${redeeming.expressions}
      SELECT ${redeeming.answer} AS redeemed, (SELECT count(*)::int FROM tried) AS tried FROM begun`,
  );

  if (trialField !== null && written?.tried === 0) {
    throw trialHad(trialField);
  }
  assertRedeemed(uses, written?.redeemed ?? { byCode: [], byCustomer: [] });
}
