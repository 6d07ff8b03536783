/**
 * The tests. Usually called by `npm test`, which installs, generates and compiles first.
 *
 *   npm test                    everything: static checks, unit, integration, end-to-end, crash, embedded and kubernetes
 *   npm test -- quick           static checks and unit tests
 *   npm test -- unit lint       only those steps (types lint format layering unit integration end-to-end crash
 *                               embedded kubernetes)
 *   npm test -- place-order     only test files whose path matches, no static checks
 *
 * PostgreSQL and Temporal are started once, on free ports, for all suites; where they are, they learn from the JSON file
 * named by BMMS_TEST_ENVIRONMENT (see runner/test-servers.mjs). To keep servers up while working on one test:
 *
 *   node test/run.mjs --serve [name]        until Ctrl-C; writes .bmms-test/<name>/environment.json (name: "default")
 *   BMMS_TEST_ENVIRONMENT=.bmms-test/default/environment.json npx jest --selectProjects integration place-order
 *
 * The suite kubernetes has a cluster of its own, or uses the one of BMMS_TEST_KUBECONFIG (never that of KUBECONFIG):
 *
 *   node test/run.mjs --serve-kubernetes    until Ctrl-C; prints BMMS_TEST_KUBECONFIG=<file>
 *   BMMS_TEST_KUBECONFIG=<file> npx jest --selectProjects kubernetes rollout
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeProblem, Problem } from '../embedded/bootstrap/problem.mjs';

const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [first, ...rest] = process.argv.slice(2);

try {
  if (first === '--serve') {
    const { serve } = await import('./runner/serve.mjs');
    await serve({ projectFolder, name: rest[0] ?? 'default' });
  } else if (first === '--serve-kubernetes') {
    const { serveCluster } = await import('./runner/kubernetes/serve-cluster.mjs');
    await serveCluster({ projectFolder });
  } else {
    const { runTests } = await import('./runner/run-tests.mjs');
    process.exitCode = await runTests({ projectFolder, words: process.argv.slice(2) });
  }
} catch (error) {
  console.error(error instanceof Problem ? describeProblem(error) : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
