import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

const projectFolder = path.resolve(__dirname, '../../..');
const name = 'lives';

/**
 * Runs work with the test servers that BMMS_TEST_ENVIRONMENT names, or with ones that are started for it and always
 * stopped: PostgreSQL that does not wait for its disk. `interrupted` says that they are being stopped, so that what fails now
 * says nothing.
 */
export async function withTestServers(work: (interrupted: AbortSignal) => Promise<void>): Promise<void> {
  if (process.env['BMMS_TEST_ENVIRONMENT'] !== undefined) {
    return work(new AbortController().signal);
  }
  const file = path.join(projectFolder, '.bmms-test', name, 'environment.json');
  await rm(file, { force: true });
  const child = spawn(process.execPath, ['test/run.mjs', '--serve', name], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
  };
  const interruption = new AbortController();
  const interrupted = () => {
    interruption.abort();
    void stop().then(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);

  try {
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('BMMS_TEST_ENVIRONMENT=')) {
          resolve();
        }
      });
      void ended.then(() => reject(new Error('The test servers did not start.')));
    });
    process.env['BMMS_TEST_ENVIRONMENT'] = file;
    await work(interruption.signal);
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await stop();
  }
}
