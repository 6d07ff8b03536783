import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { returnCredit } from '../billing/account/return-credit';
import { creditRefund } from '../billing/credit-notes/credit-refund';
import { reserveReturn } from '../billing/invoices/settle-invoice';
import { resolveSettings } from '../companies/setting-catalogue';
import { takeFromTotals } from '../customers/customer-totals';
import { tellEntitlements } from '../entitlements/tell-entitlements';
import { appendEvents } from '../events/append-events';
import { enqueueNotices } from '../notifications/enqueue-notices';
import { followRefund } from '../orders/follow-refund';
import { paymentOwner } from '../payments/payment-owner-rules';
import { failRefund, finishRefundExpressions } from '../payments/refund-statements';
import { lockRefundOwner } from './lock-refund-owner';

export interface CompleteRefund {
  refundId: number;
  outcome: { kind: 'succeeded'; transactionId: string | null } | { kind: 'failed'; reason: string };
  now: Date;
}

const Refunded = z.object({
  payment_id: dbInteger,
  invoice_id: dbInteger,
  billing_account_id: dbInteger,
  customer_id: dbInteger,
  order_id: dbInteger.nullable(),
  subscription_id: dbInteger.nullable(),
  invoice_amount: dbInteger,
  name: z.string(),
  email: z.string(),
  currency: z.string(),
  time_zone: z.string(),
  locale: z.string(),
  is_test: z.boolean(),
  clock_now: dbInstant.nullable(),
  settings: z.unknown(),
});
type Refunded = z.output<typeof Refunded>;
const Completed = z.object({ amount: dbInteger, paymentStatus: z.string() });
const Failed = z.object({ invoice_amount: dbInteger, balance_amount: dbInteger });

/**
 * Enters what became of a refund, in one transaction over payment, invoice, credit note, order and customer (D21, S364). A
 * failed one leaves the payment as it was, `refund_due` where money still has to go back, and its invoice and account have
 * again what it had reserved. A repeat changes nothing.
 */
export async function completeRefund(tx: TenantSql, input: CompleteRefund): Promise<void> {
  const { refundId, outcome, now } = input;
  const paymentOfRefund = Prisma.sql`SELECT r.payment_id FROM finance.refunds r WHERE r.company_id = ${tx.companyId}::bigint AND r.id = ${refundId}::bigint`;
  await lockRefundOwner(tx, paymentOfRefund);
  const [about] = await tx.query(
    Refunded,
    Prisma.sql`
      SELECT p.id AS payment_id, p.invoice_id, i.billing_account_id, p.customer_id, p.order_id, p.subscription_id, r.invoice_amount, c.name, c.email,
             a.currency, coalesce(s.time_zone, a.time_zone) AS time_zone, a.locale, c.test_clock_id IS NOT NULL AS is_test,
             (SELECT k.now FROM ordering.test_clocks k WHERE k.company_id = s.company_id AND k.id = s.test_clock_id) AS clock_now,
             (SELECT g.values FROM platform.company_settings g WHERE g.company_id = p.company_id) AS settings
        FROM finance.refunds r
        JOIN finance.payments p ON p.company_id = r.company_id AND p.id = r.payment_id
        JOIN finance.invoices i ON i.company_id = p.company_id AND i.id = p.invoice_id
        JOIN finance.billing_accounts a ON a.company_id = i.company_id AND a.id = i.billing_account_id
        JOIN customer.customers c ON c.company_id = p.company_id AND c.id = p.customer_id
        LEFT JOIN ordering.subscriptions s ON s.company_id = p.company_id AND s.id = p.subscription_id
       WHERE r.company_id = ${tx.companyId}::bigint AND r.id = ${refundId}::bigint AND r.status = 'pending' FOR UPDATE OF i, p, r`,
  );

  if (about === undefined) {
    return;
  }

  if (outcome.kind === 'failed') {
    return release(tx, about, { refundId, reason: outcome.reason, now });
  }
  const [completed] = await tx.query(
    Completed,
    Prisma.sql`
      WITH ${finishRefundExpressions(tx.companyId, { refundId, transactionId: outcome.transactionId, now })},
      order_row AS (${followRefund(tx.companyId, now)}),
      unspent AS (${takeFromTotals(tx.companyId, Prisma.sql`SELECT payment.customer_id, done.invoice_amount AS amount FROM payment, done WHERE done.invoice_amount > 0`, now)})
      SELECT done.amount, payment.status AS "paymentStatus" FROM done, payment`,
  );

  if (completed !== undefined) {
    await writeNote(tx, about, { refundId, now });
    await tell(tx, about, { ...completed, refundId, now });

    if (about.subscription_id !== null && completed.paymentStatus === 'refunded') {
      await tellEntitlements(tx, { customerId: about.customer_id, now });
    }
  }
}

async function tell(
  tx: TenantSql,
  about: Refunded,
  { refundId, amount, paymentStatus, now }: { refundId: number; amount: number; paymentStatus: string; now: Date },
): Promise<void> {
  const owner = ownerOf(about);

  if (owner !== null) {
    const of = about.order_id === null ? { subscriptionId: about.subscription_id } : { orderId: about.order_id };
    const payload = {
      paymentId: about.payment_id,
      ...of,
      refundId,
      amount,
      currency: about.currency,
      status: paymentStatus,
    };
    await appendEvents(tx, { subject: owner, events: [{ type: 'payment.refunded', payload }], now });
    await enqueueNotices(tx, {
      recipient: {
        customerId: about.customer_id,
        subject: owner,
        locale: about.locale,
        isTest: about.is_test,
      },
      notices: [
        {
          kind: 'refund_sent',
          data: { refundAmount: amount, currency: about.currency, isCharged: true },
          invoiceId: about.invoice_id,
          orderId: about.order_id,
        },
      ],
      now: about.clock_now ?? now,
    });
  }
}

const ownerOf = ({ order_id: orderId, subscription_id: subscriptionId }: Refunded) =>
  paymentOwner({ orderId, subscriptionId });

/** Money that never paid the invoice has none. It takes a number: nothing is locked after it (D8). */
async function writeNote(
  tx: TenantSql,
  about: Refunded,
  { refundId, now }: { refundId: number; now: Date },
): Promise<void> {
  if (about.invoice_amount === 0) {
    return;
  }
  await creditRefund(tx, {
    refundId,
    invoiceId: about.invoice_id,
    amount: about.invoice_amount,
    party: {
      billingAccountId: about.billing_account_id,
      customerId: about.customer_id,
      name: about.name,
      email: about.email,
      currency: about.currency,
      timeZone: about.time_zone,
      locale: about.locale,
      isTest: about.is_test,
    },
    settings: resolveSettings(about.settings),
    subject: ownerOf(about) ?? `payment/${about.payment_id}`,
    now: about.clock_now ?? now,
  });
}

async function release(
  tx: TenantSql,
  { invoice_id: invoiceId, billing_account_id: billingAccountId, payment_id: paymentId }: Refunded,
  input: { refundId: number; reason: string; now: Date },
): Promise<void> {
  const [failed] = await tx.query(Failed, failRefund(tx.companyId, input));

  if (failed === undefined) {
    return;
  }

  if (failed.invoice_amount > 0) {
    await tx.write(reserveReturn(tx.companyId, invoiceId, -failed.invoice_amount, input.now));
  }
  await returnCredit(tx, {
    party: { billingAccountId },
    kind: 'refund_failed',
    amount: failed.balance_amount,
    paymentId,
    now: input.now,
  });
}
