import { toNumber } from '../../platform/db/columns';
import { formatInstant } from '../../platform/instant';
import type { UserRow } from './account';

/** A user as administrators see them; times in the company's zone. */
export function viewUser(row: UserRow, timeZone: string) {
  return {
    id: toNumber(row.id),
    email: row.email,
    emailVerified: row.emailVerifiedAt !== null,
    name: row.name,
    role: row.role,
    status: row.status,
    customerId: row.customers[0] === undefined ? null : toNumber(row.customers[0].id),
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
