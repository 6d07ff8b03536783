import { z } from 'zod';

import { paymentMethodNames } from '../../domain/companies/payment-method-types';
import { rowId } from '../../domain/field-schema';
import { createdParameters } from '../http/pipeline/created-within';
import {
  agreedTaxBehavior,
  currency,
  idParameter,
  instant,
  line,
  numberParameter,
  paragraph,
  taxLines,
} from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';
import { codeMembers, namesCodesOnce } from '../promotions/code-members';

/** Under which the documents show what is here. */
export const tag = 'Orders';

const amount = z.int();
const orderStatus = z.enum(['pending', 'confirmed', 'shipped', 'delivered', 'cancelled']);
const paymentStatus = z.enum([
  'pending',
  'paid',
  'failed',
  'refund_due',
  'partially_refunded',
  'refunded',
  'cancelled',
]);
const paymentMethod = z.enum(paymentMethodNames);
const paymentToken = line(255).describe(
  'What the provider gave for a card; the simulated card takes tok_ok, tok_declined and others.',
);
const address = paragraph(500).min(1);

export const CreateOrderRequest = namesCodesOnce(
  z.strictObject({
    customerId: rowId.optional().describe('Employees name the customer; customers buy for themselves.'),
    items: z
      .array(
        z.strictObject({
          productId: rowId,
          quantity: z.int().min(1).max(100_000),
          price: z
            .int()
            .min(0)
            .optional()
            .describe('What the customer was shown, minor units; refused when it is not the price.'),
        }),
      )
      .min(1)
      .max(100),
    shippingAddress: address.meta({ example: '12 Tràng Tiền, Hoàn Kiếm, Hà Nội' }),
    billingAddress: address.nullable().optional(),
    paymentMethod: paymentMethod.default('vnpay'),
    paymentToken: paymentToken.nullable().optional(),
    currency: currency
      .optional()
      .describe(
        'That of the customer’s billing account, which is understood where it is not given; every line is priced in it.',
      ),
    ...codeMembers,
  }),
);

export const ListOrdersQuery = z.strictObject({
  ...pageParameters,
  ...createdParameters,
  number: numberParameter.optional().meta({ example: 'ORD-001042' }),
  customerId: idParameter.optional(),
  status: orderStatus.optional(),
  paymentStatus: paymentStatus.optional(),
});
export const ListCustomerOrdersQuery = z.strictObject({
  ...pageParameters,
  ...createdParameters,
  status: orderStatus.optional(),
});
export const CustomerParams = z.strictObject({ customerId: idParameter });

const time = instant.nullable();

export const OrderSchema = z
  .strictObject({
    id: rowId,
    orderNumber: z.string().meta({ example: 'ORD-001042' }),
    customerId: rowId,
    businessModel: z.string(),
    status: orderStatus,
    paymentStatus,
    paymentMethod,
    subtotal: amount.describe('Before tax, also of prices that hold it.'),
    tax: amount,
    discount: amount,
    totalAmount: amount.describe('subtotal + tax − discount, minor units of `currency`.'),
    currency: z.string(),
    invoiceId: rowId.nullable(),
    paymentId: rowId.nullable().describe('The latest payment.'),
    paymentUrl: z
      .string()
      .nullable()
      .describe('Where to send the customer to pay; null when there is nothing to visit.'),
    shippingAddress: z.string(),
    billingAddress: z.string().nullable(),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    cancelReason: z.string().nullable(),
    promotionCodes: z.array(z.string()).describe('In the order in which they were taken off.'),
    taxes: taxLines,
    items: z.array(
      z.strictObject({
        lineNo: z.int(),
        productId: rowId,
        sku: z.string(),
        name: z.string(),
        quantity: z.int(),
        price: amount.describe('Of one: with its tax, where it holds it.'),
        taxBehavior: agreedTaxBehavior,
        subtotal: amount,
        discount: amount,
        tax: amount,
        listPrice: amount.describe('Of one, by the catalogue: `price` without the pricing rule.'),
        pricingRule: z
          .strictObject({ id: rowId, name: z.string() })
          .nullable()
          .describe('The rule that made the price.'),
        bundleItems: z
          .array(z.strictObject({ productId: rowId, sku: z.string(), name: z.string(), quantity: z.int() }))
          .nullable()
          .describe('The parts of a bundle as it was sold, with the units in one bundle; null for everything else.'),
      }),
    ),
    invoice: z
      .strictObject({
        id: rowId,
        invoiceNumber: z.string().nullable(),
        status: z.string(),
        totalAmount: amount,
        dueAmount: amount,
        paidAmount: amount,
      })
      .nullable(),
    payments: z.array(
      z.strictObject({
        id: rowId,
        attempt: z.int(),
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
      }),
    ),
    paymentDueAt: time.describe('When an unpaid order is cancelled.'),
    createdAt: instant,
    confirmedAt: time,
    shippedAt: time,
    deliveredAt: time,
    cancelledAt: time,
    updatedAt: instant,
  })
  .meta({ id: 'Order' });

/** Accepted, but not yet answered by the workflow: ask at `Location` (D2). */
export const OrderAcceptedSchema = z
  .strictObject({ id: rowId, status: z.literal('accepted'), location: z.string() })
  .meta({ id: 'OrderAccepted' });
