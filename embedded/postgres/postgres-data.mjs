import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Problem } from '../bootstrap/problem.mjs';
import { requireCommand, runCommand } from '../processes/run-command.mjs';

/** The major version whose data folders this project opens. */
export const POSTGRES_MAJOR = '18';
export const ADMIN_ROLE = 'bmms_owner';
export const DATABASE = 'bmms';

/** What PostgreSQL's programs get to see; a person's PG* variables must not steer them. */
export const POSTGRES_ENV = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };

/**
 * @typedef {object} DataOptions
 * @property {string} binaries folder with bin/ and lib/
 * @property {string} folder ours alone; the data lie in its folder "data"
 * @property {import('./server-user.mjs').ServerUser | null} user
 * @property {string} adminPassword
 * @property {boolean} durable false: skip syncing, for servers whose data nobody will miss
 */

/**
 * Makes the database cluster on first use, and checks what is there otherwise. The cluster is built beside its place
 * and renamed, so an interrupted start leaves nothing half made.
 * @param {DataOptions} options @returns {Promise<{ data: string, created: boolean }>}
 */
export async function preparePostgresData(options) {
  const { folder, user } = options;
  const data = path.join(folder, 'data');
  if (existsSync(data) && readdirSync(data).length > 0) {
    checkData(data);
    return { data, created: false };
  }

  const building = path.join(folder, 'data.new');
  const passwordFile = path.join(folder, 'password.new');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  rmSync(building, { recursive: true, force: true });
  writeFileSync(passwordFile, options.adminPassword, { mode: 0o600 });
  if (user) {
    chownSync(folder, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  try {
    await initialise(options, building, passwordFile);
    await runSingleUser(options, building, `CREATE DATABASE ${DATABASE}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  rmSync(data, { recursive: true, force: true });
  renameSync(building, data);

  return { data, created: true };
}

/** @param {DataOptions} options @param {string} data @param {string} passwordFile */
async function initialise({ binaries, folder, user, durable }, data, passwordFile) {
  await requireCommand({
    command: path.join(binaries, 'bin', 'initdb'),
    args: [
      `--pgdata=${data}`,
      `--username=${ADMIN_ROLE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      ...(durable ? [] : ['--no-sync']),
    ],
    cwd: folder,
    env: POSTGRES_ENV,
    failure: 'The PostgreSQL data folder could not be made',
    mend: 'See `npm run doctor` for free disk space and the folder in use.',
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
}

/** @param {string} data refuses what PostgreSQL would refuse, in a sentence */
export function checkData(data) {
  const versionFile = path.join(data, 'PG_VERSION');
  const startAnew =
    'To begin anew (all data is lost) remove it and run `npm start`; to keep the data, restore a backup.';
  if (!existsSync(versionFile) || !existsSync(path.join(data, 'global', 'pg_control'))) {
    throw new Problem(`The PostgreSQL data folder ${data} is broken: PG_VERSION or global/pg_control is missing.`, {
      mend: startAnew,
    });
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== POSTGRES_MAJOR) {
    throw new Problem(
      `The data folder ${data} belongs to PostgreSQL ${version}, this project runs ${POSTGRES_MAJOR}.`,
      {
        mend: `Dump it with PostgreSQL ${version} and restore, or remove it to begin anew (all data is lost).`,
      },
    );
  }
}

/**
 * The data outlive `secrets.json` when somebody removes it: whoever owns the files may set the password again.
 * @param {DataOptions} options @param {string} data
 */
export async function resetAdminPassword(options, data) {
  await runSingleUser(options, data, `ALTER ROLE ${ADMIN_ROLE} PASSWORD '${options.adminPassword}'`);
}

/** @param {DataOptions} options @param {string} data @param {string} sql one statement on one line */
async function runSingleUser({ binaries, folder, user, durable }, data, sql) {
  const result = await runCommand({
    command: path.join(binaries, 'bin', 'postgres'),
    args: ['--single', '-D', data, ...(durable ? [] : ['-F']), 'postgres'],
    cwd: folder,
    env: POSTGRES_ENV,
    input: `${sql}\n`,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  // In this mode a failed statement does not change the exit status.
  if (result.code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(result.output)) {
    throw new Problem(`PostgreSQL could not be prepared in ${data}.`, { detail: result.tail.replaceAll(sql, '…') });
  }
}

/** @param {string} data @returns {number} the uid that owns the data, which is the one PostgreSQL must run under */
export function ownerOf(data) {
  return statSync(data).uid;
}
