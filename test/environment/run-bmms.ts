import { execFile } from 'node:child_process';
import path from 'node:path';

import { projectFolder } from './servers';
import type { SystemDescription } from './start-system';

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs `bmms …` against a system to its end, as at a terminal.
 * @param env variables beside those that name the system
 */
export function runBmms(
  { appUrl, temporalAddress, temporalNamespace }: SystemDescription,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const environment = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    DATABASE_URL: appUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: temporalNamespace,
    ...env,
  };

  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(projectFolder, 'dist', 'cli', 'bmms.js'), ...words],
      { cwd: projectFolder, env: environment },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
