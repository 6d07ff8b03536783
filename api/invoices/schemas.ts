import { z } from 'zod';

import { taxStatuses } from '../../domain/customers/buyer-tax-data';
import { invoicePurposes } from '../../domain/billing/invoices/invoice-types';
import { rowId } from '../../domain/field-schema';
import { createdParameters } from '../http/pipeline/created-within';
import { agreedTaxBehavior, idParameter, instant, numberParameter, taxLines } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';
import { LineUsageSchema } from './line-usage-schema';

const amount = z.int();
const time = instant.nullable();
const invoiceStatus = z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']);
const invoiceType = z.enum(['onetime', 'recurring']);

export const ListInvoicesQuery = z.strictObject({
  ...pageParameters,
  ...createdParameters,
  number: numberParameter.optional().meta({ example: 'INV-000042' }),
  customerId: idParameter.optional(),
  orderId: idParameter.optional(),
  subscriptionId: idParameter.optional(),
  status: invoiceStatus.optional(),
  invoiceType: invoiceType.optional(),
});
export const ListSubscriptionInvoicesQuery = z.strictObject({
  ...pageParameters,
  ...createdParameters,
  status: invoiceStatus.optional(),
});
export const SubscriptionParams = z.strictObject({ subscriptionId: idParameter });

export const InvoiceSchema = z
  .strictObject({
    id: rowId,
    invoiceNumber: z
      .string()
      .nullable()
      .describe('Given when the invoice becomes final; drafts have none.')
      .meta({ example: 'INV-000042' }),
    invoiceType,
    status: invoiceStatus,
    customerId: rowId,
    orderId: rowId.nullable(),
    orderNumber: z.string().nullable(),
    subscriptionId: rowId.nullable(),
    subtotal: amount.describe('Before tax, also of prices that hold it.'),
    tax: amount,
    discount: amount.describe('Before tax where it lowers the tax, else as it is taken off.'),
    totalAmount: amount.describe('subtotal + tax − discount.'),
    dueAmount: amount,
    paidAmount: amount.describe('Money received for it, less what was refunded.'),
    balanceApplied: amount.describe('Account credit used on it.'),
    creditedAmount: amount.describe('Taken off what was due by credit notes, and what was refunded.'),
    purpose: z.enum(invoicePurposes),
    currency: z.string(),
    dueDate: time,
    periodStart: time,
    periodEnd: time,
    periodThrough: time.describe('The last second of the period, for documents that print it.'),
    notes: z.string().nullable(),
    buyer: z
      .strictObject({
        customerId: rowId,
        name: z.string(),
        email: z.string(),
        legalName: z.string().nullable(),
        taxCode: z.string().nullable(),
        billingAddress: z.string().nullable(),
        country: z.string().nullable(),
        taxStatus: z.enum(taxStatuses),
        taxExemptReason: z.string().nullable(),
      })
      .nullable()
      .describe('As it was when the invoice was issued, and stays; null for a draft.'),
    taxNote: z
      .literal('reverse_charge')
      .nullable()
      .describe('What the document has to say of its tax: reverse_charge, the buyer accounts for it.'),
    metadata: z.looseObject({}).describe('billingMode, businessModel, addonCharges, nextBillingDate.'),
    taxes: taxLines,
    lines: z.array(
      z.strictObject({
        lineNo: z.int(),
        description: z.string(),
        productId: rowId.nullable(),
        planId: rowId.nullable(),
        item: z.string().nullable().describe('What of a subscription it bills.'),
        quantity: z.int(),
        unitAmount: amount.describe('The price of one and a whole period: with its tax, where it holds it.'),
        taxBehavior: agreedTaxBehavior,
        subtotal: amount,
        discount: amount,
        taxRatePpm: z.int(),
        tax: amount,
        taxes: taxLines,
        promotionDiscounts: z
          .array(z.strictObject({ promotionId: rowId, code: z.string(), amount }))
          .describe('Of its discount, what each promotion took off.'),
        periodStart: time,
        periodEnd: time,
        usage: LineUsageSchema.nullable(),
      }),
    ),
    finalisedAt: time,
    paidAt: time,
    voidedAt: time,
    overdueAt: time,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Invoice' });
