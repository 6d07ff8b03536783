import { Temporal } from 'temporal-polyfill';
import { anchorDayOf, billingDate, billingDateIndex, type BillingPeriod } from './billing-period-rules';
import { addDays, type LocalDate } from './calendar-rules';

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

/** The first instant of the local date after that of an instant. */
export function startOfNextDay(instant: number, timeZone: string): number {
  return startOfDay(addDays(localDateAt(instant, timeZone), 1), timeZone);
}

/** The instant of a full hour, 0 to 23, of a local date; where clocks leave it out, the first after it. */
export function atLocalHour(date: LocalDate, hour: number, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: { hour } }).epochMilliseconds;
}

/** The first such hour that is not before an instant. */
export function nextLocalHour(now: number, hour: number, timeZone: string): number {
  const today = localDateAt(now, timeZone);
  const at = atLocalHour(today, hour, timeZone);

  return at >= now ? at : atLocalHour(addDays(today, 1), hour, timeZone);
}

/**
 * The instant of a local date and the time of day of another instant: how an anchor keeps its hour (D19). Of the anchor's own
 * date it is the anchor, also where clocks go back and its hour comes twice.
 */
export function atAnchorTime(date: LocalDate, anchorAt: string | number, timeZone: string): number {
  const anchor = toInstant(anchorAt).toZonedDateTimeISO(timeZone);

  return anchor.toPlainDate().toString() === date
    ? anchor.epochMilliseconds
    : Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: anchor.toPlainTime() }).epochMilliseconds;
}

/** The last second that belongs to a span, as documents show it. */
export function lastSecondOf(span: Pick<InstantSpan, 'endsAt'>): number {
  return span.endsAt - 1000;
}

export interface ZonedRow {
  /** When the first period began; its local date and time are kept for ever, clamped to short months. */
  readonly anchorAt: string | number;
  /** Day of the month, where the first period began on a clamped one: 31 for a row from 28 February (D19). */
  readonly anchorDay?: number;
  readonly timeZone: string;
  readonly period: BillingPeriod;
}

/** Period n of a row, 0 being the one that begins at the anchor; always counted from the anchor. */
export function zonedPeriod(row: ZonedRow, n: number): InstantSpan {
  const first = localDateAt(row.anchorAt, row.timeZone);
  const day = row.anchorDay ?? anchorDayOf(first);
  const boundary = (index: number) =>
    atAnchorTime(billingDate(first, day, row.period, index), row.anchorAt, row.timeZone);

  return { startsAt: boundary(n), endsAt: boundary(n + 1) };
}

/** The period of a row that an instant lies in; an instant on a boundary lies in the period that begins there. */
export function zonedPeriodAt(row: ZonedRow, at: string | number): InstantSpan & { readonly index: number } {
  const first = localDateAt(row.anchorAt, row.timeZone);
  const date = localDateAt(at, row.timeZone);
  // On the day of a boundary the hour decides; a day has one boundary at most.
  const index = billingDateIndex(first, row.anchorDay ?? anchorDayOf(first), row.period, date);
  const period = zonedPeriod(row, index);

  return period.startsAt > toInstant(at).epochMilliseconds
    ? { index: index - 1, ...zonedPeriod(row, index - 1) }
    : { index, ...period };
}

function toInstant(instant: string | number): Temporal.Instant {
  return typeof instant === 'number' ? Temporal.Instant.fromEpochMilliseconds(instant) : Temporal.Instant.from(instant);
}
