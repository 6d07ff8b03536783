const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The day of an instant where it is written: `2027-03-01T00:00:00+07:00` is `1 Mar 2027`. For operators; what customers read
 * is in their language (domain/notifications).
 * @param instant ISO 8601 with the offset of the account
 */
export function dayText(instant: string): string {
  const [year = '', month = '', day = ''] = instant.slice(0, 10).split('-');

  return `${Number(day)} ${months[Number(month) - 1]} ${year}`;
}

/** The same with the time of day and the offset: `1 Mar 2027 14:30 +07:00`. */
export function momentText(instant: string): string {
  const offset = /(?:Z|[+-]\d\d:\d\d)$/.exec(instant)?.[0] ?? '';

  return `${dayText(instant)} ${instant.slice(11, 16)} ${offset === 'Z' ? 'UTC' : offset}`;
}
