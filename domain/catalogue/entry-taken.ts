import { AppError } from '../errors';

/**
 * The error for a name that another entry of the catalogue has. Archived entries keep theirs, because orders and
 * subscriptions refer to them: the caller learns which one it is, and can bring it back instead.
 */
export function entryTaken(what: string, field: string, holder: { id: bigint; isArchived: boolean } | null): AppError {
  const state = holder?.isArchived === true ? ' It is archived; it can be made active again.' : '';

  return new AppError('already_exists', {
    field: `/${field}`,
    detail: `There is a ${what} with this ${field} already.${state}`,
    ...(holder === null ? {} : { params: { existingId: Number(holder.id) } }),
  });
}
