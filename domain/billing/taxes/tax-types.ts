import type { LocalDate } from '../../calendar/calendar-rules';
import type { TaxStatus } from '../../customers/buyer-tax-data';

/** A tax that a line bears. Its code is null where it is the company's own rate, of which only the size is known. */
export interface TaxOfLine {
  readonly code: string | null;
  readonly name: string | null;
  /** parts per million */
  readonly ratePpm: number;
}

/** The same with what it comes to: minor units, negative on credits. `base` is what it was taken on. */
export interface LineTax extends TaxOfLine {
  readonly base: number;
  readonly amount: number;
}

/** A tax of a category of what is sold, on the days that it holds: local dates of the company, both included. */
export interface TaxRate {
  readonly code: string;
  readonly name: string;
  /** parts per million */
  readonly ratePpm: number;
  readonly taxCategory: string;
  /** null: without a bound */
  readonly validFrom: LocalDate | null;
  readonly validUntil: LocalDate | null;
}

/** What the lines of one document are taxed by. */
export interface TaxPoint {
  readonly rates: readonly TaxRate[];
  /** Local date of the company on which the order is placed or the invoice issued. */
  readonly date: LocalDate;
  /** Setting taxRatePpm. */
  readonly companyRatePpm: number;
  /** Of the buyer. */
  readonly taxStatus: TaxStatus;
}

/** What a company taxes a buyer by. Empty where it has one rate for everything (setting taxRatePpm). */
export interface Taxation {
  readonly rates: readonly TaxRate[];
  /** Of the buyer. */
  readonly taxStatus: TaxStatus;
  /** Categories other than the standard one, by id. */
  readonly planCategories: Readonly<Record<string, string>>;
  readonly addonCategories: Readonly<Record<string, string>>;
}
