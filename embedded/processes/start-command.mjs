import { rmSync } from 'node:fs';
import path from 'node:path';
import { bringUp } from './bring-up.mjs';
import { readEndpoints, summariseEndpoints, writeEndpoints } from './endpoints.mjs';
import { dataFolders, makeDataFolder } from '../bootstrap/folders.mjs';
import { tryLock } from './lock.mjs';
import { createPortClaims } from './port-claims.mjs';
import { describeProblem, explainFileError, Problem } from '../bootstrap/problem.mjs';
import { endOrphans } from './process-record.mjs';
import { createProgress, elapsed } from '../bootstrap/progress.mjs';
import { listenForStop } from './stop-signals.mjs';
import { createSupervisor } from './supervisor.mjs';

/**
 * `npm start`: everything on this machine, until Ctrl-C.
 * @param {{ projectFolder: string }} options
 * @returns {Promise<number>} exit status: 0 after a clean stop
 */
export async function startCommand({ projectFolder }) {
  const startedAt = Date.now();
  const folders = dataFolders(projectFolder);
  makeDataFolder(folders);
  const lock = tryLock(folders.runLock);
  if (!('release' in lock)) {
    const running = readEndpoints(folders.endpoints);
    throw new Problem(
      `bmms runs in this clone already (process ${lock.holder.pid})${running ? `: ${running.api}` : ''}.`,
      {
        mend: 'Stop it with Ctrl-C in its terminal first.',
      },
    );
  }

  const progress = createProgress(process.stdout);
  const claims = createPortClaims();
  const supervisor = createSupervisor(folders.processes, (text) => progress.line(`! ${text}`));
  const stopWished = new Promise((resolve) => {
    listenForStop({
      stop: () => resolve('stop'),
      kill: () => {
        supervisor.kill();
        rmSync(folders.endpoints, { force: true });
        console.log('Killed.');
        process.exit(130);
      },
    });
  });

  // Whoever reads our output may go away (a closed terminal, a pipe into `head`): that is no reason to leave the servers.
  [process.stdout, process.stderr].forEach((stream) => stream.on('error', () => undefined));
  const defect = new Promise((_, reject) => process.once('uncaughtException', reject));

  /** @type {unknown} */
  let failure = null;
  await endOrphans(folders.processes, (name) =>
    progress.line(`  ending ${name}, left over from a start that was killed (it has some seconds to finish)`),
  );
  const up = bringUp({ projectFolder, folders, supervisor, progress, env: process.env, claims }).then((endpoints) => {
    writeEndpoints(folders.endpoints, endpoints);
    console.log(
      summariseEndpoints(endpoints, { took: elapsed(startedAt), dataFolder: path.relative('', folders.root) }),
    );

    return supervisor.failed;
  });
  await Promise.race([stopWished, defect, up.then((problem) => (failure = problem))]).catch((error) => {
    failure = error;
  });
  if (failure === null) {
    progress.line('\nStopping (Ctrl-C again kills) …');
  }

  const clean = await supervisor.stop(progress);
  rmSync(folders.endpoints, { force: true });
  claims.release();
  lock.release();
  const told = explainFileError(failure);
  if (told instanceof Problem) {
    console.error(`\n${describeProblem(told)}`);
  } else if (told !== null) {
    console.error(told);
  } else {
    console.log('Stopped. The data stay; `npm start` goes on from here.');
  }

  // Whatever bringUp still had under way was killed above and must not keep this process alive.
  process.exit(failure === null && clean ? 0 : 1);
}
