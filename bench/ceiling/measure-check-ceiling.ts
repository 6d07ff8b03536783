import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { closedLoop, type LoopResult, Timings } from '../closed-loop';
import { call } from '../orders/shop';

/**
 * What a check of a feature could reach on this machine with the same client: a bare server whose answer is one row read by
 * its key.
 * @param options.adminUrl of the database, beyond row-level security
 */
export async function measureCheckCeiling({
  adminUrl,
  customers,
  clients,
  seconds,
}: {
  adminUrl: string;
  customers: readonly number[];
  clients: number;
  seconds: number;
}): Promise<LoopResult & { timings: Timings }> {
  const server = fork(path.join(__dirname, 'check-server.js'), [adminUrl], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [port] = (await once(server, 'message')) as [number];
  const timings = new Timings();
  const one = (to: Timings) => async (client: number) => {
    const from = performance.now();
    await call(`http://127.0.0.1:${port}`, 'GET', `/${customers[client % customers.length]}`);
    to.add(performance.now() - from);
  };
  await closedLoop(clients, Math.min(3, seconds), one(new Timings()));
  const result = await closedLoop(clients, seconds, one(timings));
  server.disconnect();
  await once(server, 'exit');

  return { ...result, timings };
}
