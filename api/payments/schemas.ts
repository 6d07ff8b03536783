import { z } from 'zod';

import { receivedMethodNames } from '../../domain/companies/payment-method-types';
import { rowId } from '../../domain/field-schema';
import { idParameter, instant, line } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const amount = z.int();
const time = instant.nullable();

export const paymentStatuses = [
  'initiated',
  'success',
  'failed',
  'superseded',
  'cancelled',
  'refund_due',
  'refunded',
  'partially_refunded',
] as const;

export const ListPaymentsQuery = z.strictObject({
  ...pageParameters,
  customerId: idParameter.optional(),
  orderId: idParameter.optional(),
  invoiceId: idParameter.optional(),
  status: z
    .enum([...paymentStatuses, 'pending'])
    .optional()
    .describe('`pending` is another word for `initiated`.'),
  method: z.enum(receivedMethodNames).optional(),
});

export const TestFailRequest = z.strictObject({ reason: line(200).default('test_failure') });
export const NoBody = z.strictObject({});

export const PaymentSchema = z
  .strictObject({
    id: rowId,
    invoiceId: rowId,
    orderId: rowId.nullable(),
    subscriptionId: rowId.nullable(),
    customerId: rowId,
    method: z.enum(receivedMethodNames),
    status: z.enum(paymentStatuses),
    attempt: z.int(),
    amount,
    currency: z.string(),
    reference: z.string().describe('What the provider knows the payment by.'),
    paymentUrl: z.string().nullable(),
    expiresAt: time,
    transactionId: z.string().nullable(),
    paidAmount: amount,
    refundedAmount: amount,
    paidAt: time,
    failureReason: z.string().nullable(),
    refunds: z.array(
      z.strictObject({
        id: rowId,
        amount,
        status: z.enum(['pending', 'succeeded', 'failed']),
        reason: z.string().nullable(),
        transactionId: z.string().nullable(),
        failureReason: z.string().nullable(),
        createdAt: instant,
        completedAt: time,
      }),
    ),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Payment' });
