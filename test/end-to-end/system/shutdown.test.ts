import path from 'node:path';

import { createApiClient } from '../../environment/api-client';
import { endProcesses, startCommand, type StartedProcess } from '../../environment/child-process';
import { projectFolder } from '../../environment/servers';
import { signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
const started: StartedProcess[] = [];

afterAll(() => endProcesses(started.map(({ pid }) => pid)));

/** A second API of the same system, which a test may end. */
async function startApi(name: string, env: Record<string, string> = {}): Promise<StartedProcess> {
  const api = await startCommand({
    name,
    args: [path.join(projectFolder, 'dist', 'cli', 'bmms.js'), 'api'],
    cwd: projectFolder,
    logFile: path.join(system.logFolder, `${name}.log`),
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: system.appUrl,
      TEMPORAL_ADDRESS: system.temporalAddress,
      TEMPORAL_NAMESPACE: system.temporalNamespace,
      JWT_SECRET: system.jwtSecret,
      RATE_LIMIT_PER_MINUTE: '0',
      ...env,
    },
  });
  started.push(api);

  return api;
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('an API that is asked to end finishes what is under way, then ends', async () => {
  const company = await signUpCompany();
  const { url, pid } = await startApi('ending');
  const api = createApiClient(url as string, { headers: { 'x-company': company.slug } });
  // Hashing the passwords keeps these under way for a while.
  const underWay = Array.from({ length: 20 }, (_, nth) =>
    api.post('/auth/signup', { email: `ending-${nth}@example.test`, password: 'a-long-enough-password' }),
  );
  // Asked last, so that it is answered when the others have come in, too.
  await Promise.all([Promise.race(underWay), api.get('//health/live')]);
  process.kill(pid, 'SIGTERM');
  const answers = await Promise.all(underWay);
  while (isRunning(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
  await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
});

test('a port that is taken is told in a sentence that names the way out', async () => {
  const { port } = new URL(system.url);

  await expect(startApi('second', { PORT: port })).rejects.toThrow(
    new RegExp(`Port ${port} is taken\\. Choose another one: PORT=${Number(port) + 1} npm start\\n`),
  );
});

test('a database role that bypasses row-level security is refused', async () => {
  await expect(startApi('owner', { DATABASE_URL: system.adminUrl })).rejects.toThrow(/Use bmms_app/);
});
