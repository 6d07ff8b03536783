import path from 'node:path';
import { keepOnItsPort } from '../processes/supervisor.mjs';
import { obtainTemporal } from './temporal-binary.mjs';
import { startTemporal } from './temporal-server.mjs';

const WANTED_PORT = 7233;
const WANTED_UI_PORT = 8233;

/**
 * The Temporal server somebody named by TEMPORAL_ADDRESS, else one of this clone's own.
 * @param {import('../processes/bring-up.mjs').BringUpOptions} options
 * @returns {Promise<{ address: string, uiUrl: string | null }>}
 */
export async function startWorkflowServer({ folders, supervisor, progress, env, claims }) {
  if (env.TEMPORAL_ADDRESS) {
    progress.line(`  Temporal: using the server at TEMPORAL_ADDRESS=${env.TEMPORAL_ADDRESS}`);
    return { address: env.TEMPORAL_ADDRESS, uiUrl: env.TEMPORAL_UI_URL ?? null };
  }
  const binary = await progress.step('Getting a Temporal server', (update) => obtainTemporal({ update, env }));
  const server = await progress.step('Starting Temporal', () =>
    keepOnItsPort(
      supervisor,
      'Temporal',
      (/** @type {import('./temporal-server.mjs').TemporalServer | null} */ former) =>
        startTemporal({
          binary: binary.path,
          databaseFile: folders.temporalFile,
          hasFairQueues: folders.hasFairQueues,
          wantedPort: former?.port ?? WANTED_PORT,
          wantedUiPort: former?.uiPort ?? WANTED_UI_PORT,
          claimPort: claims.claim,
          logFile: path.join(folders.logs, 'temporal.log'),
          token: supervisor.token,
          onChild: supervisor.onChild,
        }),
    ),
  );
  if (server.port !== WANTED_PORT) {
    progress.line(`  Temporal: port ${WANTED_PORT} is taken, using ${server.port}`);
  }

  return { address: server.address, uiUrl: `http://127.0.0.1:${server.uiPort}` };
}
