import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type BundleOptions, bundleWorkflowCode } from '@temporalio/worker';

import { bundlePath } from './bundle-path';

/** Builds the workflow bundle that every Worker with workflows loads; run once after each compilation. */
async function buildBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.resolve(__dirname, '../workflows/index.js'),
    preloadModules: [path.resolve(__dirname, '../workflows/entity/shared-schemas.js')],
    workflowInterceptorModules: [path.resolve(__dirname, '../workflows/entity/interceptors.js')],
    webpackConfigHook: withoutLocales,
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

/** Refusals are told in English; zod brings some fifty languages along, half of the bundle. */
function withoutLocales(config: Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0]): typeof config {
  const locales = path.join(path.dirname(require.resolve('zod')), 'v4', 'locales', 'index.cjs');

  return { ...config, resolve: { ...config.resolve, alias: { ...config.resolve?.alias, [locales]: false } } };
}

buildBundle().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
