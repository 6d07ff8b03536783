import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVnpaySandbox } from '../../../sandboxes/vnpay/start-vnpay-sandbox';
import { HASH_SECRET, RETRY_MS, startShop, TMN_CODE, type Shop } from './start-shop';

const shops: Shop[] = [];
const folders: string[] = [];
const start = async (options?: Parameters<typeof startShop>[0]) => {
  const shop = await startShop(options);
  shops.push(shop);

  return shop;
};
const newStateFile = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vnpay-sandbox-'));
  folders.push(folder);

  return join(folder, 'deep', 'state.jsonl');
};
afterEach(async () => {
  await Promise.all(shops.splice(0).map((shop) => shop.close()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

const pay = (shop: Shop, paymentUrl: string | null, behaviour?: string) =>
  shop.control('POST', '/pay', { paymentUrl, behaviour });
const advance = (shop: Shop, ms = RETRY_MS) => shop.control('POST', '/advance', { ms });
const ipn = async (shop: Shop, reference: string) => (await shop.control('GET', `/transactions/${reference}`)).body.ipn;

describe('a notification', () => {
  test('is sent once when the shop confirms it', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl);
    await advance(shop);

    expect(await ipn(shop, reference)).toEqual({ sent: 1, answers: ['00'], problems: [], pending: 0 });
  });

  test('is repeated after an error of the shop and after no answer, until it is confirmed', async () => {
    const shop = await start();
    shop.breakNext('store', 1);
    shop.breakNext('server', 1);
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl);

    expect(await ipn(shop, reference)).toMatchObject({ sent: 1, answers: ['99'], pending: 1 });
    await advance(shop, RETRY_MS - 1);
    expect(await ipn(shop, reference)).toMatchObject({ sent: 1 });
    await advance(shop, 1);
    expect(await ipn(shop, reference)).toMatchObject({ sent: 2, answers: ['99', null], pending: 1 });
    await advance(shop);
    expect(await ipn(shop, reference)).toMatchObject({ sent: 3, answers: ['99', null, '00'], pending: 0 });
    expect(shop.recorded).toHaveLength(1);
  });

  test('of a wrong amount is answered by 04, given up after ten repeats, and taken in once', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl, 'wrong_amount');
    for (let repeat = 0; repeat < 12; repeat += 1) {
      await advance(shop);
    }

    expect(await ipn(shop, reference)).toEqual({ sent: 11, answers: Array(11).fill('04'), problems: [], pending: 0 });
    expect(shop.recorded).toMatchObject([{ outcome: 'success', amount: 49_500 }]);
  });

  test('three times at once is recorded once', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl, 'duplicate_ipn');

    expect((await ipn(shop, reference)).answers.sort()).toEqual(['00', '02', '02']);
    expect(shop.recorded).toHaveLength(1);
  });

  test('of a failure after the money changes nothing', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl, 'late_failure');
    await advance(shop);

    expect(await ipn(shop, reference)).toMatchObject({ answers: ['00', '02'], pending: 0 });
    expect(shop.recorded).toMatchObject([{ outcome: 'success' }]);
  });

  test('that is slow arrives after the browser came back', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    const { body } = await pay(shop, paymentUrl, 'slow');

    expect(shop.gateway.readReturn?.(Object.fromEntries(new URL(body.returnUrl).searchParams))).toMatchObject({
      outcome: 'success',
    });
    expect(shop.recorded).toEqual([]);
    await advance(shop, 5 * RETRY_MS);
    expect(shop.recorded).toMatchObject([{ reference, outcome: 'success' }]);
  });

  test('that is lost never arrives, but the truth can be asked for', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl, 'ipn_lost');
    await advance(shop, 100 * RETRY_MS);

    expect(await ipn(shop, reference)).toEqual({ sent: 0, answers: [], problems: [], pending: 0 });
    expect(
      await shop.gateway.query?.({
        reference,
        effectKey: null,
        initiatedAt: '2026-03-02T03:00:00.000Z',
        now: '2026-03-02T03:15:00.000Z',
      }),
    ).toEqual({
      outcome: 'success',
      transactionId: expect.stringMatching(/^\d+$/),
      paidAmount: 99_000,
      paidAt: '2026-03-02T03:00:00.000Z',
    });
  });

  test('of a failure and later of a success, on demand and many at once, records each once', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await pay(shop, paymentUrl, 'ipn_lost');
    const failures = await shop.control('POST', `/transactions/${reference}/notify`, {
      times: 5,
      responseCode: '24',
      transactionStatus: '02',
    });
    const successes = await shop.control('POST', `/transactions/${reference}/notify`, { times: 5 });

    expect(failures.body.answers.sort()).toEqual(['00', '02', '02', '02', '02']);
    expect(successes.body.answers.sort()).toEqual(['00', '02', '02', '02', '02']);
    expect(shop.recorded.map(({ outcome }) => outcome)).toEqual(['failed', 'success']);
  });

  test('goes to a new address when the shop moved', async () => {
    const [shop, successor] = [await start(), await start()];
    const { paymentUrl, reference } = shop.place(99_000);
    successor.place(99_000);
    shop.sandbox.setIpnUrl('http://127.0.0.1:1/');
    await pay(shop, paymentUrl);
    expect(await ipn(shop, reference)).toMatchObject({ sent: 1, answers: [null], pending: 1 });

    shop.sandbox.setIpnUrl(successor.config.returnUrl.replace('/return', '/ipn?shop=1'));
    await advance(shop);
    expect(successor.recorded).toMatchObject([{ reference, outcome: 'success' }]);
  });
});

describe('a script', () => {
  test('decides a payment as soon as its address is opened', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await shop.control('PUT', `/scripts/${reference}`, { behaviour: 'decline' });
    const response = await fetch(paymentUrl ?? '', { redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(shop.recorded).toMatchObject([{ reference, failureReason: 'vnpay_51' }]);
  });

  test.each([
    ['an unknown behaviour', '/scripts/P1', 'PUT', { behaviour: 'steal' }],
    ['an unknown member', '/advance', 'POST', { ms: 1, s: 1 }],
    ['a clock that goes back', '/advance', 'POST', { ms: -1 }],
    ['no address', '/pay', 'POST', {}],
  ])('with %s is refused', async (_name, path, method, body) => {
    const shop = await start();

    expect((await shop.control(method, path, body)).status).toBe(422);
  });
});

describe('time', () => {
  test('an opened payment that nobody decides has expired once it is looked at', async () => {
    const shop = await start();
    const { paymentUrl, reference } = shop.place(99_000);
    await fetch(paymentUrl ?? '');
    await advance(shop, 14 * 60_000 - 1);
    expect((await shop.control('GET', `/transactions/${reference}`)).body.result).toBeNull();

    await advance(shop, 1);
    expect((await shop.control('GET', `/transactions/${reference}`)).body.result).toMatchObject({
      behaviour: 'expire',
      responseCode: '11',
    });
    await advance(shop, 0);
    expect(shop.recorded).toMatchObject([{ reference, failureReason: 'vnpay_11' }]);
  });

  test('a payment cannot be paid after its time, whatever button is pressed', async () => {
    const shop = await start();
    const { paymentUrl } = shop.place(99_000);
    const page = await (await fetch(paymentUrl ?? '')).text();
    await advance(shop, 14 * 60_000);
    const path = /action="([^"]+)"/.exec(page)?.[1] ?? '';
    await fetch(`${shop.sandbox.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ action: 'pay' }),
      redirect: 'manual',
    });

    expect(shop.recorded).toMatchObject([{ outcome: 'failed', failureReason: 'vnpay_11' }]);
  });
});

describe('a restart', () => {
  test('keeps payments, scripts, refunds and the clock, and delivers what was undelivered', async () => {
    const stateFile = await newStateFile();
    const shop = await start({ stateFile });
    const paid = shop.place(99_000);
    const open = shop.place(50_000);
    const scripted = shop.place(70_000);
    shop.breakNext('store', 1);
    await pay(shop, paid.paymentUrl);
    await fetch(open.paymentUrl ?? '');
    await shop.control('PUT', `/scripts/${scripted.reference}`, { behaviour: 'cancel' });
    await advance(shop, 60_000);
    const before = await shop.control('GET', '/transactions');

    await shop.restartSandbox();
    expect(await shop.control('GET', '/transactions')).toEqual(before);
    expect((await shop.control('GET', '/health')).body.now).toBe('2026-03-02T03:01:00.000Z');
    expect(shop.recorded).toEqual([]);

    await advance(shop, RETRY_MS);
    await pay(shop, open.paymentUrl);
    await fetch(scripted.paymentUrl ?? '', { redirect: 'manual' });
    expect(shop.recorded.map(({ reference, outcome }) => [reference, outcome])).toEqual([
      [paid.reference, 'success'],
      [open.reference, 'success'],
      [scripted.reference, 'failed'],
    ]);
    expect(new Set(shop.recorded.map(({ transactionId }) => transactionId)).size).toBe(3);
  });

  test('drops a last line that a crash cut off, and goes on writing behind it', async () => {
    const stateFile = await newStateFile();
    const shop = await start({ stateFile });
    const first = shop.place(99_000);
    await pay(shop, first.paymentUrl);
    await appendFile(stateFile, '{"type":"clock_moved","ms":60');
    await shop.restartSandbox();
    const second = shop.place(50_000);
    await pay(shop, second.paymentUrl);
    await shop.restartSandbox();

    expect((await shop.control('GET', '/health')).body.now).toBe('2026-03-02T03:00:00.000Z');
    expect((await shop.control('GET', '/transactions')).body.data).toHaveLength(2);
    const lines = (await readFile(stateFile, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual([
      'opened',
      'decided',
      'notified',
      'opened',
      'decided',
      'notified',
    ]);
  });

  test('says which line of a damaged file it cannot read', async () => {
    const stateFile = await newStateFile();
    const shop = await start({ stateFile });
    await pay(shop, shop.place(99_000).paymentUrl);
    const text = await readFile(stateFile, 'utf8');
    await writeFile(stateFile, text.replace('{"type":"decided"', '{"type:"decided"'));

    const options = { port: 0, tmnCode: TMN_CODE, hashSecret: HASH_SECRET, ipnUrl: 'http://127.0.0.1:1/', stateFile };

    await expect(startVnpaySandbox(options)).rejects.toThrow(/line 2 of .*Remove the file/);
  });
});
