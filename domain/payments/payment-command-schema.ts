import { z } from 'zod';

import { line, rowId } from '../field-schema';

/** What a person says who gives money back. */
export const RefundRequest = z.strictObject({
  amount: z.int().min(1).nullable().default(null).describe('Minor units; all that is left when absent.'),
  reason: line(200).default('refund'),
});

/** The same with the id that makes a repeat the same refund. */
export const refundCommand = RefundRequest.extend({ refundId: rowId });
export type RefundCommand = z.output<typeof refundCommand>;

/** A payment was moved in the database; its owner takes it in. */
export const paymentSettled = z.strictObject({ paymentId: rowId });
