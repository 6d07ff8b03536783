/** How days are written in a notice; amounts are by `localized-money.ts`. Spaces that break no line become plain ones: mail is read everywhere. */

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

/** Making one costs more than all else about a notice. Accounts choose among few locales; the bound is for the rest. */
const mostKept = 100;
const days = new Map<string, Intl.DateTimeFormat>();

/**
 * The local day of an instant: 26/10/2025 in Vietnamese, 26 October 2025 or as the locale has it otherwise.
 * @param instant ISO 8601
 * @param timeZone of the billing account (D19)
 */
export function formatDay(instant: string, locale: string, timeZone: string): string {
  const [day, month] = /^vi\b/i.test(locale) ? (['2-digit', '2-digit'] as const) : (['numeric', 'long'] as const);

  const key = `${locale} ${timeZone}`;
  const format = days.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone, day, month, year: 'numeric' });

  if (days.size < mostKept) {
    days.set(key, format);
  }

  return plain(format.format(new Date(instant)));
}

/** The last day before an exclusive end: what ends at midnight of the 1st is good through the day before it. */
export function formatLastDay(end: string, locale: string, timeZone: string): string {
  return formatDay(new Date(Date.parse(end) - 1).toISOString(), locale, timeZone);
}

/** Time and local day of an exclusive end that lies within a day; null where it is the end of one, which `formatLastDay` names. */
export function formatEndTime(end: string, locale: string, timeZone: string): string | null {
  const isEndOfDay = formatDay(end, locale, timeZone) !== formatLastDay(end, locale, timeZone);

  return isEndOfDay ? null : formatTime(end, locale, timeZone);
}

/** Time and local day of an instant: 14:35 ngày 26/10/2025, 14:35 on 26 October 2025. */
export function formatTime(instant: string, locale: string, timeZone: string): string {
  const isVietnamese = /^vi\b/i.test(locale);
  const hour = isVietnamese ? '2-digit' : 'numeric';
  const format = new Intl.DateTimeFormat(locale, { timeZone, hour, minute: '2-digit' });

  return `${plain(format.format(new Date(instant)))} ${isVietnamese ? 'ngày' : 'on'} ${formatDay(instant, locale, timeZone)}`;
}

/** How often something is paid: mỗi tháng, mỗi 2 năm; per month, every 2 years. */
export function formatCycle({ unit, count }: { unit: 'day' | 'month'; count: number }, locale: string): string {
  const [size, each] = unit === 'month' ? ([12, 'month'] as const) : ([7, 'day'] as const);
  const isWhole = count % size === 0;
  const many = isWhole ? count / size : count;
  const name = isWhole ? ({ month: 'year', day: 'week' } as const)[each] : each;

  if (/^vi\b/i.test(locale)) {
    const called = { day: 'ngày', week: 'tuần', month: 'tháng', year: 'năm' }[name];

    return many === 1 ? `mỗi ${called}` : `mỗi ${many} ${called}`;
  }

  return many === 1 ? `per ${name}` : `every ${many} ${name}s`;
}
