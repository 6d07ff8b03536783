import { z } from 'zod';

import { taxStatuses } from '../../domain/customers/buyer-tax-data';
import { localeTag, timeZoneName } from '../../domain/companies/setting-types';
import { emailAddress, newPassword } from '../auth/schemas';
import { currency, daysUntilDue, instant, line, paragraph, searchParameter } from '../http/pipeline/fields';
import { pageParameters } from '../http/pipeline/page';

const phone = z
  .string()
  .regex(/^\+?[0-9][0-9 ().-]{3,29}$/, 'is not a telephone number')
  .meta({ example: '+84 24 3825 1234' });

export const segment = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'takes small letters, digits, _ and -, at most 50')
  .describe('A group of customers that the company names itself; `standard` at first.');

const taxCode = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/, 'takes letters, digits and -, at most 20')
  .toUpperCase()
  .describe(
    'As a taxpayer. Without a country, or in VN: ten digits, or ten, - and three for a branch, with a true check digit.',
  )
  .meta({ example: '0100109106' });

/** Of a customer as a buyer: the statuses are the company's to say, the rest is the customer's own. */
const taxData = {
  taxStatus: z
    .enum(taxStatuses)
    .optional()
    .describe('Employees only. exempt and reverse_charge: no tax is charged on what is placed or issued from then on.'),
  taxExemptReason: line(500).nullable().optional().describe('Employees only. Why an exempt customer is.'),
  taxCode: taxCode.nullable().optional(),
  legalName: line(300).nullable().optional().describe('Printed on invoices beside the name.'),
  billingAddress: paragraph(500).min(1).nullable().optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'takes two capitals of ISO 3166-1')
    .nullable()
    .optional()
    .describe('Of the tax code. null: taken as VN.')
    .meta({ example: 'VN' }),
};

export const CreateCustomerRequest = z.strictObject({
  name: line(200),
  email: emailAddress,
  phone: phone.nullable().optional(),
  segment: segment.optional(),
  daysUntilDue: daysUntilDue
    .nullable()
    .optional()
    .describe('Payment terms of invoices that are sent; the setting invoiceDueDays when absent.'),
  ...taxData,
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
  ...taxData,
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
    taxStatus: z.enum(taxStatuses),
    taxExemptReason: z.string().nullable(),
    taxCode: z.string().nullable(),
    legalName: z.string().nullable(),
    billingAddress: z.string().nullable(),
    country: z.string().nullable(),
    lifecycleStage: z.string(),
    totalSpent: z
      .int()
      .describe("Minor units of the billing account's currency. At most 9,007,199,254,740,991 is shown."),
    orderCount: z.int(),
    testClockId: z.int().nullable(),
    billingAccount: z
      .strictObject({ id: z.int(), currency: z.string(), timeZone: z.string(), locale: z.string() })
      .nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Customer' });
