import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { startChild } from '../processes/child-process.mjs';
import { delay } from '../processes/delay.mjs';
import { answersOn, pickFreePort } from '../processes/free-port.mjs';
import { tailOf } from '../processes/log-tail.mjs';
import { Problem } from '../bootstrap/problem.mjs';

const READY_WITHIN_MS = 60_000;
const PORT_ATTEMPTS = 5;

/** What workflows are found by in the Web UI; set at their start. */
export const SEARCH_ATTRIBUTES = [
  'CompanyId=Int',
  'CustomerId=Int',
  'BusinessModel=Keyword',
  'BmmsState=Keyword',
  'OrderNumber=Keyword',
];

/** A queue that is spread over partitions is in order in each of them alone, and on one machine nothing is gained by it. */
const FAIR_QUEUES = ['enableFairness=true', 'numTaskqueueReadPartitions=1', 'numTaskqueueWritePartitions=1'];

/** @type {import('../processes/child-process.mjs').StopLadder} */
const STOP_LADDER = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGTERM', waitMs: 3_000 },
];

/**
 * @typedef {object} TemporalServer
 * @property {import('../processes/child-process.mjs').Child} child
 * @property {string} address host:port of the gRPC service
 * @property {number} port
 * @property {number | null} uiPort null when headless
 *
 * @typedef {object} TemporalOptions
 * @property {string} binary
 * @property {string | null} databaseFile null: in memory
 * @property {boolean} hasFairQueues urgent tasks first, and companies in turn; a file keeps what it began with, or its waiting tasks are lost
 * @property {string[]} [namespaces] made at start, beside "default"
 * @property {number} wantedPort the next free one is taken when it is not free
 * @property {number | null} wantedUiPort null: no Web UI
 * @property {(wanted: number) => Promise<number>} claimPort
 * @property {string} logFile
 * @property {string} token
 * @property {(child: import('../processes/child-process.mjs').Child) => void} [onChild] hears of the process at once
 */

/**
 * Starts a Temporal development server on loopback, and waits until all its namespaces answer.
 * @param {TemporalOptions} options @returns {Promise<TemporalServer>}
 */
export async function startTemporal(options) {
  let wanted = options.wantedPort;
  let wantedUi = options.wantedUiPort;
  for (let attempt = 1; ; attempt += 1) {
    const port = await options.claimPort(wanted);
    const uiPort = wantedUi === null ? null : await options.claimPort(wantedUi);
    const httpPort = await pickFreePort();
    const child = await launch(options, { port, uiPort, httpPort });
    options.onChild?.(child);
    if (await isReady(child, { port, uiPort, httpPort, namespaces: options.namespaces ?? [] })) {
      return { child, address: `127.0.0.1:${port}`, port, uiPort };
    }
    const printed = child.printed();
    await child.stop();
    // Another process may have taken a port since we looked.
    if (attempt < PORT_ATTEMPTS && /address already in use|port .*(in use|not available)/i.test(printed)) {
      wanted = port + 1;
      wantedUi = uiPort === null ? null : uiPort + 1;
      continue;
    }
    throw new Problem('The Temporal server did not start.', {
      detail: tailOf(printed),
      mend: brokenFileHint(options),
    });
  }
}

/** @param {TemporalOptions} options */
function brokenFileHint({ databaseFile, logFile }) {
  return databaseFile && existsSync(databaseFile)
    ? `Its log is ${logFile}. If its data file ${databaseFile} is broken or was written by a newer version: restore a ` +
        'backup of it together with the PostgreSQL folder, or remove both to begin anew (all data is lost).'
    : `Its log is ${logFile}.`;
}

/** @param {TemporalOptions} options @param {{ port: number, uiPort: number | null, httpPort: number }} ports */
function launch(options, { port, uiPort, httpPort }) {
  const { databaseFile, hasFairQueues, namespaces = [] } = options;
  if (databaseFile) {
    mkdirSync(path.dirname(databaseFile), { recursive: true, mode: 0o700 });
  }

  return startChild({
    name: 'Temporal',
    command: options.binary,
    args: [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--http-port=${httpPort}`,
      '--log-level=warn',
      '--log-format=text',
      ...(uiPort === null ? ['--headless'] : [`--ui-port=${uiPort}`]),
      // Durable, and still quick: the write-ahead log is synced at checkpoints, not at every commit (D10).
      ...(databaseFile
        ? [`--db-filename=${databaseFile}`, '--sqlite-pragma=journal_mode=WAL', '--sqlite-pragma=synchronous=NORMAL']
        : []),
      ...(hasFairQueues ? FAIR_QUEUES.map((value) => `--dynamic-config-value=matching.${value}`) : []),
      ...namespaces.map((name) => `--namespace=${name}`),
      ...SEARCH_ATTRIBUTES.map((attribute) => `--search-attribute=${attribute}`),
    ],
    cwd: path.dirname(options.logFile),
    env: process.env,
    logFile: options.logFile,
    stopLadder: STOP_LADDER,
    token: options.token,
  });
}

/**
 * @param {import('../processes/child-process.mjs').Child} child
 * @param {{ port: number, uiPort: number | null, httpPort: number, namespaces: string[] }} server
 * @returns {Promise<boolean>}
 */
async function isReady(child, { port, uiPort, httpPort, namespaces }) {
  const deadline = Date.now() + READY_WITHIN_MS;
  const waiting = ['default', ...namespaces];
  while (child.exit() === null && Date.now() < deadline) {
    while (waiting[0] !== undefined && (await hasNamespace(httpPort, waiting[0]))) {
      waiting.shift();
    }
    if (waiting.length === 0 && (await answersOn(port)) && (uiPort === null || (await answersOn(uiPort)))) {
      return true;
    }
    await delay(100);
  }

  return false;
}

/** @param {number} httpPort @param {string} namespace */
async function hasNamespace(httpPort, namespace) {
  const url = `http://127.0.0.1:${httpPort}/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.status === 200;
}
