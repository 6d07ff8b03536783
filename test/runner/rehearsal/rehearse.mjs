import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createProgress, elapsed } from '../../../embedded/bootstrap/progress.mjs';
import { toolCache } from '../../../embedded/bootstrap/tool-cache.mjs';
import { writeFileWhole } from '../../../embedded/bootstrap/write-file-whole.mjs';
import { preparePostgresBinaries } from '../../../embedded/postgres/postgres-binaries.mjs';
import { startPostgres } from '../../../embedded/postgres/postgres.mjs';
import { chooseServerUser } from '../../../embedded/postgres/server-user.mjs';
import { killRunningCommands } from '../../../embedded/processes/run-command.mjs';
import { listenForStop } from '../../../embedded/processes/stop-signals.mjs';
import { obtainTemporal } from '../../../embedded/temporal/temporal-binary.mjs';
import { printSummary } from '../print-summary.mjs';
import { runJestProject } from '../run-jest-project.mjs';
import { openServerGroup } from '../server-group.mjs';
import { readComposed } from './composed-environment.mjs';
import { obtainTemporalServer } from './obtain-temporal-server.mjs';
import { startTemporalOnPostgres } from './temporal-on-postgres.mjs';

const NAMESPACES = Array.from({ length: 24 }, (_, index) => `test-${index + 1}`);
const FIRST_PORT = 29_100;

/**
 * The end-to-end suite against what docker-compose.yml runs, without an engine: PostgreSQL, Temporal's server on it, and the
 * image's commands as processes: the API, and workers by service. On ports and data of its own, ended when it is over.
 * @param {{ projectFolder: string, patterns: string[] }} options patterns: of test files; none: all
 * @returns {Promise<number>} exit status
 */
export async function rehearse({ projectFolder, patterns }) {
  const startedAt = Date.now();
  const progress = createProgress(process.stdout);
  const stateFolder = path.join(projectFolder, '.bmms-test', 'rehearsal');
  const group = await openServerGroup({
    recordFile: path.join(stateFolder, 'processes.json'),
    name: 'bmms-rehearsal',
    mode: 0o711,
    run: 'rehearsal',
    progress,
  });
  const { token, folder, claimPort, onChild } = group;
  const unlisten = listenForStop({
    stop: () => killRunningCommands(),
    kill: () => {
      group.kill();
      process.exit(130);
    },
  });

  try {
    const { image } = readComposed(projectFolder, 'temporal');
    const version = image.split(':').at(-1) ?? '';
    const tools = await progress.step(`Temporal's server ${version}`, (update) =>
      obtainTemporalServer({ version, update }),
    );
    const cli = await progress.step('Temporal CLI', (update) => obtainTemporal({ update }));
    const user = chooseServerUser();
    const binaries = preparePostgresBinaries({ projectFolder, user, toolFolders: [toolCache(), folder] });
    const postgres = await progress.step('PostgreSQL', () =>
      startPostgres({
        binaries,
        folder: path.join(folder, 'postgres'),
        user,
        adminPassword: randomBytes(12).toString('hex'),
        durable: false,
        settings: { max_connections: '500' },
        wantedPort: FIRST_PORT,
        claimPort,
        logFile: path.join(stateFolder, 'postgres.log'),
        token,
        onChild,
      }),
    );
    const temporalAddress = await progress.step('Temporal on PostgreSQL', (update) =>
      startTemporalOnPostgres({
        projectFolder,
        tools,
        cli: cli.path,
        adminUrl: postgres.adminUrl,
        namespaces: NAMESPACES,
        wantedPort: FIRST_PORT + 10,
        claimPort,
        logFile: path.join(stateFolder, 'temporal-server.log'),
        token,
        onChild,
        update,
      }),
    );
    const environmentFile = path.join(stateFolder, 'environment.json');
    const environment = {
      postgresAdminUrl: postgres.adminUrl,
      postgresBinaries: binaries,
      temporalAddress,
      temporalNamespaces: NAMESPACES,
      temporalBinary: cli.path,
      temporalVersion: version,
      serverPid: process.pid,
    };
    writeFileWhole(environmentFile, `${JSON.stringify(environment, null, 2)}\n`, 0o600);
    const env = {
      ...process.env,
      NODE_ENV: 'test',
      KUBECONFIG: undefined,
      BMMS_DATA_FOLDER: undefined,
      BMMS_TEST_ENVIRONMENT: environmentFile,
      BMMS_REHEARSAL: '1',
    };
    const tally = await progress.step('end-to-end', (update) =>
      runJestProject({
        project: 'end-to-end',
        projectFolder,
        patterns,
        stateFolder,
        env,
        workers: 1,
        update,
        report: progress.line,
      }),
    );

    return printSummary([tally], elapsed(startedAt));
  } finally {
    // What stands on a server goes before it.
    for (const child of group.children.reverse()) {
      await child.stop();
    }
    group.forget();
    unlisten();
  }
}
