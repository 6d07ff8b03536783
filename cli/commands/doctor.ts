import { spawn } from 'node:child_process';
import path from 'node:path';

import type { Command } from 'commander';

/** The doctor is plain JavaScript, so that it also works where nothing is installed or compiled yet. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what is there, what is missing and how to mend it')
    .allowUnknownOption()
    .argument('[arguments...]')
    .action(async (given: string[]) => {
      const above = path.resolve(__dirname, '..', '..');
      const project = path.basename(above) === 'dist' ? path.dirname(above) : above;
      const child = spawn(process.execPath, [path.join(project, 'embedded', 'doctor.mjs'), ...given], {
        stdio: 'inherit',
      });

      process.exitCode = await new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code) => resolve(code ?? 1));
      });
    });
}
