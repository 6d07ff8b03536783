import { z } from 'zod';

import { rowId } from '../../domain/field-schema';
import { currency, instant, line, plannedInstant } from '../http/pipeline/fields';

const positive = z.int().min(1);

export const BalanceEntrySchema = z
  .strictObject({
    id: rowId,
    kind: z.enum([
      'credit_note',
      'applied',
      'late_payment',
      'adjustment',
      'returned',
      'refunded',
      'refund_failed',
      'granted',
      'expired',
      'paid_out',
    ]),
    amount: z.int().describe('Positive: credit given. Negative: credit used.'),
    balanceAfter: z.int(),
    invoiceId: rowId.nullable(),
    creditNoteId: rowId.nullable(),
    paymentId: rowId.nullable(),
    creditGrantId: rowId.nullable().describe('Of credit that was given by hand, or has expired.'),
    reference: z.string().nullable().describe('Of the transfer that paid it out.'),
    notes: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'BalanceEntry' });

export const GrantCreditRequest = z.strictObject({
  amount: positive.describe('Minor units.'),
  currency: currency.nullable().default(null).describe("The billing account's; another one is refused."),
  reason: line(500).describe('Why it is given. The customer sees it.'),
  expiresAt: plannedInstant
    .nullable()
    .default(null)
    .describe('From then on what is left of it pays nothing any more; null: it does not expire.'),
});

export const PayOutCreditRequest = z.strictObject({
  amount: positive.describe('Minor units, at most the balance.'),
  currency: currency.nullable().default(null).describe("The billing account's; another one is refused."),
  reference: line(200).describe('Of the transfer by which it was paid, as the bank shows it.'),
  notes: line(500).nullable().default(null),
});

export const CreditGrantSchema = z
  .strictObject({
    id: rowId,
    customerId: rowId,
    amount: positive,
    remaining: z.int().min(0).describe('What is not used, and has not expired or been paid out.'),
    currency: z.string(),
    reason: z.string(),
    expiresAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'CreditGrant' });
