import { z } from 'zod';

import { rowId } from '../../domain/field-schema';
import { idParameter, instant, taxLines } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const amount = z.int();

export const ListCreditNotesQuery = z.strictObject({
  ...pageParameters,
  customerId: idParameter.optional(),
  invoiceId: idParameter.optional(),
});

export const CreditNoteSchema = z
  .strictObject({
    id: rowId,
    creditNoteNumber: z.string().meta({ example: 'CN-000042' }),
    customerId: rowId,
    invoiceId: rowId,
    reason: z.enum(['plan_change', 'pause', 'cancellation', 'reissue', 'void', 'adjustment', 'refund']),
    notes: z.string().nullable(),
    subtotal: amount.describe('Negative, as every amount of a credit note.'),
    tax: amount,
    discount: amount,
    totalAmount: amount,
    reducedDue: amount.describe('What was still to be paid of the invoice and is no longer.'),
    toBalance: amount.describe('Money received that became account credit.'),
    toPayment: amount.describe('Money received that goes back by the way it came.'),
    refundId: rowId.nullable().describe('The refund that it is of.'),
    currency: z.string(),
    taxes: taxLines,
    lines: z.array(
      z.strictObject({
        lineNo: z.int(),
        invoiceLineId: rowId,
        description: z.string(),
        subtotal: amount,
        discount: amount,
        tax: amount,
        taxes: taxLines,
        periodStart: instant.nullable(),
        periodEnd: instant.nullable(),
      }),
    ),
    createdAt: instant,
  })
  .meta({ id: 'CreditNote' });
