/** Used where no billing account or company names a zone. */
export const defaultTimeZone = 'Asia/Ho_Chi_Minh';

const minute = 60_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Writes an instant as RFC 3339 text with the offset that the zone has at that moment, milliseconds only where there
 * are some: `2025-10-26T00:00:00+07:00`. Every instant of the API is written here.
 * @param timeZone IANA name, of the billing account where there is one, else of the company
 * @throws RangeError for an invalid date or an unknown zone
 */
export function formatInstant(date: Date, timeZone: string = defaultTimeZone): string {
  const offset = offsetMinutes(date, timeZone);
  const local = new Date(date.getTime() + offset * minute).toISOString().replace(/(?:\.000)?Z$/, '');
  const size = Math.abs(offset);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  const minutes = String(size % 60).padStart(2, '0');

  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** The same for a column that may be empty. */
export function formatOptionalInstant(date: Date | null, timeZone?: string): string | null {
  return date === null ? null : formatInstant(date, timeZone);
}

const instantText = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`;
const wholeTexts = new RegExp(`(?<=")${instantText}(?=")`, 'g');
const anywhere = new RegExp(instantText, 'g');

/**
 * The same for JSON that was written down with instants of any offset, such as what an event tells.
 * @param options.alsoInside also of texts that say more than an instant
 */
export function zoneInstants<Json>(value: Json, timeZone?: string, options: { alsoInside?: boolean } = {}): Json {
  const zoned = JSON.stringify(value ?? null).replace(options.alsoInside === true ? anywhere : wholeTexts, (text) =>
    Number.isNaN(Date.parse(text)) ? text : formatInstant(new Date(text), timeZone),
  );

  return JSON.parse(zoned) as Json;
}

/** Whole minutes: RFC 3339 has no seconds in an offset, so those of zones before standard time are left to the clock. */
function offsetMinutes(date: Date, timeZone: string): number {
  const name = formatterOf(timeZone)
    .formatToParts(date)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name ?? '');

  if (match === null) {
    throw new RangeError(`The host does not know the offset of ${timeZone}`);
  }

  const size = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);

  return match[1] === '-' ? -size : size;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);

  if (known !== undefined) {
    return known;
  }

  const formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formatters.set(timeZone, formatter);

  return formatter;
}
