import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Command } from 'commander';

export function addDocsCommand(program: Command): void {
  program
    .command('docs')
    .description('write openapi.json and problems.md from the code')
    .option('--directory <path>', 'where to', 'docs')
    .action(async ({ directory }: { directory: string }) => {
      const [{ describeApi }, { problemsMarkdown }] = await Promise.all([
        import('../../api/describe-api.js'),
        import('../../api/docs/problems-markdown.js'),
      ]);
      await mkdir(directory, { recursive: true });
      await writeFile(path.join(directory, 'openapi.json'), `${JSON.stringify(await describeApi(), null, 2)}\n`);
      await writeFile(path.join(directory, 'problems.md'), problemsMarkdown());
      process.stdout.write(`Wrote openapi.json and problems.md to ${path.resolve(directory)}.\n`);
    });
}
