import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { dataFolders, makeDataFolder, projectFolder } from './folders.mjs';
import { CLI } from '../processes/node-service.mjs';
import { prepareProject } from './prepare-project.mjs';
import { Problem } from './problem.mjs';
import { createProgress } from './progress.mjs';
import { killRunningCommands } from '../processes/run-command.mjs';
import { listenForStop } from '../processes/stop-signals.mjs';

/** What each script of package.json runs once everything is in place. */
const COMPILED = { bench: 'dist/bench/main.js', cases: 'dist/test/cases/run-cases.js' };

/**
 * @param {string} command @param {string[]} words the rest of the command line
 * @returns {Promise<number>} exit status
 */
export async function dispatchCommand(command, words) {
  switch (command) {
    case 'start': {
      const { startCommand } = await import('../processes/start-command.mjs');
      return startCommand({ projectFolder });
    }
    case 'doctor': {
      if (words.includes('--repair')) {
        await prepareUnlessStopped({ compile: true, stream: process.stderr });
        return runCompiled(CLI, ['doctor', ...words]);
      }
      const { doctorCommand } = await import('../doctor/doctor-command.mjs');
      const status = await doctorCommand({ projectFolder });
      // How the workflows do is asked of the compiled product, where a system runs.
      const isUp = existsSync(path.join(projectFolder, CLI)) && existsSync(dataFolders().endpoints);

      return isUp ? Math.max(status, await runCompiled(CLI, ['doctor', '--workflows'])) : status;
    }
    case 'test': {
      await prepareUnlessStopped({ compile: false });
      const { runTests } = await import('../../test/runner/run-tests.mjs');
      return runTests({ projectFolder, words });
    }
    case 'rehearse': {
      await prepareUnlessStopped({ compile: true });
      const { rehearse } = await import('../../test/runner/rehearsal/rehearse.mjs');
      return rehearse({ projectFolder, patterns: words });
    }
    case 'build':
      await prepareUnlessStopped({ compile: true });
      return 0;
    case 'bench':
    case 'cases':
      await prepareUnlessStopped({ compile: true, stream: process.stderr });
      return runCompiled(COMPILED[command], words);
    default:
      throw new Problem(`There is no command "${command}".`, {
        mend: 'Commands: start test build bench cases rehearse doctor',
      });
  }
}

/** @param {{ compile: boolean, stream?: NodeJS.WriteStream }} options */
async function prepareUnlessStopped({ compile, stream = process.stdout }) {
  const quit = () => {
    killRunningCommands();
    process.exit(130);
  };
  const unlisten = listenForStop({ stop: quit, kill: quit });
  const folders = dataFolders();
  makeDataFolder(folders);
  await prepareProject({ projectFolder, lockFile: folders.buildLock, compile, progress: createProgress(stream) });
  unlisten();
}

/** @param {string} script @param {string[]} words @returns {Promise<number>} */
function runCompiled(script, words) {
  if (!existsSync(path.join(projectFolder, script))) {
    throw new Problem(`${script} is not there: this part of the project is not built.`);
  }

  return new Promise((resolve, reject) => {
    // It shares our terminal and process group, so Ctrl-C reaches it directly; we only wait for its end.
    const unlisten = listenForStop({ stop: () => undefined, kill: () => child.kill('SIGKILL') });
    const child = spawn(process.execPath, [path.join(projectFolder, script), ...words], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      unlisten();
      resolve(code ?? 130);
    });
  });
}
