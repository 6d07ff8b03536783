import { z } from 'zod';

import { AppError } from '../../../domain/errors';
import { isCustomer, type Principal } from '../../../domain/identity/principal';
import type { Clock } from '../../../platform/clock';
import { type Database, Prisma } from '../../../platform/db/database';
import type { Access } from '../pipeline/route';
import { createMemory } from './remember';

const Row = z.object({ status: z.string(), role: z.string() });

/**
 * Whether whoever a token names may still act: it is good for 15 minutes, in which its user can be disabled or given
 * another role. Routes that customers cannot call look at the row each time; the others may take 2 s to notice.
 */
export type AccountStanding = (principal: Principal | null, route: { path: string; access: Access }) => Promise<void>;

export function createAccountStanding({ database, clock }: { database: Database; clock: Clock }): AccountStanding {
  const remember = createMemory<z.output<typeof Row> | undefined>(clock);
  const read = async ({ companyId, userId }: Principal) => {
    const rows = await database
      .eachAlone(companyId)
      .query(
        Row,
        Prisma.sql`SELECT status, role FROM customer.users WHERE company_id = ${companyId}::bigint AND id = ${userId}::bigint`,
      );

    return rows[0];
  };

  /** @throws AppError forbidden when disabled; unauthenticated when the token tells another role, or of nobody */
  return async (principal, { path, access }) => {
    // Who is disabled, or has another role, is told so where they sign in anew.
    const isSigningIn = access === 'public' && path.startsWith('/auth/');

    if (principal === null || access === 'provider' || isSigningIn) {
      return;
    }
    const isForCustomers = isCustomer(principal) || access === 'public' || access.includes('customer');
    const user = isForCustomers
      ? await remember(`${principal.companyId}/${principal.userId}`, () => read(principal))
      : await read(principal);

    if (user?.status === 'disabled') {
      throw new AppError('forbidden', { detail: 'This account is disabled.' });
    }
    if (user?.role !== principal.role) {
      throw new AppError('unauthenticated', { detail: 'This account or its role has changed. Refresh the token.' });
    }
  };
}
