import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const projectFolder = path.resolve(__dirname, '../..');

/** What benchmarks leave behind; it may be removed at any time. */
export const benchFolder = path.join(projectFolder, '.bmms-bench');

export interface BenchSystem {
  api: string;
  temporalAddress: string;
  /** Process id of each part; PostgreSQL's is that of its first process. */
  pids: Record<string, number>;
  adminUrl: string;
  /** Of the role that the product itself has. */
  databaseUrl: string;
  /** What `BMMS_DATA_FOLDER` names for commands of `bmms` on it. */
  dataFolder: string;
  /** What `npm start` adds to the environment of its own processes. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Of all systems that run: whoever is interrupted leaves none behind. */
const running = new Set<() => Promise<void>>();
let isListening = false;

function listenForInterruption(): void {
  if (isListening) {
    return;
  }
  isListening = true;

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void Promise.all([...running].map((stop) => stop())).then(() => process.exit(130)));
  }
}

/**
 * Starts what `npm start` starts, with its durable settings, in a data folder of its own. Nothing else of this machine is
 * attached to; the folder is begun anew, so that runs compare.
 * @param options.project the folder of the build; this one when absent
 * @param options.name tells data folders of systems apart that run side by side
 */
export async function startSystem({ project = projectFolder, name = 'data' } = {}): Promise<BenchSystem> {
  const dataFolder = path.join(benchFolder, name);
  await rm(dataFolder, { recursive: true, force: true });
  listenForInterruption();
  const child = spawn(process.execPath, [path.join(project, 'embedded/bootstrap.mjs'), 'start'], {
    cwd: project,
    env: {
      ...process.env,
      BMMS_DATA_FOLDER: dataFolder,
      PORT: String(await freePort()),
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    running.delete(stop);
  };
  running.add(stop);

  for (let waited = 0; waited < 600; waited += 1) {
    if (child.exitCode !== null) {
      throw new Error(`The system in ${project} did not start.`);
    }
    const endpoints = await readJson(path.join(dataFolder, 'endpoints.json'));

    if (endpoints !== null) {
      const { api, temporalAddress, environment } = endpoints as {
        api: string;
        temporalAddress: string;
        environment: Record<string, string>;
      };

      return {
        api,
        temporalAddress,
        pids: await readPids(dataFolder),
        adminUrl: environment['DATABASE_ADMIN_URL'] ?? '',
        databaseUrl: environment['DATABASE_URL'] ?? '',
        dataFolder,
        environment,
        stop,
      };
    }
    await sleep(500);
  }
  await stop();
  throw new Error('The system was not up within 5 minutes.');
}

async function readPids(dataFolder: string): Promise<Record<string, number>> {
  const record = (await readJson(path.join(dataFolder, 'processes.json'))) as {
    children: { name: string; pid: number }[];
  };

  return Object.fromEntries(record.children.map(({ name, pid }) => [name, pid]));
}

async function readJson(file: string): Promise<unknown> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as unknown,
    () => null,
  );
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
