import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { startCommand, type StartedProcess } from './child-process';
import { claimNamespace } from './claim-namespace';
import { freePorts } from './free-ports';
import { projectFolder, testServers } from './servers';
import { appPassword, createTestDatabase, type TestDatabase } from './test-database';

const run = promisify(execFile);

/** What end-to-end tests learn of the system that runs for all of them. Plain JSON: it crosses processes. */
export interface SystemDescription {
  url: string;
  sandboxUrl: string;
  /** Of the mail catcher's page and JSON API. */
  mailUrl: string;
  workerHealthUrl: string;
  adminUrl: string;
  appUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  jwtSecret: string;
  logFolder: string;
  pids: number[];
}

export interface StartedSystem {
  description: SystemDescription;
  testDatabase: TestDatabase;
  /** Starts one more process of it: `bmms` with these words. */
  start(name: string, ...args: string[]): Promise<StartedProcess>;
}

/** Starts the API, and all workers, of which the first one named has the port of its health in the environment. */
export type StartProduct = (of: {
  start: StartedSystem['start'];
  environment: Record<string, string | undefined>;
  logFolder: string;
}) => Promise<StartedProcess>[];

/** As `npm start` does: all workers in one process. */
export const startOnHost: StartProduct = ({ start }) => [start('api', 'api'), start('worker', 'worker')];

/** Never a secret of anything real. */
const jwtSecret = 'end-to-end-tests-only-jwt-secret-0123456789';

/**
 * The whole product from dist/ as processes of their own: migrated, seeded, API, worker host, VNPay sandbox and mail catcher
 * on free ports, in a database and a Temporal namespace of their own.
 * @param env what differs from the usual, such as another RATE_LIMIT_PER_MINUTE
 * @param startProduct how API and workers are started
 */
export async function startSystem(
  env: Record<string, string> = {},
  startProduct: StartProduct = startOnHost,
): Promise<StartedSystem> {
  const cli = path.join(projectFolder, 'dist', 'cli', 'bmms.js');

  if (!existsSync(cli)) {
    throw new Error('End-to-end tests run the compiled product, and dist/ is not there. Run: npm run build');
  }
  const testDatabase = await createTestDatabase();
  const namespace = await claimNamespace();
  const [port, sandboxPort, healthPort, metricsPort, mailPort, smtpPort] = await freePorts(6);
  const logFolder = path.join(projectFolder, '.bmms-test', 'logs', testDatabase.name);
  mkdirSync(logFolder, { recursive: true });
  removeOldLogs(path.dirname(logFolder));
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TZ: process.env['TZ'],
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: testDatabase.appUrl,
    DATABASE_ADMIN_URL: testDatabase.adminUrl,
    DATABASE_APP_PASSWORD: appPassword,
    TEMPORAL_ADDRESS: testServers().temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_METRICS_PORT: String(metricsPort),
    WORKER_HEALTH_PORT: String(healthPort),
    JWT_SECRET: jwtSecret,
    RATE_LIMIT_PER_MINUTE: '0',
    VNPAY_TMN_CODE: 'BMMSTEST',
    VNPAY_HASH_SECRET: 'ENDTOENDTESTSONLYVNPAYSECRET0001',
    VNPAY_SANDBOX_PORT: String(sandboxPort),
    VNPAY_PAY_URL: `http://127.0.0.1:${sandboxPort}/paymentv2/vpcpay.html`,
    VNPAY_API_URL: `http://127.0.0.1:${sandboxPort}/merchant_webapi/api/transaction`,
    VNPAY_IPN_RETRY_MS: '300',
    MAIL_SANDBOX_PORT: String(mailPort),
    MAIL_SANDBOX_SMTP_PORT: String(smtpPort),
    MANIFESTS_FOLDER: path.join(logFolder, 'manifests'),
    BMMS_IMAGE: 'shop/bmms:1.0.0',
    // Where pods would find it; nobody runs them.
    POD_TEMPORAL_ADDRESS: 'temporal:7233',
    ...env,
  };
  const once = (...args: string[]) => run(process.execPath, [cli, ...args], { cwd: projectFolder, env: environment });
  const start = (name: string, ...args: string[]) =>
    startCommand({
      name,
      args: [cli, ...args],
      env: environment,
      cwd: projectFolder,
      logFile: path.join(logFolder, `${name}.log`),
    });

  await once('migrate');
  await once('installation', 'verify');
  await once('installation', 'verify');
  await once('seed');
  const outcomes = await Promise.allSettled([
    ...startProduct({ start, environment, logFolder }),
    start('sandbox', 'sandbox', 'vnpay'),
    start('mail', 'sandbox', 'mail'),
  ]);
  const started = outcomes.filter((outcome) => outcome.status === 'fulfilled').map((outcome) => outcome.value);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');

  if (failed !== undefined) {
    started.forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
    await testDatabase.drop();
    throw failed.reason;
  }

  return {
    testDatabase,
    start,
    description: {
      url,
      sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
      mailUrl: `http://127.0.0.1:${mailPort}`,
      workerHealthUrl: `http://127.0.0.1:${healthPort}`,
      adminUrl: testDatabase.adminUrl,
      appUrl: testDatabase.appUrl,
      temporalAddress: testServers().temporalAddress,
      temporalNamespace: namespace,
      jwtSecret,
      logFolder,
      pids: started.map((one: StartedProcess) => one.pid),
    },
  };
}

/** Logs of the last runs are kept, to look at a failure. */
function removeOldLogs(folder: string): void {
  const newestFirst = readdirSync(folder)
    .map((name) => path.join(folder, name))
    .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);

  newestFirst.slice(10).forEach((old) => rmSync(old, { recursive: true, force: true }));
}
