import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../bootstrap/problem.mjs';

/** @typedef {{ name: string, uid: number, gid: number }} ServerUser */

/** Accounts that PostgreSQL may run under when we are root, best first; it refuses to run as root itself. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * The unprivileged account for PostgreSQL (D10), or null when we are not root and it simply runs as ourselves.
 * @param {NodeJS.ProcessEnv} [env] BMMS_POSTGRES_USER names another account
 * @returns {ServerUser | null}
 */
export function chooseServerUser(env = process.env) {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const accounts = readAccounts();
  const wanted = env.BMMS_POSTGRES_USER ? [env.BMMS_POSTGRES_USER] : CANDIDATES;
  const user = wanted.map((name) => accounts.get(name)).find((account) => account !== undefined && account.uid !== 0);
  if (!user) {
    throw new Problem(`PostgreSQL does not run as root, and this machine has no account ${wanted.join(' or ')}.`, {
      mend: 'Start as an ordinary user, or name an account for it: BMMS_POSTGRES_USER=<account> npm start',
    });
  }

  return user;
}

/** @param {number} uid @returns {ServerUser | null} the account with that uid, unless it is root's */
export function accountOf(uid) {
  return uid === 0 ? null : ([...readAccounts().values()].find((account) => account.uid === uid) ?? null);
}

/** @returns {Map<string, ServerUser>} */
function readAccounts() {
  const rows = readFileSync('/etc/passwd', 'utf8').split('\n');
  return new Map(
    rows
      .map((row) => row.split(':'))
      .map(([name = '', , uid, gid]) => [name, { name, uid: Number(uid), gid: Number(gid) }]),
  );
}

/**
 * Whether that account may enter a folder (or read and run a file): every folder on the way must let it through,
 * which a home folder with mode 0700 does not.
 * @param {string} target @param {ServerUser | null} user null: ourselves, always true
 */
export function canReach(target, user) {
  if (user === null) {
    return true;
  }
  for (let folder = path.dirname(target); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (!grants(folder, user, 0o1)) {
      return false;
    }
  }

  return grants(target, user, statSync(target).isDirectory() ? 0o1 : 0o5);
}

/** @param {string} target @param {ServerUser} user @param {number} wanted rwx bits */
function grants(target, user, wanted) {
  const { mode, uid, gid } = statSync(target);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}
