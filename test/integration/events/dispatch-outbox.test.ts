import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { Client } from 'pg';

import { openDatabase } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { emit, expectOrderly, readOutbox, startDispatcher, until } from './outbox';
import { startSeverableProxy } from './severable-proxy';

let test: TestDatabase;
let company: TestCompany;
const children: ChildProcess[] = [];

beforeEach(async () => {
  test = await createTestDatabase({ poolSize: 24 });
  company = await openTestCompany(test.database);
});

afterEach(async () => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  await test.drop();
});

const unpublished = async () => (await readOutbox(test.adminUrl)).filter((row) => row.position === null).length;

const allPublished = () => until('every event has a position', async () => (await unpublished()) === 0);

describe('outbox dispatcher', () => {
  it('numbers every event once and in order per subject, with 20 writers and two dispatchers at once', async () => {
    const second = openDatabase({ url: test.appUrl, poolSize: 2 });
    const dispatchers = [startDispatcher(test.database), startDispatcher(second)];
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let nth = 0; nth < 15; nth += 1) {
        await emit(test.database, company.id, `product/${(writer + nth) % 4}`, nth);
      }
    });
    await Promise.all(writers);
    await allPublished();
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
    await second.close();

    const rows = await readOutbox(test.adminUrl);
    expectOrderly(rows);
    expect(rows.filter((row) => row.subject.startsWith('product/'))).toHaveLength(300);

    const told = dispatchers.flatMap((dispatcher) => dispatcher.told);
    expect(told.sort((left, right) => left - right)).toEqual(rows.map((row) => row.position));
  });

  it('loses no event whose transaction commits after one with a higher id', async () => {
    const slow = new Client({ connectionString: test.adminUrl });
    await slow.connect();
    const dispatcher = startDispatcher(test.database);
    await allPublished();

    await slow.query('BEGIN');
    await slow.query(
      `SELECT platform.append_events($1, 'product/1', now(), '[{"type":"product.updated","payload":{}}]')`,
      [company.id],
    );
    await emit(test.database, company.id, 'product/2', 1);
    await until('the later event is published', async () =>
      (await readOutbox(test.adminUrl)).some((row) => row.subject === 'product/2' && row.position !== null),
    );
    await slow.query('COMMIT');
    await slow.end();
    await allPublished();
    await dispatcher.stop();

    const rows = await readOutbox(test.adminUrl);
    const [late, early] = [1, 2].map((nth) => rows.find((row) => row.subject === `product/${nth}`));
    expectOrderly(rows);
    expect(late?.id).toBeLessThan(early?.id as number);
    expect(late?.position).toBeGreaterThan(early?.position as number);
  });

  it('leaves no gap and no repeat when it is killed in mid-flight', async () => {
    for (let nth = 0; nth < 100; nth += 1) {
      await Promise.all([1, 2, 3].map((id) => emit(test.database, company.id, `product/${id}`, nth)));
    }
    const killAtItsFirstBatch = async (): Promise<void> => {
      const child = spawn(process.execPath, [path.join(__dirname, 'dispatcher-process.cjs')], {
        env: { PATH: process.env['PATH'], DATABASE_URL: test.appUrl },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      await once(child.stdout as NodeJS.ReadableStream, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    await Promise.all([killAtItsFirstBatch(), killAtItsFirstBatch()]);
    expect(await unpublished()).toBeGreaterThan(0);

    // A connection that dies with the numbering done and not committed.
    const dying = new Client({ connectionString: test.appUrl });
    dying.on('error', () => undefined);
    await dying.connect();
    await dying.query('BEGIN');
    await until('the dying connection has numbered', async () => {
      const { rowCount } = await dying.query('SELECT FROM system.publish_events(now(), 3)');

      return rowCount === 3;
    });
    await queryAsOwner(
      test.adminUrl,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%publish_events%' AND state = 'idle in transaction' AND datname = current_database()",
    );

    const dispatcher = startDispatcher(test.database);
    await allPublished();
    await dispatcher.stop();
    expectOrderly(await readOutbox(test.adminUrl));
  });

  it('waits out the loss of its database and goes on', async () => {
    const proxy = await startSeverableProxy(new URL(test.appUrl));
    const database = openDatabase({ url: proxy.url, poolSize: 2 });
    const dispatcher = startDispatcher(database);
    await allPublished();

    await proxy.sever();
    await emit(test.database, company.id, 'product/1', 1);
    await until('it has noticed', () => dispatcher.warnings > 0);
    expect(await unpublished()).toBe(1);

    await proxy.mend();
    await allPublished();
    await dispatcher.stop();
    await database.close();
    await proxy.sever();
    expectOrderly(await readOutbox(test.adminUrl));
  });

  it('publishes on when a listener fails', async () => {
    const dispatcher = startDispatcher(test.database, {
      onPublished: () => {
        throw new Error('a listener');
      },
    });
    await emit(test.database, company.id, 'product/1', 1);
    await allPublished();
    await emit(test.database, company.id, 'product/1', 2);
    await allPublished();
    await dispatcher.stop();

    expect(dispatcher.warnings).toBeGreaterThan(0);
    expectOrderly(await readOutbox(test.adminUrl));
  });

  it('publishes nothing more once it was told to stop', async () => {
    const dispatcher = startDispatcher(test.database);
    await allPublished();
    await dispatcher.stop();
    await emit(test.database, company.id, 'product/1', 1);

    await startDispatcher(test.database, { signal: AbortSignal.abort() }).stop();
    expect(await unpublished()).toBe(1);
  });
});
