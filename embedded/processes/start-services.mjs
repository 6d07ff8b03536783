import path from 'node:path';
import { delay } from './delay.mjs';
import { startNodeService } from './node-service.mjs';
import { Problem } from '../bootstrap/problem.mjs';
import { settleAll } from './settle-all.mjs';

const HEALTHY_WITHIN_MS = 30_000;

/** How long each may take to finish what it has in hand when told to stop: a request may take the API 25 s (D2). */
const DRAIN_MS = { api: 32_000, worker: 32_000, sandbox: 5_000 };

/**
 * Starts the product's own processes and waits until the API calls itself ready.
 * @param {import('./bring-up.mjs').BringUpOptions & {
 *   environment: NodeJS.ProcessEnv, apiPort: number, node: string,
 *   ports: { workerHealth: number, workerMetrics: number, sandbox: number | null, mail: { page: number } | null },
 * }} options
 * @returns {Promise<{ api: string, workerHealth: string, sandbox: string | null, mail: string | null }>} their addresses
 */
export async function startServices({
  projectFolder,
  folders,
  supervisor,
  progress,
  environment,
  apiPort,
  node,
  ports,
}) {
  const keep = (
    /** @type {string} */ name,
    /** @type {string[]} */ args,
    /** @type {number} */ drainMs,
    /** @type {NodeJS.ProcessEnv} */ env,
  ) =>
    supervisor.keep(name, () =>
      startNodeService({
        name,
        node,
        args,
        projectFolder,
        env,
        drainMs,
        logFile: path.join(folders.logs, `${args.join('-')}.log`),
        token: supervisor.token,
        onChild: supervisor.onChild,
      }),
    );
  const host = environment.HOST ?? '127.0.0.1';
  const api = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${apiPort}`;

  const { sandbox, mail } = ports;
  await progress.step('Starting the services', async () => {
    await settleAll([
      sandbox === null
        ? Promise.resolve()
        : keep('VNPay sandbox', ['sandbox', 'vnpay'], DRAIN_MS.sandbox, {
            ...environment,
            VNPAY_SANDBOX_STATE: folders.sandboxState,
          }),
      mail === null
        ? Promise.resolve()
        : keep('Mail sandbox', ['sandbox', 'mail'], DRAIN_MS.sandbox, {
            ...environment,
            MAIL_SANDBOX_STATE: folders.mailState,
          }),
      keep('Worker host', ['worker'], DRAIN_MS.worker, environment),
      keep('API', ['api'], DRAIN_MS.api, environment),
    ]);
  });
  await progress.step('Waiting until the API is ready', (update) => waitUntilHealthy(`${api}/health/ready`, update));

  return {
    api,
    workerHealth: `http://127.0.0.1:${ports.workerHealth}`,
    sandbox: sandbox === null ? null : `http://127.0.0.1:${sandbox}`,
    mail: mail === null ? null : `http://127.0.0.1:${mail.page}`,
  };
}

/** @param {string} url @param {import('../bootstrap/progress.mjs').Update} update */
async function waitUntilHealthy(url, update) {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) {
      await answer.body?.cancel();
      return;
    }
    last = answer ? `status ${answer.status} ${(await answer.text()).slice(0, 200)}` : 'no answer';
    update(last);
    await delay(100);
  }

  throw new Problem(`The API is up but does not become ready (${url}): ${last}`);
}
