import { z } from 'zod';

/** Members that many requests and messages share. Safe in a workflow: nothing here asks the host. */

/** A row's id in a body or message. */
export const rowId = z.int().min(1);

/** Seats of a subscription. */
export const seats = z.int().min(1).max(1_000_000);

/** One line of text, trimmed, in Unicode's composed form. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(longest)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'holds control characters');

/** Payment terms: days after which an invoice that is sent is due. */
export const daysUntilDue = z.int().min(0).max(365);

/** A payment token of at most 255 characters as it enters a workflow: sealed (domain/payments/token-seal.ts). */
export const sealedToken = line(1_200);

/** Text of several lines. PostgreSQL stores no NUL, and half a surrogate pair is no text. */
export const paragraph = (longest: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .max(longest)
    .refine((text) => !/[\p{Cs}]|(?![\t\n\r])\p{Cc}/u.test(text), 'holds control characters');

/** ISO 8601 with an offset. */
export const instant = z.iso.datetime({ offset: true }).meta({ example: '2025-10-26T00:00:00+07:00' });

/** What calendars, time zones and the database are all good for: a day at midnight UTC, or an instant. */
const isWithinCalendars = (text: string): boolean =>
  Date.parse(text) >= Date.UTC(1970, 0, 1) && Date.parse(text) < Date.UTC(2200, 0, 1);
const years = 'takes the years 1970 to 2199';

/** An instant that something is to happen at, or is looked for at. */
export const plannedInstant = instant.refine(isWithinCalendars, years);

/** The same for a local day. */
export const localDay = z.iso.date().refine(isWithinCalendars, years);

/** Days of a trial at most, counted from the day on which somebody sets it. */
export const mostTrialDays = 730;

/** Days of a trial; 0: none. */
export const trialDays = z.int().min(0).max(mostTrialDays);

/** A local day, or an instant. */
export const dayOrInstant = z
  .union([localDay, plannedInstant], {
    error: 'takes a day, as 2025-10-26, or an instant with its offset, as 2025-10-26T00:00:00+07:00',
  })
  .meta({ example: '2025-11-09' });

/** When a trial ends: on a local day, at its hour, or at an instant. */
export const trialEnd = dayOrInstant;

/** The same of a trial that runs, which may end at once. */
export const changedTrialEnd = z
  .union([z.literal('now'), localDay, plannedInstant], {
    error: 'takes now, a day, as 2025-10-26, or an instant with its offset, as 2025-10-26T00:00:00+07:00',
  })
  .meta({ example: '2025-11-09' });

/** A promotion's code, which people type: capitals and small letters are the same. */
export const promotionCode = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'takes letters, digits, . _ and -, at most 64')
  .toUpperCase()
  .meta({ example: 'SUMMER10' });
