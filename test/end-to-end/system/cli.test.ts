import { execFile } from 'node:child_process';
import path from 'node:path';

import { asOwner } from '../../environment/admin';
import { claimNamespace } from '../../environment/claim-namespace';
import { projectFolder, testServers } from '../../environment/servers';
import { appPassword, createTestDatabase, type TestDatabase } from '../../environment/test-database';

let testDatabase: TestDatabase;
let namespace: string;

beforeAll(async () => {
  [testDatabase, namespace] = await Promise.all([createTestDatabase(), claimNamespace()]);
});
afterAll(() => testDatabase.drop());

interface Ended {
  code: number;
  output: string;
  errors: string;
}

/** One `bmms` command with a database and a namespace of this test's own. */
function bmms(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const environment = {
    PATH: process.env['PATH'],
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    DATABASE_URL: testDatabase.appUrl,
    DATABASE_ADMIN_URL: testDatabase.adminUrl,
    DATABASE_APP_PASSWORD: appPassword,
    TEMPORAL_ADDRESS: testServers().temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    ...env,
  };

  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(projectFolder, 'dist', 'cli', 'bmms.js'), ...args],
      { cwd: projectFolder, env: environment },
      (error, output, errors) => resolve({ code: error === null ? 0 : Number(error.code), output, errors }),
    );
  });
}

const count = (table: string): Promise<number> =>
  asOwner(testDatabase.adminUrl, async (client) =>
    Number((await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`)).rows[0]?.count),
  );

test('migrate may be repeated', async () => {
  const ended = await bmms(['migrate']);

  expect(ended).toMatchObject({ code: 0, errors: '' });
  expect(ended.output).toMatch(/^The database is up to date \(\d+ migrations\)\.\n$/);
});

test('seed may be repeated and then adds nothing', async () => {
  const first = await bmms(['seed']);
  const products = await count('product.products');
  const events = await count('platform.events');
  const second = await bmms(['seed']);

  expect([first.code, second.code]).toEqual([0, 0]);
  expect(products).toBeGreaterThan(0);
  expect(await count('product.products')).toBe(products);
  expect(await count('platform.events')).toBe(events);
});

test('installation verify agrees, twice, and ends with 1 and a paragraph where Temporal is another one', async () => {
  const first = await bmms(['installation', 'verify']);
  const second = await bmms(['installation', 'verify']);
  const other = await bmms(['installation', 'verify'], { TEMPORAL_NAMESPACE: await claimNamespace() });

  expect([first.code, second.code, other.code]).toEqual([0, 0, 1]);
  expect(second.output).toBe(first.output);
  expect(other.errors.trim().split('\n')).toHaveLength(1);
  expect(other.errors).toContain('bmms installation repair --yes');
});

test('installation repair asks to be told', async () => {
  const ended = await bmms(['installation', 'repair']);

  expect(ended.code).toBe(1);
  expect(ended.errors).toContain('--yes');
});

test('purge says how much it deleted, and refuses a bound that is none', async () => {
  expect(await bmms(['purge'])).toMatchObject({ code: 0, output: 'Purged 0 idempotency keys and 0 notices.\n' });
  expect(await bmms(['purge', '--notice-days', '0'])).toMatchObject({ code: 1 });
});

test.each([
  [
    'a database that does not answer',
    ['migrate'],
    { DATABASE_ADMIN_URL: 'postgresql://nobody@127.0.0.1:1/none' },
    /ECONNREFUSED/,
  ],
  ['a missing admin address', ['migrate'], { DATABASE_ADMIN_URL: '' }, /Set DATABASE_ADMIN_URL/],
  ['a variable that is wrong', ['api'], { PORT: 'many' }, /PORT/],
  ['default secrets in production', ['api'], { NODE_ENV: 'production' }, /refuses default secrets.*JWT_SECRET/],
  [
    'a seed in production',
    ['seed'],
    { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(40), VNPAY_HASH_SECRET: 'y'.repeat(32) },
    /seeds nothing/,
  ],
  ['a service nobody knows', ['worker', 'nonsense-svc'], {}, /nonsense-svc/],
  ['a command nobody knows', ['nonsense'], {}, /unknown command/],
])('%s is told in a sentence, without a stack', async (_what, args, env, sentence) => {
  const ended = await bmms(args, env as Record<string, string>);

  expect(ended.code).toBe(1);
  expect(ended.errors).toMatch(sentence);
  expect(ended.errors).not.toMatch(/^\s+at /m);
});
