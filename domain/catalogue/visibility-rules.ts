import { AppError } from '../errors';

/** Where a catalogue entry stands. Drafts are not sold yet, archived ones no longer; both keep their row. */
export type CatalogueStatus = 'draft' | 'active' | 'archived';

/** What a list may be asked for. */
export const statusFilters = ['draft', 'active', 'archived', 'all'] as const;
export type StatusFilter = (typeof statusFilters)[number];

/**
 * Statuses that a list shows: what is active, unless an employee asks for more.
 * @throws AppError forbidden when somebody else asks for what is not sold
 */
export function shownStatuses(asked: StatusFilter | undefined, isEmployee: boolean): CatalogueStatus[] {
  if (asked === undefined || asked === 'active') {
    return ['active'];
  }

  if (!isEmployee) {
    throw new AppError('forbidden', { field: 'status', detail: 'Only employees see what is not on sale.' });
  }

  return asked === 'all' ? ['draft', 'active', 'archived'] : [asked];
}

/** An entry as one may read it by its id: employees all, everybody else what is offered. Null hides it. */
export function readableEntry<Entry extends { status: CatalogueStatus } | { isActive: boolean }>(
  entry: Entry,
  isEmployee: boolean,
): Entry | null {
  const isOffered = 'isActive' in entry ? entry.isActive : entry.status === 'active';

  return isEmployee || isOffered ? entry : null;
}
