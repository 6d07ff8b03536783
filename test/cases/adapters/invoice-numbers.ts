import { z } from 'zod';
import {
  numberingOf,
  type NumberingScheme,
  writeNumber,
} from '../../../domain/billing/invoices/invoice-numbering-rules';
import { adapter } from '../case-adapter';
import { isRecord, matches } from '../compare';
import { readMonth } from '../read-words';
import { count, text } from './field-schemas';

const PREFIX = 'INV-';

/** A desk that issues numbers from counters, as the table of counters does. */
function openDesk(issuedByEntity: number) {
  const counters = new Map([['company', issuedByEntity]]);

  return (scheme: NumberingScheme, customer: number, month: string): string => {
    const numbering = numberingOf({ scheme, prefix: PREFIX, customer, issuedOn: readMonth(month), isTest: false });
    for (const series of numbering.counts) {
      counters.set(series, (counters.get(series) ?? 0) + 1);
    }

    return writeNumber(numbering, counters.get(numbering.series) ?? 0);
  };
}

const perCustomer = adapter(
  z.object({ setting: z.literal('per_customer') }),
  () => {
    const issue = openDesk(0);

    return { numbers: [1, 1, 2].map((customer) => issue('customer', customer, '2023-01')) };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    matches((actual.numbers as string[]).map(withoutPrefix), (expected.numbers as string[]).map(withoutPrefix)),
);

const perEntity = adapter(
  z.object({
    setting: z.literal('per_billing_entity'),
    invoices_before: count,
    months: z.array(text),
    per_month: count,
    other_invoices: z.record(text, count).default({}),
    switched_to_per_customer_in: text.optional(),
  }),
  (inputs) => {
    const issue = openDesk(inputs.invoices_before);
    const switched = inputs.switched_to_per_customer_in;
    const months = [
      ...new Set([...inputs.months, ...Object.keys(inputs.other_invoices), ...(switched ? [switched] : [])]),
    ];
    const numbers = months.sort().map((month) => {
      const scheme = month === switched ? 'customer' : 'month';
      const monthly = inputs.months.includes(month) || month === switched ? inputs.per_month : 0;
      const customers = [
        ...Array.from({ length: monthly }, () => 1),
        ...Array.from({ length: inputs.other_invoices[month] ?? 0 }, () => 2),
      ];
      return [month, customers.map((customer) => issue(scheme, customer, month))];
    });

    return { numbers: Object.fromEntries(numbers) as Record<string, string[]> };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    Object.entries(expected.numbers as Record<string, string[]>).every(([month, numbers]) => {
      const issued = (actual.numbers as Record<string, string[]>)[month] ?? [];
      return matches(issued.map(withoutPrefix).sort(), numbers.map(withoutPrefix).sort());
    }),
);

/** What follows the prefix, or the dots that stand for one. */
function withoutPrefix(number: string): string {
  return number.replace(/^(?:[A-Z]+|…)-/, '');
}

export const invoiceNumberAdapters = {
  'invoice_numbers.per_customer': perCustomer,
  'invoice_numbers.per_entity': perEntity,
};
