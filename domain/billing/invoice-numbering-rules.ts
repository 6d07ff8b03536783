import { type LocalDate, parseLocalDate } from './calendar-rules';

/**
 * How invoices are numbered. Numbers are given at finalisation only, without gaps, from counters that are locked in the
 * same transaction (D8); a draft has none.
 *
 * - `per_company`: one counter, as INV-000042.
 * - `per_entity`: one counter with the month before it, which does not begin again with the month: INV-202310-012.
 * - `per_customer`: the customer's sequence and that customer's own counter: INV-001-002.
 */
export type NumberingScheme = 'per_company' | 'per_entity' | 'per_customer';

/** How many invoices have been issued so far. */
export interface InvoiceCounters {
  /** by the entity that issues, however they were numbered */
  readonly issuedByEntity: number;
  /** to this customer */
  readonly issuedToCustomer: number;
}

export interface NumberingInput {
  readonly scheme: NumberingScheme;
  /** Without the dash that follows it, as INV or TEST. */
  readonly prefix: string;
  /** Which customer of the company this is, 1 for the first. */
  readonly customerSequence: number;
  /** Local date of issue in the company's zone. */
  readonly issuedOn: LocalDate;
}

export interface IssuedNumber {
  readonly number: string;
  readonly counters: InvoiceCounters;
}

/** The next number, and the counters after it. Both counters move, so that a change of scheme leaves no gap behind. */
export function issueInvoiceNumber(counters: InvoiceCounters, input: NumberingInput): IssuedNumber {
  const next: InvoiceCounters = {
    issuedByEntity: counters.issuedByEntity + 1,
    issuedToCustomer: counters.issuedToCustomer + 1,
  };

  return { number: formatInvoiceNumber(next, input), counters: next };
}

/** Writes a number from counters that already include the invoice. */
export function formatInvoiceNumber(counters: InvoiceCounters, input: NumberingInput): string {
  switch (input.scheme) {
    case 'per_company':
      return [input.prefix, padded(counters.issuedByEntity, 6)].join('-');
    case 'per_entity':
      return [input.prefix, yearAndMonth(input.issuedOn), padded(counters.issuedByEntity, 3)].join('-');
    case 'per_customer':
      return [input.prefix, padded(input.customerSequence, 3), padded(counters.issuedToCustomer, 3)].join('-');
  }
}

function yearAndMonth(date: LocalDate): string {
  const { year, month } = parseLocalDate(date);

  return `${padded(year, 4)}${padded(month, 2)}`;
}

/** At least so many digits; larger numbers keep all of theirs. */
function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
