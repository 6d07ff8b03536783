import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startChild } from '../processes/child-process.mjs';
import { delay } from '../processes/delay.mjs';
import { ADMIN_ROLE, DATABASE, POSTGRES_ENV, preparePostgresData, resetAdminPassword } from './postgres-data.mjs';
import { tailOf } from '../processes/log-tail.mjs';
import { Problem } from '../bootstrap/problem.mjs';

const READY_WITHIN_MS = 60_000;
const PORT_ATTEMPTS = 5;

/** Processes of a server that was killed go on for a moment, and hold its shared memory until they notice. */
const REMAINS = /pre-existing shared memory block|lock file "postmaster.pid" already exists/i;
const REMAINS_GONE_WITHIN_MS = 15_000;

/** Fast shutdown rolls back what is open; immediate leaves recovery to the next start. */
const STOP_LADDER = /** @type {import('../processes/child-process.mjs').StopLadder} */ ([
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
]);

/**
 * @typedef {object} PostgresServer
 * @property {import('../processes/child-process.mjs').Child} child
 * @property {number} port
 * @property {string} adminUrl connects as the owner of everything
 * @property {boolean} created whether this start made the data folder
 *
 * @typedef {import('./postgres-data.mjs').DataOptions & {
 *   wantedPort: number, claimPort: (wanted: number) => Promise<number>, logFile: string, token: string, resetPassword?: boolean, settings?: Record<string, string>,
 *   onChild?: (child: import('../processes/child-process.mjs').Child) => void,
 *   onRemains?: (mostSeconds: number) => void,
 * }} PostgresOptions wantedPort: the next free one is taken when it is not free. onChild hears of the process at once, onRemains once when the rest of a server that was killed has to go first.
 */

/**
 * Starts PostgreSQL on loopback with password login, and waits until it takes connections (up to 60 s: recovery after
 * a crash takes time).
 * @param {PostgresOptions} options @returns {Promise<PostgresServer>}
 */
export async function startPostgres(options) {
  const { data, created } = await preparePostgresData(options);
  if (!created && options.resetPassword) {
    await resetAdminPassword(options, data);
  }

  let port = await options.claimPort(options.wantedPort);
  let attempt = 1;
  const remainsUntil = Date.now() + REMAINS_GONE_WITHIN_MS;
  let isTold = false;
  for (;;) {
    const child = await launch(options, data, port);
    options.onChild?.(child);
    if (await isReady(child, data)) {
      const login = `${ADMIN_ROLE}:${encodeURIComponent(options.adminPassword)}`;
      return { child, port, created, adminUrl: `postgresql://${login}@127.0.0.1:${port}/${DATABASE}` };
    }
    const printed = child.printed();
    await child.stop();
    // Another process may have taken the port since we looked.
    if (attempt < PORT_ATTEMPTS && /could not bind|Address already in use/i.test(printed)) {
      port = await options.claimPort(port + 1);
      attempt += 1;
      continue;
    }
    if (REMAINS.test(printed) && Date.now() < remainsUntil) {
      if (!isTold) {
        options.onRemains?.(REMAINS_GONE_WITHIN_MS / 1000);
        isTold = true;
      }
      await delay(250);
      continue;
    }
    throw new Problem(`PostgreSQL did not start on the data folder ${data}.`, {
      detail: tailOf(printed),
      mend: `Its log is ${options.logFile}. If the data folder is broken: restore a backup, or remove it to begin anew.`,
    });
  }
}

/** @param {PostgresOptions} options @param {string} data @param {number} port */
function launch(options, data, port) {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    // A plan that was made when its tables were empty is kept until they are analysed: soon, on a database that is new.
    // Not sooner: every analysis has each connection plan its statements anew.
    autovacuum_naptime: '20s',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...options.settings,
  };

  return startChild({
    name: 'PostgreSQL',
    command: path.join(options.binaries, 'bin', 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: data,
    env: POSTGRES_ENV,
    logFile: options.logFile,
    stopLadder: STOP_LADDER,
    token: options.token,
    ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
  });
}

/**
 * PostgreSQL writes its state into the eighth line of postmaster.pid.
 * @param {import('../processes/child-process.mjs').Child} child @param {string} data @returns {Promise<boolean>}
 */
async function isReady(child, data) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (child.exit() === null && Date.now() < deadline) {
    const lines = readPostmasterFile(data);
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') {
      return true;
    }
    await delay(50);
  }

  return false;
}

/** @param {string} data @returns {string[]} the lines of postmaster.pid; none when the server is not up */
export function readPostmasterFile(data) {
  try {
    return readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}
