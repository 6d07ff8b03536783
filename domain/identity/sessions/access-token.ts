import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

import type { Clock } from '../../../platform/clock';
import { AppError } from '../../errors';
import { type Principal, roles } from '../principal';

/** An access token is good for 15 minutes; after that the client refreshes. */
export const accessTokenSeconds = 15 * 60;

/** Clocks of an installation's processes may differ by this much; a token from further ahead is none of ours. */
const skewSeconds = 60;

const algorithm = 'HS256';
const issuer = 'bmms';
const audience = 'bmms-api';

/** Tokens that a process remembers; with more, it begins anew. */
const mostRemembered = 10_000;

interface Verified {
  principal: Principal;
  /** Seconds. */
  issuedAt: number;
  endsAt: number;
}

const Claims = z.object({
  sub: z.string().regex(/^[1-9]\d{0,15}$/),
  iat: z.number(),
  exp: z.number(),
  companyId: z.number().int().positive(),
  role: z.enum(roles),
  email: z.string().min(1),
  customerId: z.number().int().positive().nullable(),
});

export interface AccessTokens {
  /** A signed token that names who is calling; it is not stored, and ends with its user (api/http/security/account-standing.ts). */
  issueAccessToken(principal: Principal): Promise<string>;
  /** @throws AppError unauthenticated when the token is forged, ended, or not one of ours. */
  verifyAccessToken(token: string): Promise<Principal>;
}

/**
 * @param options.secret at least 32 bytes; every process of an installation has the same
 * @param options.clock decides when a token ends (D1)
 */
export function createAccessTokens(options: { secret: string; clock: Clock }): AccessTokens {
  const key = new TextEncoder().encode(options.secret);
  // A signature that was good stays good: it costs a quarter of a millisecond, and is checked once. Times are, each time.
  const verified = new Map<string, Verified>();
  const isCurrent = ({ issuedAt, endsAt }: Verified): boolean => {
    const now = options.clock.now().getTime() / 1000;

    return endsAt > Math.floor(now) && issuedAt - now <= skewSeconds;
  };

  return {
    issueAccessToken(principal) {
      const issuedAt = Math.floor(options.clock.now().getTime() / 1000);
      const { userId, companyId, role, email, customerId } = principal;

      return new SignJWT({ companyId, role, email, customerId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(String(userId))
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessTokenSeconds)
        .sign(key);
    },

    async verifyAccessToken(token) {
      const known = verified.get(token);

      if (known !== undefined && isCurrent(known)) {
        return { ...known.principal };
      }

      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer,
          audience,
          currentDate: options.clock.now(),
          requiredClaims: ['exp', 'iat', 'sub'],
        });
        const { sub, iat, exp, ...claims } = Claims.parse(payload);
        const aheadSeconds = iat - options.clock.now().getTime() / 1000;

        if (aheadSeconds > skewSeconds) {
          throw new Error(`The token is from ${Math.round(aheadSeconds)} s ahead.`);
        }

        const principal = { userId: Number(sub), ...claims };

        if (verified.size >= mostRemembered) {
          verified.clear();
        }
        verified.set(token, { principal, issuedAt: iat, endsAt: exp });

        return { ...principal };
      } catch (cause) {
        const isExpired = cause instanceof errors.JWTExpired;

        throw new AppError('unauthenticated', {
          detail: isExpired ? 'The access token has ended. Refresh it.' : 'The access token is not valid.',
          cause,
        });
      }
    },
  };
}
