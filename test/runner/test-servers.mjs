import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { preparePostgresBinaries } from '../../embedded/postgres/postgres-binaries.mjs';
import { startPostgres } from '../../embedded/postgres/postgres.mjs';
import { chooseServerUser } from '../../embedded/postgres/server-user.mjs';
import { settleAll } from '../../embedded/processes/settle-all.mjs';
import { obtainTemporal } from '../../embedded/temporal/temporal-binary.mjs';
import { startTemporal } from '../../embedded/temporal/temporal-server.mjs';
import { toolCache } from '../../embedded/bootstrap/tool-cache.mjs';
import { writeFileWhole } from '../../embedded/bootstrap/write-file-whole.mjs';
import { openServerGroup } from './server-group.mjs';

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
  const group = await openServerGroup({
    recordFile: path.join(stateFolder, 'processes.json'),
    name: 'bmms-test',
    mode: 0o711,
    run: 'test run',
    progress,
  });
  const { token, folder, claimPort, onChild } = group;
  const stop = async () => {
    await Promise.all(group.children.map((child) => child.stop()));
    group.forget();
  };

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
          claimPort,
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
          claimPort,
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

    return { environmentFile, environment, stop, kill: group.kill };
  } catch (error) {
    await stop();
    throw error;
  }
}
