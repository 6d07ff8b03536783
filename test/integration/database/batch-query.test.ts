import { Client, type QueryResult } from 'pg';

import { BatchQuery } from '../../../platform/db/batch-query';
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

interface Around {
  before?: readonly string[];
  after?: readonly string[];
}

function runBatch(text: string, values: unknown[], around: Around, name?: string): Promise<QueryResult[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new BatchQuery({ text, values, name }, { before: [], after: [], ...around }, (error, results) =>
        error ? reject(error) : resolve(results),
      ),
    );
  });
}

const note = 'INSERT INTO noted VALUES ($1::int) RETURNING id';
const transaction = { before: ['BEGIN', "SET LOCAL statement_timeout = '1s'"], after: ['COMMIT'] };
const noted = async () => (await client.query('SELECT id FROM noted ORDER BY id')).rows.map(({ id }) => id as number);

/** Names that the server knows on this connection. */
const prepared = async () =>
  (await client.query('SELECT name FROM pg_prepared_statements ORDER BY name')).rows.map(({ name }) => name as string);

it('runs everything in order in one round trip, and gives the results of all', async () => {
  const results = await runBatch(note, [1], transaction);

  expect(results.map(({ command }) => command)).toEqual(['BEGIN', 'SET', 'INSERT', 'COMMIT']);
  expect(results[2]?.rows).toEqual([{ id: 1 }]);
  expect(readies).toBe(1);
  expect(await noted()).toEqual([1]);
});

it('runs the statement inside of what came before it, and what comes after it last', async () => {
  const results = await runBatch("SELECT current_setting('statement_timeout') AS timeout, $1::int AS given", [7], {
    ...transaction,
    after: ['ROLLBACK'],
  });

  expect(results[2]?.rows).toEqual([{ timeout: '1s', given: 7 }]);
  expect(results.at(-1)?.command).toBe('ROLLBACK');
  expect((await client.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
});

it('has a named statement parsed once on a connection, and leaves no other name behind', async () => {
  for (const id of [1, 2, 3]) {
    await runBatch(note, [id], transaction, 'note');
  }
  await client.query({ text: note, values: [4], name: 'note' });

  expect(await noted()).toEqual([1, 2, 3, 4]);
  expect(await prepared()).toEqual(['note']);
});

it('takes up a name that the driver has had parsed', async () => {
  await client.query({ text: note, values: [1], name: 'note' });
  await runBatch(note, [2], transaction, 'note');

  expect(await noted()).toEqual([1, 2]);
});

describe('at the first that fails', () => {
  const after = ['INSERT INTO noted VALUES (99)', 'COMMIT'];

  it.each([
    ['one before it', ['BEGIN', 'SELECT 1/0'], note, '22012'],
    ['the statement itself', ['BEGIN', 'INSERT INTO noted VALUES (1)'], note, '23505'],
    ['one after it', ['BEGIN', 'INSERT INTO noted VALUES (99)'], note, '23505'],
  ])('the rest is not run and the transaction stays open to be rolled back: %s', async (_which, before, text, code) => {
    await expect(runBatch(text, [1], { before, after }, 'note')).rejects.toMatchObject({ code });
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');

    expect(await noted()).toEqual([]);
    expect(await prepared()).toEqual(['note']);
    await runBatch(note, [1], transaction, 'note');
    expect(await noted()).toEqual([1]);
  });

  it('a statement that cannot be parsed is not taken for known', async () => {
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(runBatch('INSERT INTO nowhere VALUES ($1)', [1], transaction, 'lost')).rejects.toMatchObject({
        code: '42P01',
      });
    }
    // Nothing was begun: the parse goes ahead of it.
    expect(await noted()).toEqual([]);
    await client.query('CREATE TEMP TABLE nowhere (id int)');
    await runBatch('INSERT INTO nowhere VALUES ($1)', [1], transaction, 'lost');
    expect((await client.query('SELECT id FROM nowhere')).rows).toEqual([{ id: 1 }]);
  });

  it('a connection that dies fails the whole, and nothing of it holds', async () => {
    const kill = 'SELECT pg_terminate_backend(pg_backend_pid())';
    await client.query('CREATE TABLE IF NOT EXISTS public.survivors (id int)');
    const before = ['BEGIN', 'INSERT INTO public.survivors VALUES (1)', kill];
    await expect(runBatch('SELECT $1::int', [1], { before, after: ['COMMIT'] })).rejects.toThrow();
    client = new Client({ connectionString: test.adminUrl });
    await client.connect();

    expect((await client.query('SELECT * FROM public.survivors')).rows).toEqual([]);
  });
});
