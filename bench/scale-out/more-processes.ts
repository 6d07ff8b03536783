import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import path from 'node:path';

import { type BenchSystem, freePort } from '../start-system';

/** A process of the product beside those that the system began with. */
export interface MoreProcess {
  kind: 'api' | 'worker';
  pid: number;
  /** Where an API answers; of a worker host, its health. */
  address: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** One more API or worker host on the system's servers, on the same Node and with the same flags as the first. */
export async function startOneMore(system: BenchSystem, kind: MoreProcess['kind']): Promise<MoreProcess> {
  const port = await freePort();
  const child = fork(path.join(__dirname, '../../cli/bmms.js'), [kind], {
    execPath: readlinkSync(`/proc/${system.pids['API'] ?? 0}/exe`),
    execArgv: ['--enable-source-maps', '--max-semi-space-size=16'],
    env: {
      ...process.env,
      ...system.environment,
      MALLOC_ARENA_MAX: '2',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '0',
      ...(kind === 'api'
        ? { PORT: String(port) }
        : { WORKER_HEALTH_PORT: String(port), TEMPORAL_METRICS_PORT: String(await freePort()) }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const isReady = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);

  if (!isReady) {
    throw new Error(`One more ${kind} did not start.`);
  }

  return {
    kind,
    pid: child.pid ?? 0,
    address: `http://127.0.0.1:${port}`,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}
