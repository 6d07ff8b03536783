import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEMO_ACCOUNTS } from './endpoints.mjs';
import { isPortFree, nextFreePort } from './free-port.mjs';
import { CLI } from './node-service.mjs';
import { prepareProject } from '../bootstrap/prepare-project.mjs';
import { Problem } from '../bootstrap/problem.mjs';
import { findServiceNode } from '../bootstrap/service-node.mjs';
import { requireCommand } from './run-command.mjs';
import { loadSecrets } from '../bootstrap/secrets.mjs';
import { serviceEnvironment } from './service-environment.mjs';
import { settleAll } from './settle-all.mjs';
import { startDatabase } from '../postgres/start-database.mjs';
import { startServices } from './start-services.mjs';
import { startWorkflowServer } from '../temporal/start-workflow-server.mjs';

const PORTS = { api: 3000, workerHealth: 3100, workerMetrics: 3150, sandbox: 3200, mail: 3300, smtp: 3325 };

/**
 * @typedef {object} BringUpOptions
 * @property {string} projectFolder
 * @property {import('../bootstrap/folders.mjs').DataFolders} folders
 * @property {import('./supervisor.mjs').Supervisor} supervisor
 * @property {import('../bootstrap/progress.mjs').Progress} progress
 * @property {NodeJS.ProcessEnv} env
 * @property {import('./port-claims.mjs').PortClaims} claims
 */

/**
 * Brings everything up, in as few steps one after another as can be.
 * @param {BringUpOptions} options @returns {Promise<import('./endpoints.mjs').Endpoints>}
 */
export async function bringUp(options) {
  const { projectFolder, folders, env } = options;
  const progress = stoppable(options);
  const apiPort = await claimApiPort(options);
  await prepareProject({ projectFolder, lockFile: folders.buildLock, compile: true, progress });

  const { secrets, created: secretsAreNew } = loadSecrets(folders.secrets);
  const [postgres, temporal, ports, node] = await settleAll([
    startDatabase({ ...options, progress, secrets, secretsAreNew }),
    startWorkflowServer({ ...options, progress }),
    choosePorts(env, options.claims),
    findServiceNode({ progress, env }),
  ]);
  const environment = serviceEnvironment(
    env,
    {
      apiPort,
      host: env.HOST || '127.0.0.1',
      databaseHost: `127.0.0.1:${postgres.port}`,
      temporalAddress: temporal.address,
      temporalUiUrl: temporal.uiUrl ?? undefined,
      sandboxPort: ports.sandbox,
      mail: ports.mail,
      workerHealthPort: ports.workerHealth,
      workerMetricsPort: ports.workerMetrics,
    },
    secrets,
  );

  const cli = (/** @type {string[]} */ args, /** @type {string} */ failure) =>
    requireCommand({
      command: process.execPath,
      args: ['--enable-source-maps', path.join(projectFolder, CLI), ...args],
      cwd: projectFolder,
      env: environment.admin,
      failure,
    });
  await progress.step('Migrating the database', () => cli(['migrate'], 'The database could not be migrated'));
  const seeded = path.join(postgres.folder, 'seeded');
  const isProduction = environment.service.NODE_ENV === 'production';
  if (!isProduction && !existsSync(seeded)) {
    await progress.step('Seeding the demo company', () => cli(['seed'], 'The demo data could not be made'));
    writeFileSync(seeded, '');
  }
  await progress.step('Checking that database and Temporal belong together', () =>
    cli(['installation', 'verify'], 'The database and the Temporal server do not belong together'),
  );
  const services = await startServices({
    ...options,
    progress,
    environment: environment.service,
    apiPort,
    ports,
    node,
  });

  return {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    api: services.api,
    docs: `${services.api}/docs`,
    temporalAddress: temporal.address,
    temporalUi: temporal.uiUrl,
    vnpaySandbox: services.sandbox,
    mail: services.mail,
    workerHealth: services.workerHealth,
    postgres: `127.0.0.1:${postgres.port}`,
    demoAccounts: isProduction ? [] : DEMO_ACCOUNTS,
    environment: addedVariables(env, environment.admin),
  };
}

/** @param {BringUpOptions} options @returns {Promise<number>} the port the person wants, refused when it is taken */
async function claimApiPort({ env, claims }) {
  const port = Number(env.PORT || PORTS.api);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Problem(`PORT=${env.PORT} is not a port: it must be a number from 1 to 65535.`);
  }
  const isOurs = (await isPortFree(port, env.HOST || '127.0.0.1')) && (await claims.claim(port)) === port;
  if (!isOurs) {
    throw new Problem(`Port ${port} is in use by another program, so the API cannot listen there.`, {
      mend: `Use another one: PORT=${await nextFreePort(port + 1)} npm start`,
    });
  }

  return port;
}

/** @param {NodeJS.ProcessEnv} env @param {import('./port-claims.mjs').PortClaims} claims */
async function choosePorts(env, claims) {
  return {
    workerHealth: await claims.claim(Number(env.WORKER_HEALTH_PORT) || PORTS.workerHealth),
    workerMetrics: await claims.claim(Number(env.TEMPORAL_METRICS_PORT) || PORTS.workerMetrics),
    // Whoever names a VNPay of their own gets no sandbox beside it.
    sandbox: env.VNPAY_PAY_URL ? null : await claims.claim(Number(env.VNPAY_SANDBOX_PORT) || PORTS.sandbox),
    // Whoever names a mail server gets no catcher beside it, and production delivers or says that it does not.
    mail:
      env.MAIL_URL || env.NODE_ENV === 'production'
        ? null
        : {
            page: await claims.claim(Number(env.MAIL_SANDBOX_PORT) || PORTS.mail),
            smtp: await claims.claim(Number(env.MAIL_SANDBOX_SMTP_PORT) || PORTS.smtp),
          },
  };
}

/** @param {BringUpOptions} options @returns {import('../bootstrap/progress.mjs').Progress} begins no step once a stop is wished */
function stoppable({ progress, supervisor }) {
  return {
    line: progress.line,
    step(title, work) {
      return supervisor.isStopping() ? Promise.reject(new Problem('Stopped.')) : progress.step(title, work);
    },
  };
}

/** @param {NodeJS.ProcessEnv} before @param {NodeJS.ProcessEnv} after @returns {Record<string, string>} what we added */
function addedVariables(before, after) {
  return /** @type {Record<string, string>} */ (
    Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value))
  );
}
