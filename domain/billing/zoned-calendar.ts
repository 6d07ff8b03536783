import { Temporal } from 'temporal-polyfill';
import { type BillingPeriod, type DateSpan } from './billing-period-rules';
import { type LocalDate } from './calendar-rules';
import { type ServiceSpan } from './proration-rules';

/**
 * Where local dates and instants meet. Hosts differ in their time zone data, so this runs in activities and in the API
 * and never in a workflow (D1); rules and workflows get the dates and instants that come out of here.
 *
 * Instants are ISO 8601 texts or epoch milliseconds; zones are IANA names or fixed offsets as '+03:00'.
 */

/** A stretch of time [startsAt, endsAt) in epoch milliseconds: an instant on a boundary belongs to the next one. */
export interface InstantSpan {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The local date at an instant. */
export function localDateAt(instant: string | number, timeZone: string): LocalDate {
  return toInstant(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The first instant of a local date, in epoch milliseconds; not always midnight, where clocks change at night. */
export function startOfDay(date: LocalDate, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The instant of a local date and the time of day of another instant: how an anchor keeps its hour (D19). */
export function atAnchorTime(date: LocalDate, anchorAt: string | number, timeZone: string): number {
  const plainTime = toInstant(anchorAt).toZonedDateTimeISO(timeZone).toPlainTime();

  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

/** Local dates with the instants at which their days begin, for proration by second. */
export function withInstants(span: DateSpan, timeZone: string): ServiceSpan & InstantSpan {
  return { ...span, ...toInstantSpan(span, timeZone) };
}

/** Local dates as the instants between which they lie. */
export function toInstantSpan(span: DateSpan, timeZone: string): InstantSpan {
  return { startsAt: startOfDay(span.start, timeZone), endsAt: startOfDay(span.end, timeZone) };
}

/** The last second that belongs to a span, as documents show it. */
export function lastSecondOf(span: InstantSpan): number {
  return span.endsAt - 1000;
}

export interface ZonedRow {
  /** When the first period began; its local date and time are kept for ever, clamped to short months. */
  readonly anchorAt: string | number;
  readonly timeZone: string;
  readonly period: BillingPeriod;
}

/** Period n of a row, 0 being the one that begins at the anchor; always counted from the anchor. */
export function zonedPeriod({ anchorAt, timeZone, period }: ZonedRow, n: number): InstantSpan {
  const anchor = toInstant(anchorAt).toZonedDateTimeISO(timeZone);
  const moved = (periods: number) => {
    const count = period.count * periods;

    return anchor.add(period.unit === 'month' ? { months: count } : { days: count }).epochMilliseconds;
  };

  return { startsAt: moved(n), endsAt: moved(n + 1) };
}

/** The period of a row that an instant lies in; an instant on a boundary lies in the period that begins there. */
export function zonedPeriodAt(row: ZonedRow, at: string | number): InstantSpan & { readonly index: number } {
  const anchor = toInstant(row.anchorAt).toZonedDateTimeISO(row.timeZone);
  const instant = toInstant(at);
  const elapsed = anchor.until(instant.toZonedDateTimeISO(row.timeZone), {
    largestUnit: row.period.unit === 'month' ? 'months' : 'days',
  });
  // Never more than a step away: clamped days and changes of the clock move a boundary by less than a period.
  let index = Math.floor((row.period.unit === 'month' ? elapsed.months : elapsed.days) / row.period.count);
  while (zonedPeriod(row, index).startsAt > instant.epochMilliseconds) {
    index -= 1;
  }
  while (zonedPeriod(row, index).endsAt <= instant.epochMilliseconds) {
    index += 1;
  }

  return { index, ...zonedPeriod(row, index) };
}

/** Writes an instant with the offset of a zone: 2025-10-26T00:00:00+07:00, the way the API shows it. */
export function formatInstant(instant: string | number, timeZone: string): string {
  return toInstant(instant).toZonedDateTimeISO(timeZone).toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

function toInstant(instant: string | number): Temporal.Instant {
  return typeof instant === 'number' ? Temporal.Instant.fromEpochMilliseconds(instant) : Temporal.Instant.from(instant);
}
