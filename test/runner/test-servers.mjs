import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { preparePostgresBinaries } from '../../embedded/postgres/postgres-binaries.mjs';
import { createPortClaims } from '../../embedded/processes/port-claims.mjs';
import { startPostgres } from '../../embedded/postgres/postgres.mjs';
import { endOrphans, writeProcessRecord } from '../../embedded/processes/process-record.mjs';
import { chooseServerUser } from '../../embedded/postgres/server-user.mjs';
import { settleAll } from '../../embedded/processes/settle-all.mjs';
import { obtainTemporal } from '../../embedded/temporal/temporal-binary.mjs';
import { startTemporal } from '../../embedded/temporal/temporal-server.mjs';
import { toolCache } from '../../embedded/bootstrap/tool-cache.mjs';
import { writeFileWhole } from '../../embedded/bootstrap/write-file-whole.mjs';

const NAMESPACES = Array.from({ length: 24 }, (_, index) => `test-${index + 1}`);

/** Tests begin to look for ports here, far from where `npm start` and its users do. */
const FIRST_PORT = 27_100;

/**
 * What suites read from the file named by BMMS_TEST_ENVIRONMENT.
 * @typedef {object} TestEnvironment
 * @property {string} postgresAdminUrl owner of everything; suites make databases of their own in this server
 * @property {string} postgresBinaries folder with bin/, for suites that need a server of their own
 * @property {string} temporalAddress host:port
 * @property {string[]} temporalNamespaces free for suites to claim, one each
 * @property {string} temporalBinary the `temporal` CLI
 * @property {string} temporalVersion
 * @property {number} serverPid process that stops them
 */

/**
 * Starts PostgreSQL (without syncing: nobody will miss these data) and Temporal (in memory), and writes where they are.
 * @param {object} options
 * @param {string} options.projectFolder
 * @param {string} options.stateFolder logs, process record and environment.json
 * @param {import('../../embedded/bootstrap/progress.mjs').Progress} options.progress
 * @returns {Promise<{ environmentFile: string, environment: TestEnvironment, stop: () => Promise<void>, kill: () => void }>}
 */
export async function startTestServers({ projectFolder, stateFolder, progress }) {
  mkdirSync(stateFolder, { recursive: true });
  const recordFile = path.join(stateFolder, 'processes.json');
  await endOrphans(recordFile, (name) => progress.line(`  ending ${name}, left over from a test run that was killed`));

  const token = randomUUID();
  const claims = createPortClaims();
  /** @type {import('../../embedded/processes/child-process.mjs').Child[]} */
  const children = [];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-test-'));
  chmodSync(folder, 0o711);
  const onChild = (/** @type {import('../../embedded/processes/child-process.mjs').Child} */ child) => {
    children.push(child);
    writeProcessRecord(recordFile, {
      token,
      folder,
      children: children.map(({ name, identity, stopLadder }) => ({ name, ...identity, stopLadder })),
    });
  };
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
    rmSync(recordFile, { force: true });
    claims.release();
  };
  const kill = () => children.forEach((child) => child.kill());

  try {
    const user = chooseServerUser();
    const binaries = preparePostgresBinaries({ projectFolder, user, toolFolders: [toolCache(), folder] });
    const [postgres, temporal] = await settleAll([
      progress.step('Test PostgreSQL', () =>
        startPostgres({
          binaries,
          folder: path.join(folder, 'postgres'),
          user,
          adminPassword: randomBytes(12).toString('hex'),
          durable: false,
          wantedPort: FIRST_PORT,
          claimPort: claims.claim,
          logFile: path.join(stateFolder, 'postgres.log'),
          token,
          onChild,
        }),
      ),
      progress.step('Test Temporal', async (update) => {
        const binary = await obtainTemporal({ update });
        const server = await startTemporal({
          binary: binary.path,
          databaseFile: null,
          hasFairQueues: true,
          namespaces: NAMESPACES,
          wantedPort: FIRST_PORT + 100,
          claimPort: claims.claim,
          wantedUiPort: null,
          logFile: path.join(stateFolder, 'temporal.log'),
          token,
          onChild,
        });
        return { ...server, binary };
      }),
    ]);

    const environment = {
      postgresAdminUrl: postgres.adminUrl,
      postgresBinaries: binaries,
      temporalAddress: temporal.address,
      temporalNamespaces: NAMESPACES,
      temporalBinary: temporal.binary.path,
      temporalVersion: temporal.binary.version,
      serverPid: process.pid,
    };
    const environmentFile = path.join(stateFolder, 'environment.json');
    writeFileWhole(environmentFile, `${JSON.stringify(environment, null, 2)}\n`, 0o600);

    return { environmentFile, environment, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}
