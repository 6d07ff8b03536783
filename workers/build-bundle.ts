import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { bundleWorkflowCode } from '@temporalio/worker';

import { bundlePath } from './bundle-path';

/** Builds the workflow bundle that every Worker with workflows loads; run once after each compilation. */
async function buildBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.resolve(__dirname, '../workflows/index.js'),
    logger: {
      log: () => undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: console.warn,
      error: console.error,
    },
  });

  // Hosts differ in their time zone data, and a replay must not (D1).
  if (code.includes('temporal-polyfill')) {
    throw new Error('Workflow code reaches zone arithmetic; only activities may reckon in zones.');
  }
  await writeFile(bundlePath, code);
}

buildBundle().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
