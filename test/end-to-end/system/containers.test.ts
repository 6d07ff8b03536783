import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { productServices, readWrittenCompose } from '../../containers/read-compose';
import { metricsOf, monitoringQueries } from '../../containers/read-monitoring';
import { projectFolder } from '../../environment/servers';
import { signUpCompany, testSystem } from '../../environment/test-system';

const run = promisify(execFile);
const system = testSystem();
const checkHealth = path.join(projectFolder, 'containers', 'check-health.mjs');
const portOf = (url: string) => new URL(url).port;

test('every command of docker-compose.yml is one of bmms', async () => {
  const commands = new Set(
    productServices(readWrittenCompose()).map(([, { command = [] }]) =>
      command.filter((word) => !/-/.test(word)).join(' '),
    ),
  );

  expect([...commands].sort()).toEqual(['api', 'installation verify', 'migrate', 'worker']);
  for (const command of commands) {
    const words = command.split(' ');
    const { stdout } = await run(process.execPath, [
      path.join(projectFolder, 'dist', 'cli', 'bmms.js'),
      ...words,
      '--help',
    ]);

    expect(stdout).toContain(`Usage: bmms ${command}`);
  }
});

test('the health check of the image tells the health of an API and of a worker host', async () => {
  const check = (env: Record<string, string>) =>
    run(process.execPath, [checkHealth], { env: { PORT: '1', WORKER_HEALTH_PORT: '1', ...env } });

  await expect(check({ PORT: portOf(system.url) })).resolves.toMatchObject({ stdout: '' });
  await expect(check({ WORKER_HEALTH_PORT: portOf(system.workerHealthUrl) })).resolves.toMatchObject({ stdout: '' });
  await expect(check({})).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^port 1: .+; port 1: .+\n$/),
  });
});

test('the dashboard and the alerts ask for metrics that processes have', async () => {
  const company = await signUpCompany();
  await company.visitor.get('/products');
  const texts = await Promise.all(
    [system.url, system.workerHealthUrl].map(async (url) => (await fetch(`${url}/metrics`)).text()),
  );
  const told = new Set(
    texts.flatMap((text) => [...text.matchAll(/^(?:# TYPE )?([a-z]\w+)(?:\{| )/gm)].map(([, name]) => name)),
  );
  // Counters of the SDK appear with the first thing that they count: those are looked up where it has their names.
  const sdk = readFileSync(nativeLibrary(), 'latin1');
  const missing = monitoringQueries().flatMap(({ where, query }) =>
    metricsOf(query)
      // Of Temporal's server, and of Prometheus itself.
      .filter((name) => !/^(service|persistence)_/.test(name) && name !== 'up')
      .filter(
        (name) =>
          !told.has(name) &&
          !(
            name.startsWith('temporal_') &&
            sdk.includes(name.slice('temporal_'.length).replace(/_(bucket|sum|count)$/, ''))
          ),
      )
      .map((name) => `${where}: ${name}`),
  );

  expect(missing).toEqual([]);
});

/** Where Temporal's SDK names its metrics. */
function nativeLibrary(): string {
  const folder = path.dirname(require.resolve('@temporalio/core-bridge/package.json'));
  const { arch, platform } = process;
  const machine = `${arch === 'x64' ? 'x86_64' : 'aarch64'}-${platform === 'darwin' ? 'apple-darwin' : 'unknown-linux-gnu'}`;

  return path.join(folder, 'releases', machine, 'index.node');
}
