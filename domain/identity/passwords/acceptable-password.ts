import { readFileSync } from 'node:fs';

import { AppError } from '../../errors';

/** The length is what counts; which characters is the owner's choice. */
export const passwordLength = { min: 8, max: 128 } as const;

/** Read when somebody first sets a password: half a megabyte that most processes never need. */
let common: ReadonlySet<string> | undefined;

/**
 * Refuses passwords that are guessed first: the commonest ones, runs such as aaaaaaaa or 12345678, and the address that
 * they are for (NIST SP 800-63B, 3.1.1.2). Only whole passwords are compared, without regard to case.
 * @param options.email the address it will be used with
 * @param options.field where the request names the password
 * @throws AppError password_too_common; password_is_address
 */
export function assertAcceptablePassword(
  password: string,
  { email, field = '/password' }: { email: string; field?: string },
): void {
  const folded = fold(password);
  const address = fold(email);
  const name = address.slice(0, address.lastIndexOf('@'));

  if (folded === address || folded === name || folded === `${name}${name}` || isNameWithLittle(folded, name)) {
    throw new AppError('password_is_address', { field });
  }
  common ??= readCommonPasswords();

  if (common.has(folded) || isRun(folded)) {
    throw new AppError('password_too_common', { field });
  }
}

/** `an.nguyen` with fewer than four characters before and after it, as in `an.nguyen123`. */
function isNameWithLittle(password: string, name: string): boolean {
  return name.length > 3 && password.includes(name) && password.length - name.length < 4;
}

/** All the same, or each the next of the one before. */
function isRun(password: string): boolean {
  const points = Array.from(password, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(points.slice(1).map((point, index) => point - (points[index] ?? 0)));

  return steps.size === 1 && [-1, 0, 1].some((step) => steps.has(step));
}

function readCommonPasswords(): ReadonlySet<string> {
  const file = require.resolve('@zxcvbn-ts/language-common/src/passwords.json');
  const listed = JSON.parse(readFileSync(file, 'utf8')) as string[];

  return new Set(listed.filter((one) => one.length >= passwordLength.min).map(fold));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
