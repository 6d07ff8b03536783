import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { resolveSettings } from '../../companies/setting-catalogue';

const Row = z.object({
  status: z.string(),
  number: z.string().nullable(),
  due_amount: dbInteger,
  currency: z.string(),
  due_date: dbInstant.nullable(),
  order_id: dbInteger.nullable(),
  order_number: z.string().nullable(),
  order_status: z.string().nullable(),
  pay_by: dbInstant.nullable(),
  subscription_id: dbInteger.nullable(),
  lines: z.array(z.object({ description: z.string(), quantity: z.number() })).nullable(),
  has_charge: z.boolean(),
  has_money: z.boolean(),
  locale: z.string(),
  time_zone: z.string(),
  is_test: z.boolean(),
  company_name: z.string(),
  settings: z.unknown(),
});

/** Whether an invoice can be paid by its customer now, and if not, why. */
export type PayState =
  | 'payable'
  | 'paid'
  | 'void'
  /** Money has come and is being taken in, or a saved method is being charged. */
  | 'under_way'
  /** The order no longer waits for its payment. */
  | 'too_late'
  /** Of a confirmed order: paid when the goods are handed over. */
  | 'cash';

/**
 * An invoice as whoever pays it needs to see it; nothing personal, since a link to pay may be passed on.
 * @param now machine time: orders wait by it, also those of customers on a test clock
 * @returns null when there is none that can ever be paid as it stands
 */
export async function readPayableInvoice(tx: TenantSql, { invoiceId, now }: { invoiceId: number; now: Date }) {
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT i.status, i.invoice_number AS number, i.due_amount, i.currency, i.due_date, i.order_id, i.order_number, o.status AS order_status,
        o.payment_due_at AS pay_by, i.subscription_id, a.locale, a.time_zone, c.test_clock_id IS NOT NULL AS is_test, k.name AS company_name,
        g.values AS settings,
        (SELECT jsonb_agg(jsonb_build_object('description', l.description, 'quantity', l.quantity) ORDER BY l.line_no) FROM finance.invoice_lines l
          WHERE l.company_id = i.company_id AND l.invoice_id = i.id) AS lines,
        EXISTS (SELECT FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id AND p.status = 'initiated'
                   AND p.payment_method_id IS NOT NULL) AS has_charge,
        EXISTS (SELECT FROM finance.payments p WHERE p.company_id = i.company_id AND p.invoice_id = i.id AND p.status = 'success'
                   AND p.settled_at IS NULL) AS has_money
        FROM finance.invoices i
        JOIN finance.billing_accounts a ON a.company_id = i.company_id AND a.id = i.billing_account_id
        JOIN customer.customers c ON c.company_id = i.company_id AND c.id = i.customer_id
        JOIN platform.companies k ON k.id = i.company_id
        LEFT JOIN platform.company_settings g ON g.company_id = i.company_id
        LEFT JOIN ordering.orders o ON o.company_id = i.company_id AND o.id = i.order_id
       WHERE i.company_id = ${tx.companyId}::bigint AND i.id = ${invoiceId}::bigint`,
  );

  // A draft of a subscription is not asked for before it has a number.
  if (row === undefined || (row.status === 'draft' && row.subscription_id !== null)) {
    return null;
  }
  const settings = resolveSettings(row.settings);

  return {
    state: stateOf(row, now),
    number: row.number,
    /** minor units */
    dueAmount: row.due_amount,
    currency: row.currency,
    /** An order waits until `payBy`; an invoice of a subscription is due at `dueDate`. */
    payBy: row.order_id === null ? null : row.pay_by,
    dueDate: row.order_id === null ? row.due_date : null,
    orderId: row.order_id,
    orderNumber: row.order_number,
    subscriptionId: row.subscription_id,
    lines: row.lines ?? [],
    locale: row.locale,
    timeZone: row.time_zone,
    isTest: row.is_test,
    sellerName: settings.sellerName ?? row.company_name,
    settings,
  };
}

export type PayableInvoice = NonNullable<Awaited<ReturnType<typeof readPayableInvoice>>>;

function stateOf(row: z.output<typeof Row>, now: Date): PayState {
  switch (row.status) {
    case 'paid':
      return 'paid';
    case 'void':
      return 'void';
  }

  if (row.has_charge || row.has_money) {
    return 'under_way';
  }

  if (row.order_id !== null && row.order_status !== 'pending') {
    return row.order_status === 'cancelled' ? 'void' : 'cash';
  }

  return row.order_id !== null && row.pay_by !== null && row.pay_by <= now ? 'too_late' : 'payable';
}

/**
 * Where the newest payment that waits for the customer is made.
 * @returns null when none waits, or it has no address
 */
export async function readPayAddress(tx: TenantSql, invoiceId: number): Promise<string | null> {
  const [row] = await tx.query(
    z.object({ payment_url: z.string() }),
    Prisma.sql`SELECT payment_url FROM finance.payments WHERE company_id = ${tx.companyId}::bigint AND invoice_id = ${invoiceId}::bigint
                  AND status = 'initiated' AND payment_url IS NOT NULL ORDER BY id DESC LIMIT 1`,
  );

  return row?.payment_url ?? null;
}
