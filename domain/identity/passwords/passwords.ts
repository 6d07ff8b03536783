import { hash, type Options, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';

import { assertAcceptablePassword } from './acceptable-password';
import { createBoundedQueue } from './bounded-queue';

/** Argon2id with 19 MiB, two passes, one lane: the smallest of the sets that OWASP's password storage sheet names. */
export const argon2Parameters = {
  /** argon2id */
  algorithm: 2,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
} as const satisfies Options;

export interface Passwords {
  /**
   * Hashes a password that somebody chose.
   * @param use the address it will be used with, and where the request names the password (`/password` where absent)
   * @throws AppError password_too_common; password_is_address; unavailable when too many are at it at once
   */
  hashPassword(password: string, use: { email: string; field?: string }): Promise<string>;
  /**
   * Compares with a stored hash; with null it takes the same time and answers false, so that nobody can tell by the
   * clock whether an address is registered.
   * @throws AppError unavailable when too many are at it at once
   */
  matchesPassword(password: string, storedHash: string | null): Promise<boolean>;
}

/**
 * Hashing runs on libuv's threads, four by default, which file and name look-ups share: `concurrency` keeps some free.
 * @param options.waiting how many more may stand in line; at some 20 ms each, 200 are done in 2 s
 */
export function createPasswords(options: { concurrency: number; waiting: number }): Passwords {
  const queue = createBoundedQueue(options);
  // Made before the first comparison, so that the first unknown address does not take twice as long.
  let decoy: Promise<string> | undefined;

  return {
    async hashPassword(password, use) {
      assertAcceptablePassword(password, use);

      return queue(() => hash(normalise(password), argon2Parameters));
    },

    async matchesPassword(password, storedHash) {
      decoy ??= hash(randomBytes(32), argon2Parameters);
      const decoyHash = await decoy;
      const matches = await queue(() => verify(storedHash ?? decoyHash, normalise(password)));

      return matches && storedHash !== null;
    },
  };
}

/** One for the process, because the threads it guards are the process's. */
export const passwords: Passwords = createPasswords({ concurrency: 2, waiting: 200 });

/** The same characters typed on two keyboards can be different code points. */
function normalise(password: string): string {
  return password.normalize('NFKC');
}
