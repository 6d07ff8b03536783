import { type LocalDate, parseLocalDate } from '../../calendar/calendar-rules';

/**
 * How invoices are numbered (setting `invoiceNumbering`). Numbers are given at finalisation only, without gaps, from
 * counters that are locked in the same transaction (D8); a draft has none.
 *
 * - `company`: one counter, as INV-000042.
 * - `month`: the same counter with the month before it, which does not begin again with the month: INV-202310-012.
 * - `customer`: the customer's number and a counter of that customer's own: INV-001-002.
 */
export const NUMBERING_SCHEMES = ['company', 'month', 'customer'] as const;
export type NumberingScheme = (typeof NUMBERING_SCHEMES)[number];

export interface Numbering {
  /** The counter that the number is taken from. */
  readonly series: string;
  /** All counters that move on, `series` among them, in the order in which they are locked. */
  readonly counts: readonly string[];
  /** What stands before the counter's value. */
  readonly prefix: string;
  /** Least digits of that value; larger ones keep all of theirs. */
  readonly digits: number;
}

export interface NumberingInput {
  readonly scheme: NumberingScheme;
  /** With the dash that follows it, as `INV-`. */
  readonly prefix: string;
  readonly customer: number;
  /** Local date of issue in the company's zone. */
  readonly issuedOn: LocalDate;
  /** For a customer on a test clock: a series of its own (D26). */
  readonly isTest: boolean;
}

/** The company's counter counts every invoice, however it is numbered, so that a change of scheme leaves no gap. */
export function numberingOf({ scheme, prefix, customer, issuedOn, isTest }: NumberingInput): Numbering {
  const company = isTest ? 'test/company' : 'company';
  const start = isTest ? `TEST-${prefix}` : prefix;

  switch (scheme) {
    case 'company':
      return { series: company, counts: [company], prefix: start, digits: 6 };
    case 'month':
      return { series: company, counts: [company], prefix: `${start}${yearAndMonth(issuedOn)}-`, digits: 3 };
    case 'customer': {
      const own = `${isTest ? 'test/' : ''}customer/${customer}`;

      return { series: own, counts: [company, own], prefix: `${start}${padded(customer, 3)}-`, digits: 3 };
    }
  }
}

/** The number of the document that moved the counter to this value. */
export function writeNumber({ prefix, digits }: Pick<Numbering, 'prefix' | 'digits'>, counted: number): string {
  return `${prefix}${padded(counted, digits)}`;
}

function yearAndMonth(date: LocalDate): string {
  const { year, month } = parseLocalDate(date);

  return `${padded(year, 4)}${padded(month, 2)}`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
