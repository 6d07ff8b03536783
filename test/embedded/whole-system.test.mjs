import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { dataFolders } from '../../embedded/bootstrap/folders.mjs';
import { nextFreePort } from '../../embedded/processes/free-port.mjs';
import { delay } from '../../embedded/processes/delay.mjs';
import { endOrphans } from '../../embedded/processes/process-record.mjs';
import { runCommand } from '../../embedded/processes/run-command.mjs';
import { beginStart, makeClone, makeCloneRoot, stillRunning, untilUp } from './clone.mjs';
import { findLostOrders, startShopLoad } from './shop-load.mjs';

const isRoot = process.getuid?.() === 0;

/**
 * Two clones, one of them where nobody but its owner may go, live through what happens to such systems. The tests build
 * on each other: a start costs seconds.
 */
describe('npm start', () => {
  const root = makeCloneRoot();
  const hiddenHome = path.join(root, 'home');
  const hidden = path.join(hiddenHome, 'clone');
  const open = path.join(root, 'open');
  const postgresRoot = path.join(root, 'shared');
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, BMMS_POSTGRES_ROOT: postgresRoot, RATE_LIMIT_PER_MINUTE: '0', CI: 'true' };
  delete env.NODE_ENV;
  delete env.BMMS_DATA_FOLDER;
  delete env.BMMS_TEST_ENVIRONMENT;
  /** @type {Record<'hidden' | 'open', import('./clone.mjs').Start>} */
  const starts = /** @type {any} */ ({});
  const ports = { hidden: 0, open: 0 };

  before(async () => {
    chmodSync(root, 0o755);
    mkdirSync(hiddenHome, { mode: 0o700 });
    mkdirSync(postgresRoot, { mode: 0o755 });
    ports.hidden = await nextFreePort(27_500);
    ports.open = await nextFreePort(ports.hidden + 1);
    await Promise.all([makeClone(hidden), makeClone(open)]);
  });

  after(async () => {
    Object.values(starts).forEach((start) => start.signalTerminal('SIGKILL'));
    await Promise.all([hidden, open].map((clone) => endOrphans(dataFolders(clone).processes)));
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  const begin = (/** @type {'hidden' | 'open'} */ name) => {
    starts[name] = beginStart(
      { hidden, open }[name],
      { ...env, PORT: String(ports[name]) },
      { byNpm: name === 'open' },
    );
    return untilUp(starts[name]);
  };
  const bootstrap = (
    /** @type {string} */ clone,
    /** @type {string} */ command,
    /** @type {NodeJS.ProcessEnv} */ more,
  ) =>
    runCommand({
      command: process.execPath,
      args: [path.join(clone, 'embedded', 'bootstrap.mjs'), command],
      cwd: clone,
      env: { ...env, ...more },
      timeoutMs: 60_000,
    });

  test('refuses a port in use in a sentence that names the way out, before it starts anything', async () => {
    const blocker = net.createServer().listen(ports.open, '127.0.0.1');
    await once(blocker, 'listening');
    const result = await bootstrap(open, 'start', { PORT: String(ports.open) });
    blocker.close();

    assert.equal(result.code, 1);
    assert.match(result.output, new RegExp(`Port ${ports.open} is in use by another program`));
    assert.match(result.output, /Use another one: PORT=\d+ npm start/);
    assert.doesNotMatch(result.output, /^\s+at /m);
    assert.equal(existsSync(dataFolders(open).secrets), false);
  });

  test('says every way to a Temporal server when there is none, and stops what it had started', async () => {
    const tools = path.join(root, 'tools');
    mkdirSync(tools);
    const result = await bootstrap(open, 'start', {
      PORT: String(ports.open),
      PATH: tools,
      BMMS_CACHE: path.join(root, 'cache'),
      BMMS_TEMPORAL_RELEASES: 'http://127.0.0.1:1',
    });

    assert.equal(result.code, 1);
    for (const way of [
      'TEMPORAL_ADDRESS',
      'temporal on PATH',
      'cached binary',
      'release download',
      'Go is not installed',
    ]) {
      assert.ok(result.output.includes(way), `${way}\n${result.output}`);
    }
    assert.doesNotMatch(result.output, /^\s+at /m);
    assert.equal(existsSync(dataFolders(open).processes), false);
  });

  test('two clones start at once, each with servers and ports of its own', async () => {
    const [first, second] = await Promise.all([begin('hidden'), begin('open')]);
    const [one, other] = [first.endpoints(), second.endpoints()];
    for (const name of /** @type {const} */ ([
      'api',
      'temporalAddress',
      'temporalUi',
      'vnpaySandbox',
      'mail',
      'workerHealth',
      'postgres',
    ])) {
      assert.notEqual(one[name], other[name], name);
    }
    const names = ['PostgreSQL', 'Temporal', 'VNPay sandbox', 'Mail sandbox', 'Worker host', 'API'];
    assert.deepEqual(
      first.children().map(({ name }) => name),
      names,
    );
    assert.deepEqual(stillRunning(second.children()), names);
    for (const url of [one.temporalUi, one.vnpaySandbox, one.mail, one.docs, `${one.api}/health/ready`]) {
      assert.ok((await fetch(String(url))).status < 400, String(url));
    }
    assert.match(first.output(), /admin@demo\.test, customer@demo\.test; password demo-password-1/);
  });

  test('as root, PostgreSQL runs under another account, with its data where that one can go', { skip: !isRoot }, () => {
    const [place] = readdirSync(path.join(postgresRoot, 'data')).filter((name) => !name.endsWith('.owner'));
    const data = path.join(postgresRoot, 'data', String(place), 'data');
    assert.notEqual(statSync(data).uid, 0);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    assert.equal(statSync(hiddenHome).mode & 0o777, 0o700);
    const server = starts.hidden.children().find(({ name }) => name === 'PostgreSQL');
    assert.equal(statSync(`/proc/${server?.pid}`).uid, statSync(data).uid);
  });

  test('keeps secrets and addresses from other people', () => {
    for (const file of [dataFolders(open).secrets, dataFolders(open).endpoints, dataFolders(open).processes]) {
      assert.equal(statSync(file).mode & 0o077, 0, file);
    }
  });

  test('a second start in the same clone is refused, and the doctor says that it runs', async () => {
    const second = await bootstrap(open, 'start', { PORT: String(ports.open) });
    assert.equal(second.code, 1);
    assert.match(second.output, new RegExp(`runs in this clone already \\(process ${starts.open.supervisor()}\\)`));

    const doctor = await bootstrap(open, 'doctor', {});
    assert.equal(doctor.code, 0, doctor.output);
    assert.match(doctor.output, new RegExp(`Running .*:${ports.open} \\(process \\d+\\), ready`));
  });

  test('Ctrl-C under load stops everything cleanly, and every acknowledged order is there afterwards', async () => {
    const load = await startShopLoad(starts.open.endpoints().api);
    await load.acknowledged(20);
    const children = starts.open.children();
    starts.open.signalTerminal('SIGINT');
    assert.equal(await starts.open.ended, 130);
    const ids = await load.end();
    assert.match(starts.open.output(), /Stopped\. The data stay/);
    assert.doesNotMatch(starts.open.output(), /was killed/);
    assert.deepEqual(stillRunning(children), []);
    assert.equal(existsSync(dataFolders(open).endpoints), false);

    const again = await begin('open');
    assert.doesNotMatch(again.output(), /Seeding/);
    assert.deepEqual(await findLostOrders(again.endpoints().api, ids), []);
  });

  test('kill -9 of the supervisor under load loses no acknowledged order; the next start ends what it left', async () => {
    const load = await startShopLoad(starts.hidden.endpoints().api);
    await load.acknowledged(20);
    const children = starts.hidden.children();
    process.kill(starts.hidden.supervisor(), 'SIGKILL');
    await starts.hidden.ended;
    assert.ok(stillRunning(children).includes('PostgreSQL'));
    const ids = await load.end();

    const again = await begin('hidden');
    assert.match(again.output(), /ending PostgreSQL, left over from a start that was killed/);
    assert.deepEqual(stillRunning(children), []);
    assert.deepEqual(await findLostOrders(again.endpoints().api, ids), []);
  });

  test('starts a service again that ended on its own, even when nobody reads its output any more', async () => {
    starts.hidden.stopReading();
    const findApi = () => starts.hidden.children().find(({ name }) => name === 'API');
    const before = findApi();
    process.kill(Number(before?.pid), 'SIGKILL');
    const { api } = starts.hidden.endpoints();
    const isUpAgain = async () =>
      findApi()?.pid !== before?.pid && (await fetch(`${api}/health/live`).catch(() => null))?.status === 200;
    while (!(await isUpAgain())) {
      assert.deepEqual(stillRunning([starts.hidden.supervisorProcess()]), ['supervisor']);
      await delay(50);
    }
  });

  test('a second Ctrl-C kills what does not stop', async () => {
    const children = starts.hidden.children();
    // A stopped process takes no signal but SIGKILL: the first Ctrl-C waits for it in vain.
    process.kill(Number(children.find(({ name }) => name === 'API')?.pid), 'SIGSTOP');
    starts.hidden.signalTerminal('SIGINT');
    await delay(1_200);
    starts.hidden.signalTerminal('SIGINT');
    assert.equal(await starts.hidden.ended, 130);
    while (stillRunning(children).length > 0) {
      await delay(20);
    }
    assert.equal(existsSync(dataFolders(hidden).endpoints), false);
  });

  test('Ctrl-C while it starts stops it as cleanly', async () => {
    const start = beginStart(hidden, { ...env, PORT: String(ports.hidden) }, { byNpm: false });
    starts.hidden = start;
    while (!start.output().includes('Getting a Temporal server')) {
      await delay(10);
    }
    start.signalTerminal('SIGINT');
    assert.equal(await start.ended, 0, start.output());
    assert.equal(existsSync(dataFolders(hidden).processes), false);
    assert.doesNotMatch(start.output(), /^\s+at /m);
  });

  test('refuses a database and a Temporal file that do not belong together', async () => {
    starts.open.signalTerminal('SIGINT');
    await starts.open.ended;
    rmSync(path.dirname(dataFolders(open).temporalFile), { recursive: true });
    const result = await bootstrap(open, 'start', { PORT: String(ports.open) });
    assert.equal(result.code, 1);
    assert.match(result.output, /do not belong together/);
    assert.doesNotMatch(result.output, /^\s+at /m);
    assert.match(readFileSync(path.join(dataFolders(open).logs, 'postgres.log'), 'utf8'), /shut down/);
  });
});
