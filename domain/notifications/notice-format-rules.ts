/** How amounts and days are written in a notice. Spaces that break no line become plain ones: mail is read everywhere. */

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

/** Making one costs more than all else about a notice. Accounts choose among few locales; the bound is for the rest. */
const mostKept = 100;
const amounts = new Map<string, Intl.NumberFormat>();
const days = new Map<string, Intl.DateTimeFormat>();

function kept<Format>(formats: Map<string, Format>, key: string, make: () => Format): Format {
  const known = formats.get(key);

  if (known !== undefined) {
    return known;
  }
  const format = make();

  if (formats.size < mostKept) {
    formats.set(key, format);
  }

  return format;
}

/**
 * @param amount minor units
 * @param locale BCP 47
 */
export function formatAmount(amount: number, currency: string, locale: string): string {
  const format = kept(
    amounts,
    `${locale} ${currency}`,
    () => new Intl.NumberFormat(locale, { style: 'currency', currency }),
  );
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;

  return plain(format.format(amount / 10 ** digits));
}

/**
 * The local day of an instant: 26/10/2025 in Vietnamese, 26 October 2025 or as the locale has it otherwise.
 * @param instant ISO 8601
 * @param timeZone of the billing account (D19)
 */
export function formatDay(instant: string, locale: string, timeZone: string): string {
  const [day, month] = /^vi\b/i.test(locale) ? (['2-digit', '2-digit'] as const) : (['numeric', 'long'] as const);

  const format = kept(
    days,
    `${locale} ${timeZone}`,
    () => new Intl.DateTimeFormat(locale, { timeZone, day, month, year: 'numeric' }),
  );

  return plain(format.format(new Date(instant)));
}
