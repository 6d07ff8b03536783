import { z } from 'zod';

import { addDays } from '../../../domain/calendar/calendar-rules';
import { startOfDay } from '../../../domain/calendar/zoned-calendar';
import { AppError } from '../../../domain/errors';
import { localDay, plannedInstant } from '../../../domain/field-schema';
import type { Database } from '../../../platform/db/database';
import { withCompanyZone } from './with-company-zone';

const isDay = (text: string): boolean => localDay.safeParse(text).success;
/** The plus of an offset arrives as a space where a client has not encoded it. */
const withPlus = (text: string): string => text.replace(/ (?=\d\d:\d\d$)/, '+');
const dayOrInstant = z
  .string()
  .refine((text) => isDay(text) || plannedInstant.safeParse(withPlus(text)).success, {
    error:
      'takes a day, as 2026-11-28, or an instant with its offset, as 2026-11-28T09:30:00+07:00, of the years 1970 to 2199',
  })
  .meta({ example: '2026-11-28' });

/** Query parameters of lists that can be narrowed to when their rows were made: spread them into the query's schema. */
export const createdParameters = {
  from: dayOrInstant
    .optional()
    .describe("Created then or later: a day of the company's time zone from its beginning, or an instant."),
  to: dayOrInstant.optional().describe('Created until the end of this day, or before this instant.'),
};

/** When rows of a list were made: from the first instant, before the second. */
export interface CreatedWithin {
  createdFrom?: Date;
  createdBefore?: Date;
}

/**
 * Days become instants of the company's zone, which is read only where there are days.
 * @throws AppError validation_failed on `to` when nothing can lie between the two
 */
export async function createdWithin(
  database: Database,
  companyId: number,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): Promise<CreatedWithin> {
  const timeZone = [from, to].some((text) => text !== undefined && isDay(text))
    ? await withCompanyZone(database, companyId, async (_tx, zone) => zone)
    : 'UTC';
  const createdFrom = from === undefined ? null : instantOf(from, 0, timeZone);
  const createdBefore = to === undefined ? null : instantOf(to, 1, timeZone);

  if (createdFrom !== null && createdBefore !== null && createdFrom >= createdBefore) {
    throw new AppError('validation_failed', { field: 'to', detail: '`to` is before `from`.' });
  }

  return { ...(createdFrom && { createdFrom }), ...(createdBefore && { createdBefore }) };
}

function instantOf(text: string, daysLater: 0 | 1, timeZone: string): Date {
  return new Date(isDay(text) ? startOfDay(addDays(text, daysLater), timeZone) : withPlus(text));
}
