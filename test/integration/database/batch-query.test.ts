import { Client } from 'pg';

import { BatchQuery, type BatchStep } from '../../../platform/db/batch-query';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let test: TestDatabase;
let client: Client;
/** What the server has said: it is ready once for each Sync. */
let readies: number;

beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  client = new Client({ connectionString: test.adminUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('CREATE TEMP TABLE noted (id int PRIMARY KEY)');
  readies = 0;
  (client as unknown as { connection: NodeJS.EventEmitter }).connection.on('readyForQuery', () => (readies += 1));
});
afterEach(() => client.end().catch(() => undefined));
afterAll(() => test?.drop());

/** @returns the rows of the step `answered` */
function runBatch(steps: BatchStep[], answered?: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new BatchQuery(steps, answered === undefined ? {} : { answered }, (error, result, failed) =>
        error ? reject(Object.assign(error, { failed })) : resolve(result.rows),
      ),
    );
  });
}

const step = (text: string, values?: unknown[], name?: string): BatchStep => ({ text, values, name });
const begin = [step('BEGIN'), step("SET LOCAL statement_timeout = '1s'")];
const commit = step('COMMIT');
const insert = 'INSERT INTO noted VALUES ($1::int) RETURNING id';
const note = (id: unknown, name?: string) => step(insert, [id], name);
const noted = async () => (await client.query('SELECT id FROM noted ORDER BY id')).rows.map(({ id }) => id as number);

/** Names that the server knows on this connection. */
const prepared = async () =>
  (await client.query('SELECT name FROM pg_prepared_statements ORDER BY name')).rows.map(({ name }) => name as string);

it('runs everything in order in one round trip, and gives the rows of the one that is asked for', async () => {
  const rows = await runBatch([...begin, note(1), note(2), note(3), commit], 3);

  expect(rows).toEqual([{ id: 2 }]);
  expect(readies).toBe(1);
  expect(await noted()).toEqual([1, 2, 3]);
});

it('gives no rows where none are asked for', async () => {
  expect(await runBatch([...begin, note(1), commit])).toEqual([]);
  expect(await noted()).toEqual([1]);
});

it('runs each inside of what came before it', async () => {
  const seen = step(
    "SELECT current_setting('statement_timeout') AS timeout, (SELECT count(*)::int FROM noted) AS noted",
  );

  expect(await runBatch([...begin, note(1), seen, step('ROLLBACK')], 3)).toEqual([{ timeout: '1s', noted: 1 }]);
  expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
  expect(await noted()).toEqual([]);
});

it('reads under a lock that it waited for what the transaction that held it has written', async () => {
  await client.query('CREATE TABLE IF NOT EXISTS public.counted (id int PRIMARY KEY, amount int)');
  await client.query('TRUNCATE public.counted');
  await client.query('INSERT INTO public.counted VALUES (1, 10)');
  const other = new Client({ connectionString: test.adminUrl });
  await other.connect();
  await other.query('BEGIN');
  await other.query('UPDATE public.counted SET amount = 20');
  await other.query('INSERT INTO public.counted VALUES (2, 5)');
  const read = runBatch(
    [
      ...begin,
      step('SELECT 1 FROM public.counted WHERE id = $1::int FOR UPDATE', [1], 'lock'),
      step('SELECT sum(amount)::int AS amount FROM public.counted', undefined, 'sum'),
      commit,
    ],
    3,
  );
  await waitingForLock(other);
  await other.query('COMMIT');

  expect(await read).toEqual([{ amount: 25 }]);
  await other.end();
});

it('has a named statement parsed once on a connection, also twice in one batch, and leaves no other name behind', async () => {
  for (const id of [1, 3]) {
    await runBatch([...begin, note(id, 'note'), note(id + 1, 'note'), step('SELECT 1', [], 'one'), commit], 2);
  }
  await client.query({ text: insert, values: [5], name: 'note' });

  expect(await noted()).toEqual([1, 2, 3, 4, 5]);
  expect(await prepared()).toEqual(['note', 'one']);
});

it('takes up a name that the driver has had parsed', async () => {
  await client.query({ text: insert, values: [1], name: 'note' });
  await runBatch([...begin, note(2, 'note'), commit]);

  expect(await noted()).toEqual([1, 2]);
});

it('sends nothing when a value cannot be sent', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;

  await expect(runBatch([...begin, note(1, 'note'), note(circular, 'note'), commit])).rejects.toThrow('circular');
  expect(await noted()).toEqual([]);
  await runBatch([...begin, note(1, 'note'), commit]);
  expect(await noted()).toEqual([1]);
});

describe('at the first that fails', () => {
  it.each([
    ['one before the one that is asked for', [step('SELECT 1/0'), note(1, 'note')], '22012', 2],
    ['itself', [note(1), note(1, 'note')], '23505', 3],
    ['one after it', [note(2), note(1, 'note'), note(2)], '23505', 4],
  ])(
    'the rest is not run and the transaction stays open to be rolled back: %s',
    async (_which, steps, code, failed) => {
      await expect(runBatch([...begin, ...steps, commit], 3)).rejects.toMatchObject({ code, failed });
      await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
      await client.query('ROLLBACK');

      expect(await noted()).toEqual([]);
      expect(await prepared()).toEqual(['note']);
      await runBatch([...begin, note(1, 'note'), commit]);
      expect(await noted()).toEqual([1]);
    },
  );

  it('of several that are parsed for the first time, those before one that cannot be are known', async () => {
    const steps = [note(1, 'note'), step('INSERT INTO nowhere VALUES ($1)', [1], 'lost'), step('SELECT 1', [], 'one')];

    for (let tries = 0; tries < 2; tries += 1) {
      await expect(runBatch([...begin, ...steps, commit])).rejects.toMatchObject({ code: '42P01' });
    }
    // Nothing was begun: the parse goes ahead of it.
    expect(await noted()).toEqual([]);
    expect(await prepared()).toEqual(['note']);
    await client.query('CREATE TEMP TABLE nowhere (id int)');
    await runBatch([...begin, ...steps, commit]);
    expect((await client.query('SELECT id FROM nowhere')).rows).toEqual([{ id: 1 }]);
    expect(await prepared()).toEqual(['lost', 'note', 'one']);
  });

  it('a connection that dies fails the whole, and nothing of it holds', async () => {
    await client.query('CREATE TABLE IF NOT EXISTS public.survivors (id int)');
    const kill = step('SELECT pg_terminate_backend(pg_backend_pid())');
    const survivor = step('INSERT INTO public.survivors VALUES (1)');
    await expect(runBatch([...begin, survivor, kill, step('SELECT $1::int', [1]), commit])).rejects.toThrow();
    client = new Client({ connectionString: test.adminUrl });
    await client.connect();

    expect((await client.query('SELECT * FROM public.survivors')).rows).toEqual([]);
  });
});

/** Somebody waits for a lock of this connection. */
async function waitingForLock(holder: Client): Promise<void> {
  for (;;) {
    const { rows } = await holder.query(
      'SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    );

    if (rows.length > 0) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
