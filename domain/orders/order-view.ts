import { z } from 'zod';

import { formatInstant } from '../../platform/instant';
import { summariseTaxes } from '../billing/taxes/tax-summary-rules';
import { taxBehaviors } from '../money/tax-behavior-types';
import { TaxedLineJson } from '../billing/taxes/taxation-json';

const amount = z.number().int();
const id = z.number().int();
const time = z.string().nullable();

const ItemRow = z.object({
  lineNo: z.number().int(),
  productId: id,
  sku: z.string(),
  name: z.string(),
  quantity: z.number().int(),
  /** As it is shown: with its tax, where it holds it. */
  price: amount,
  taxBehavior: z.enum(taxBehaviors),
  /** Before tax. */
  subtotal: amount,
  discount: amount,
  tax: amount,
  /** Of one, before the rule that made the price; the price where none did. */
  listPrice: amount,
  pricingRule: z.object({ id, name: z.string() }).nullable(),
  /** What a bundle was made of; null for everything else. */
  bundleItems: z
    .array(z.object({ productId: id, sku: z.string(), name: z.string(), quantity: z.number().int() }))
    .nullable(),
});

const InvoiceRow = z.object({
  id,
  invoiceNumber: z.string().nullable(),
  status: z.string(),
  totalAmount: amount,
  dueAmount: amount,
  paidAmount: amount,
});

const PaymentRow = z.object({
  id,
  attempt: z.number().int(),
  method: z.string(),
  status: z.string(),
  amount,
  paidAmount: amount,
  refundedAmount: amount,
  paymentUrl: z.string().nullable(),
  expiresAt: time,
  paidAt: time,
  failureReason: z.string().nullable(),
  transactionId: z.string().nullable(),
});

/** An order as `orderColumns` of read-orders.ts reads it: JSON made by PostgreSQL in one statement. */
export const OrderRow = z.object({
  id,
  orderNumber: z.string(),
  customerId: id,
  businessModel: z.string(),
  status: z.string(),
  paymentStatus: z.string(),
  paymentMethod: z.string(),
  subtotal: amount,
  tax: amount,
  discount: amount,
  totalAmount: amount,
  currency: z.string(),
  shippingAddress: z.string(),
  billingAddress: z.string().nullable(),
  carrier: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  cancelReason: z.string().nullable(),
  promotionCodes: z.array(z.string()),
  paymentDueAt: time,
  createdAt: z.string(),
  confirmedAt: time,
  shippedAt: time,
  deliveredAt: time,
  cancelledAt: time,
  updatedAt: z.string(),
  timeZone: z.string(),
  items: z.array(ItemRow),
  /** Of the lines of its invoice. */
  taxes: z.array(TaxedLineJson).nullable(),
  invoice: InvoiceRow.nullable(),
  payments: z.array(PaymentRow),
});

export type OrderRow = z.output<typeof OrderRow>;
export type OrderView = ReturnType<typeof viewOrder>;

/** An order as the API shows it: amounts in minor units, times in the zone of the billing account. */
export function viewOrder({ timeZone, taxes, ...order }: OrderRow) {
  const at = (text: string) => formatInstant(new Date(text), timeZone);
  const maybe = (text: string | null) => (text === null ? null : at(text));
  const latest = order.payments.at(-1);

  return {
    ...order,
    taxes: summariseTaxes(taxes ?? []),
    invoiceId: order.invoice?.id ?? null,
    paymentId: latest?.id ?? null,
    /** Only while it can be used. */
    paymentUrl: latest?.status === 'initiated' ? latest.paymentUrl : null,
    payments: order.payments.map((payment) => ({
      ...payment,
      expiresAt: maybe(payment.expiresAt),
      paidAt: maybe(payment.paidAt),
    })),
    paymentDueAt: maybe(order.paymentDueAt),
    createdAt: at(order.createdAt),
    confirmedAt: maybe(order.confirmedAt),
    shippedAt: maybe(order.shippedAt),
    deliveredAt: maybe(order.deliveredAt),
    cancelledAt: maybe(order.cancelledAt),
    updatedAt: at(order.updatedAt),
  };
}
