import { z } from 'zod';

import { currencyCode } from '../../../domain/companies/setting-types';

/** Parameters and body members that many resources share. */

/** A row's id in a path or query. */
export const idParameter = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** `/resource/:id`. */
export const idParams = z.object({ id: idParameter });

/** One line of text, trimmed, in Unicode's composed form. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(longest)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'holds control characters');

/** Text of several lines. PostgreSQL stores no NUL, and half a surrogate pair is no text. */
export const paragraph = (longest: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .max(longest)
    .refine((text) => !/[\p{Cs}]|(?![\t\n\r])\p{Cc}/u.test(text), 'holds control characters');

/** Words to search for. */
export const searchParameter = line(200).describe('Words that must all occur; case and diacritics do not matter.');

/** Minor units of the currency beside it, 0 or more. */
export const amount = z.int().min(0);

/** The same in a query. */
export const amountParameter = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const currency = currencyCode.meta({ example: 'VND' });

/** Names that programs use: feature codes and add-on keys. */
export const codeName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'takes small letters, digits, . _ and -, at most 64')
  .meta({ example: 'ai_assistant' });

export const instant = z.iso.datetime({ offset: true }).meta({ example: '2025-10-26T00:00:00+07:00' });

/** An instant that something is to happen at: within what calendars and time zones are good for. */
export const plannedInstant = instant.refine(
  (text) => Date.parse(text) >= Date.UTC(1970, 0, 1) && Date.parse(text) < Date.UTC(2200, 0, 1),
  'takes the years 1970 to 2199',
);
