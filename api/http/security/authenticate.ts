import type { Request } from 'express';

import { AppError } from '../../../domain/errors';
import type { Principal } from '../../../domain/identity/principal';
import type { Access } from '../pipeline/route';

/**
 * Who is calling, by the access token. A token that is sent must be good, also where none is needed, so that nobody is
 * treated as a stranger without noticing; only below /auth/, where new ones are had, and on providers' callbacks a
 * stale one is passed over.
 * @throws AppError unauthenticated
 */
export async function authenticate(
  request: Request,
  route: { path: string; access: Access },
  verify: (token: string) => Promise<Principal>,
): Promise<Principal | null> {
  if (route.access === 'provider') {
    return null;
  }
  const header = request.get('Authorization');
  const isOptional = route.access === 'public';

  if (header === undefined) {
    if (isOptional) {
      return null;
    }
    throw new AppError('unauthenticated');
  }

  try {
    const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(header)?.[1];

    if (token === undefined) {
      throw new AppError('unauthenticated', { detail: 'The Authorization header holds no Bearer token.' });
    }

    return await verify(token);
  } catch (error) {
    if (isOptional && route.path.startsWith('/auth/')) {
      return null;
    }
    throw error;
  }
}

/** @throws AppError forbidden when the caller's role is not among the route's; super_admin always is. */
export function requireRole(principal: Principal | null, access: Access): void {
  if (access === 'public' || access === 'provider') {
    return;
  }
  if (principal === null || (principal.role !== 'super_admin' && !access.includes(principal.role))) {
    throw new AppError('forbidden');
  }
}
