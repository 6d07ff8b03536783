import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { Problem } from './problem.mjs';
import { writeFileWhole } from './write-file-whole.mjs';

/**
 * What this clone's installation keeps secret; made once, at the first start.
 * @typedef {{ postgresAdminPassword: string, postgresAppPassword: string, jwtSecret: string, vnpayHashSecret: string }} Secrets
 */

/**
 * @param {string} file readable by its owner only
 * @returns {{ secrets: Secrets, created: boolean }} created: also true when one had to be added
 */
export function loadSecrets(file) {
  const kept = existsSync(file) ? readSecrets(file) : {};
  const secrets = {
    postgresAdminPassword: kept.postgresAdminPassword ?? hex(16),
    postgresAppPassword: kept.postgresAppPassword ?? hex(16),
    jwtSecret: kept.jwtSecret ?? hex(32),
    vnpayHashSecret: kept.vnpayHashSecret ?? hex(16).toUpperCase(),
  };
  const created = Object.entries(secrets).some(([name, value]) => kept[/** @type {keyof Secrets} */ (name)] !== value);
  if (created) {
    writeFileWhole(file, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
  }
  chmodSync(file, 0o600);

  return { secrets, created };
}

/** @param {string} file @returns {Partial<Secrets>} */
function readSecrets(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Problem(`${file} cannot be read: it is not valid JSON.`, {
      mend: 'Mend it, or remove it: new secrets are made then, and everybody has to log in again.',
    });
  }
}

/** @param {number} bytes */
function hex(bytes) {
  return randomBytes(bytes).toString('hex');
}
