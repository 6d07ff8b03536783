import { spawn } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { openDatabase, type Database } from '../../platform/db/database';
import { openTemporal, type TemporalClient } from '../../platform/temporal/client';
import { projectFolder } from '../environment/servers';

/** Parts of the system, by the names its supervisor writes down. */
export type Part = 'PostgreSQL' | 'Temporal' | 'Worker host' | 'API' | 'VNPay sandbox';

/** What `npm start` runs, in a data folder of its own: nothing is shared with other tests or with `.bmms`. */
export interface RunningShop {
  api: string;
  sandbox: string;
  adminUrl: string;
  jwtSecret: string;
  database: Database;
  temporal: TemporalClient;
  /** Ends a part, by SIGKILL as the kernel does when memory runs out; the supervisor starts it again. */
  kill(part: Part, signal?: 'SIGKILL' | 'SIGTERM'): void;
  /** What the supervisor said of a part since it was up. */
  reports(part: Part): string[];
  /** The same once it says that the part is up again, which it notices a moment after others do. */
  reportsOnceUp(part: Part): Promise<string[]>;
  /** The end of what the supervisor and its parts have printed. */
  logs(): string;
  /** Where each part writes its log. */
  logFolder: string;
  stop(): Promise<void>;
}

const upWithinMs = 120_000;
const upAgainWithinMs = 30_000;

/** Starts everything, durable as for a person, with the supervisor that brings back what dies. */
export async function startShop(): Promise<RunningShop> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-crash-'));
  // PostgreSQL's account has to pass through.
  chmodSync(folder, 0o711);
  const supervisorLog = path.join(folder, 'supervisor.log');
  const log = createWriteStream(supervisorLog);
  const child = spawn(process.execPath, [path.join(projectFolder, 'embedded', 'bootstrap.mjs'), 'start'], {
    cwd: projectFolder,
    env: {
      ...withoutOurs(process.env),
      BMMS_DATA_FOLDER: folder,
      BMMS_POSTGRES_ROOT: path.join(folder, 'shared'),
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      PORT: String(await freePort()),
      RATE_LIMIT_PER_MINUTE: '0',
      VNPAY_IPN_RETRY_MS: '500',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const logs = (): string => readLogs(folder, supervisorLog);
  const reports = (part: Part): string[] =>
    readFileSync(supervisorLog, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`! ${part} `));
  const read = <Value>(name: string): Value | null => {
    const file = path.join(folder, name);

    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Value) : null;
  };

  try {
    for (const until = performance.now() + upWithinMs; !existsSync(path.join(folder, 'endpoints.json'));) {
      if (child.exitCode !== null || performance.now() > until) {
        throw new Error('The system did not come up.');
      }
      await delay(50);
    }
  } catch (error) {
    const text = logs();
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`${String(error)}\n${text}`, { cause: error });
  }

  const endpoints = read<{ api: string; vnpaySandbox: string; environment: Record<string, string> }>('endpoints.json');
  const environment = endpoints?.environment ?? {};
  const database = openDatabase({ url: environment['DATABASE_URL'] ?? '', poolSize: 2 });
  const temporal = openTemporal({ address: environment['TEMPORAL_ADDRESS'] ?? '', namespace: 'default' });

  return {
    api: endpoints?.api ?? '',
    sandbox: endpoints?.vnpaySandbox ?? '',
    adminUrl: environment['DATABASE_ADMIN_URL'] ?? '',
    jwtSecret: environment['JWT_SECRET'] ?? '',
    database,
    temporal,
    kill(part, signal = 'SIGKILL') {
      const record = read<{ children: { name: string; pid: number }[] }>('processes.json');
      const pid = record?.children.find(({ name }) => name === part)?.pid;

      if (pid === undefined) {
        throw new Error(`${part} does not run.`);
      }
      process.kill(pid, signal);
    },
    reports,
    async reportsOnceUp(part) {
      for (const until = performance.now() + upAgainWithinMs; performance.now() < until; await delay(100)) {
        if (reports(part).at(-1)?.endsWith('is up again') === true) {
          break;
        }
      }

      return reports(part);
    },
    logs,
    logFolder: path.join(folder, 'logs'),
    async stop() {
      await Promise.allSettled([database.close(), temporal.close()]);
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Whatever steers this test run must not steer the system under test. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(BMMS_TEST_|TEMPORAL_|VNPAY_|DATABASE_|JEST_|PG)/.test(name)),
  );
}

function readLogs(folder: string, supervisorLog: string): string {
  return [supervisorLog, ...['api', 'worker', 'postgres', 'temporal'].map((name) => `${folder}/logs/${name}.log`)]
    .filter((file) => existsSync(file))
    .map((file) => `--- ${path.basename(file)}\n${readFileSync(file, 'utf8').slice(-3_000)}`)
    .join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
