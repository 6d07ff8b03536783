import { z } from 'zod';

import { localeTag, timeZoneName } from '../../domain/companies/setting-types';
import { emailAddress, newPassword } from '../auth/schemas';
import { currency, daysUntilDue, instant, line, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const phone = z
  .string()
  .regex(/^\+?[0-9][0-9 ().-]{3,29}$/, 'is not a telephone number')
  .meta({ example: '+84 24 3825 1234' });

export const segment = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'takes small letters, digits, _ and -, at most 50')
  .describe('A group of customers that the company names itself; `standard` at first.');

export const CreateCustomerRequest = z.strictObject({
  name: line(200),
  email: emailAddress,
  phone: phone.nullable().optional(),
  segment: segment.optional(),
  daysUntilDue: daysUntilDue
    .nullable()
    .optional()
    .describe('Payment terms of invoices that are sent; the setting invoiceDueDays when absent.'),
  billingAccount: z
    .strictObject({ currency: currency.optional(), timeZone: timeZoneName.optional(), locale: localeTag.optional() })
    .optional()
    .describe("From the company's settings where not given; fixed from then on."),
  testClockId: z.int().min(1).optional().describe('Puts the customer on a test clock, for good.'),
});

export const UpdateCustomerRequest = z.strictObject({
  name: line(200).optional(),
  email: emailAddress
    .optional()
    .describe('Employees only. Where the customer can sign in, it is the new address for that.'),
  phone: phone.nullable().optional(),
  segment: segment.optional().describe('Employees only.'),
  daysUntilDue: daysUntilDue
    .nullable()
    .optional()
    .describe('Employees only. Payment terms of invoices from now on; null: the setting invoiceDueDays.'),
});

export const OpenAccountRequest = z.strictObject({ password: newPassword });

export const ListCustomersQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  email: emailAddress.optional(),
  segment: segment.optional(),
});

export const CustomerSchema = z
  .strictObject({
    id: z.int(),
    userId: z.int().nullable().describe('Null for a customer whom the company entered and who cannot sign in.'),
    name: z.string(),
    email: z.string(),
    phone: z.string().nullable(),
    segment: z.string(),
    daysUntilDue: z
      .int()
      .nullable()
      .describe("Payment terms of invoices that are sent; null: the company's invoiceDueDays."),
    lifecycleStage: z.string(),
    totalSpent: z.int().describe("Minor units of the billing account's currency."),
    orderCount: z.int(),
    testClockId: z.int().nullable(),
    billingAccount: z
      .strictObject({ id: z.int(), currency: z.string(), timeZone: z.string(), locale: z.string() })
      .nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Customer' });
