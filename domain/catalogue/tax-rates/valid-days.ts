import { databaseErrorCode } from '../../../platform/db/database';
import type { LocalDate } from '../../calendar/calendar-rules';
import { AppError } from '../../errors';

interface ValidDays {
  validFrom: LocalDate | null;
  validUntil: LocalDate | null;
}

const exclusionViolation = '23P01';

/** @throws AppError validation_failed on /validUntil when the last day lies before the first */
export function assertDaysInOrder({ validFrom, validUntil }: ValidDays): void {
  if (validFrom !== null && validUntil !== null && validUntil < validFrom) {
    throw new AppError('validation_failed', { field: '/validUntil', detail: `It lies before ${validFrom}.` });
  }
}

/** A local date as the ORM takes a column of type date. */
export function dayColumn(date: LocalDate | null): Date | null {
  return date === null ? null : new Date(`${date}T00:00:00Z`);
}

/** Writes a rate; the database keeps a tax from having two on one day. @throws AppError tax_rate_overlaps */
export async function onceADay(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (databaseErrorCode(error) === exclusionViolation) {
      throw new AppError('tax_rate_overlaps', {
        field: '/validFrom',
        detail: 'This tax has another rate for the category on some of these days; end that one first.',
        cause: error,
      });
    }
    throw error;
  }
}
