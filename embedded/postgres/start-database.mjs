import path from 'node:path';
import { preparePostgresBinaries } from './postgres-binaries.mjs';
import { choosePostgresPlace, sharedRoot } from './postgres-place.mjs';
import { startPostgres } from './postgres.mjs';
import { keepOnItsPort } from '../processes/supervisor.mjs';
import { toolCache } from '../bootstrap/tool-cache.mjs';

const WANTED_PORT = 5440;

/**
 * This clone's PostgreSQL, made at the first start.
 * @param {import('../processes/bring-up.mjs').BringUpOptions & { secrets: import('../bootstrap/secrets.mjs').Secrets, secretsAreNew: boolean }} options
 * @returns {Promise<{ port: number, folder: string }>}
 */
export async function startDatabase({ projectFolder, folders, supervisor, progress, env, claims, ...options }) {
  const place = choosePostgresPlace(folders, env);
  const binaries = preparePostgresBinaries({
    projectFolder,
    user: place.user,
    toolFolders: [toolCache(env), path.join(sharedRoot(env), 'tools')],
  });
  const { port } = await progress.step('Starting PostgreSQL', () =>
    keepOnItsPort(supervisor, 'PostgreSQL', (former) =>
      startPostgres({
        binaries,
        ...place,
        adminPassword: options.secrets.postgresAdminPassword,
        durable: true,
        resetPassword: former === null && options.secretsAreNew,
        wantedPort: former?.port ?? WANTED_PORT,
        claimPort: claims.claim,
        logFile: path.join(folders.logs, 'postgres.log'),
        token: supervisor.token,
        onChild: supervisor.onChild,
        onRemains: (seconds) =>
          progress.line(`  waiting for the rest of a PostgreSQL that was killed to end (at most ${seconds} s)`),
      }),
    ),
  );

  return { port, folder: place.folder };
}
