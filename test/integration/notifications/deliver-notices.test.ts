import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { deliverDueNotices, runNoticeDelivery } from '../../../domain/notifications/deliver-notices';
import { enqueueNotices } from '../../../domain/notifications/enqueue-notices';
import { mostAttempts } from '../../../domain/notifications/notice-rules';
import { openDatabase } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany } from '../../environment/test-company';
import { until } from '../events/outbox';
import { startSeverableProxy } from '../events/severable-proxy';
import { installation, type NoticeWorld, openNoticeWorld, planData, startRefusingServer } from './notice-world';

let world: NoticeWorld;

beforeEach(async () => {
  world = await openNoticeWorld();
});

afterEach(() => world.close());

const hour = 3_600_000;

describe('a notice', () => {
  it('is noted with the change it tells of, or not at all', async () => {
    const customerId = await world.addCustomer();
    const undone = world.test.database.withTenantSql(world.company.id, async (tx) => {
      const recipient = { customerId, subject: 'subscription/1', locale: 'vi-VN', isTest: false };
      const notices = [{ kind: 'trial_ending' as const, data: planData, invoiceId: null }];
      await enqueueNotices(tx, { recipient, notices, now: new Date('2026-01-05T03:00:00Z') });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await world.notices()).toEqual([]);

    await world.tell(customerId, 'payment_failed');
    expect(await world.notices()).toMatchObject([
      { kind: 'payment_failed', priority: 'critical', status: 'pending', attempts: 0, data: planData },
    ]);
  });

  it('carries its invoice as the change has left it, with a link of our own to pay it', async () => {
    const customerId = await world.addCustomer();
    const [invoice] = await queryAsOwner<{ id: string }>(
      world.test.adminUrl,
      `INSERT INTO finance.invoices (company_id, billing_account_id, customer_id, invoice_type, status, invoice_number, subtotal, tax, discount,
           total_amount, balance_applied, due_amount, currency, due_date, finalised_at, created_at, updated_at)
         SELECT $1, b.id, $2, 'recurring', 'open', 'INV-7', 300000, 30000, 0, 330000, 1000, 329000, 'VND', '2026-01-11T17:00:00Z', now(), now(), now()
           FROM finance.billing_accounts b WHERE b.company_id = $1 AND b.customer_id = $2 RETURNING id`,
      [world.company.id, customerId],
    );
    await world.tell(customerId, 'payment_retry', { invoiceId: Number(invoice?.id) });
    await deliverDueNotices(world.options());
    const [mail] = await world.caught();

    expect((await world.notices())[0]?.data['invoice']).toEqual({
      id: Number(invoice?.id),
      number: 'INV-7',
      total: 330_000,
      due: 329_000,
      dueDate: expect.any(String),
    });
    expect(mail?.text).toContain('Số tiền 329.000 ₫ của hóa đơn INV-7 (Pro) vẫn chưa được thanh toán.');
    expect(mail?.text).toMatch(
      new RegExp(`Thanh toán ngay: https://api\\.test/pay/${world.company.id}\\.${invoice?.id}\\.[\\w-]{32}\n`),
    );
  });

  it('reaches the customer in the language of the account, from the company', async () => {
    const customerId = await world.addCustomer();
    await world.tell(customerId, 'trial_ending', { data: { ...planData, trialEnd: '2026-01-07T17:00:00Z' } });
    expect(await deliverDueNotices(world.options())).toBe(1);

    expect(await world.caught()).toMatchObject([
      {
        from: 'shop@bmms.test',
        to: [`customer-${customerId}@${world.company.slug}.test`],
        subject: 'Thời gian dùng thử Pro kết thúc vào ngày 07/01/2026',
        text: expect.stringContaining('với giá: 299.000 ₫'),
        html: expect.stringContaining('Trà Sen'),
      },
    ]);
    expect(await world.notices()).toMatchObject([
      { status: 'sent', attempts: 1, sent_at: new Date('2026-01-05T03:00:00Z'), next_attempt_at: null },
    ]);
    expect(await deliverDueNotices(world.options())).toBe(0);
  });

  it('is sent once when two deliver at the same time', async () => {
    const customers = await Promise.all(Array.from({ length: 3 }, () => world.addCustomer()));

    for (let nth = 0; nth < 60; nth += 1) {
      await world.tell(customers[nth % 3] as number, nth % 2 === 0 ? 'payment_failed' : 'subscription_renewed');
    }
    const second = openDatabase({ url: world.test.appUrl, poolSize: 4 });
    const deliverAll = async (options: ReturnType<NoticeWorld['options']>): Promise<void> => {
      while ((await deliverDueNotices(options)) > 0) {
        // Until nothing is due.
      }
    };
    await Promise.all([deliverAll(world.options()), deliverAll(world.options({}, second))]);
    await second.close();
    const mails = await world.caught();

    expect(mails).toHaveLength(60);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(60);
    expect((await world.notices()).filter(({ status, attempts }) => status !== 'sent' || attempts !== 1)).toEqual([]);
  });

  it('reaches its recipient after those that happened before, while others get theirs', async () => {
    const customers = [await world.addCustomer(), await world.addCustomer(), await world.addCustomer()];
    const kinds = ['renewal_upcoming', 'subscription_renewed', 'payment_failed', 'subscription_past_due'] as const;

    for (const kind of kinds) {
      for (const customerId of customers) {
        await world.tell(customerId, kind);
      }
    }
    const inner = world.gateway(world.sandbox.smtpUrl);
    const underWay: string[] = [];
    let mostAtOnce = 0;
    const customersGateway: typeof inner = {
      ...inner,
      async send(mail) {
        expect(underWay).not.toContain(mail.to.address);
        underWay.push(mail.to.address);
        mostAtOnce = Math.max(mostAtOnce, underWay.length);
        const outcome = await inner.send(mail);
        underWay.splice(underWay.indexOf(mail.to.address), 1);

        return outcome;
      },
    };
    expect(await deliverDueNotices(world.options({ customers: customersGateway }))).toBe(12);
    const ids = (await world.notices()).map(({ id }) => `<notice-${id}@${installation}.bmms.invalid>`);

    expect(mostAtOnce).toBe(3);
    for (const [nth, customerId] of customers.entries()) {
      const mails = await world.caught(`customer-${customerId}@`);
      expect(mails.map(({ messageId }) => messageId)).toEqual(ids.filter((_, place) => place % 3 === nth));
    }
  });

  it('of one company goes under its own name, whoever else is served in the same batch', async () => {
    const other = await openTestCompany(world.test.database, { name: 'Other' });
    const strangerId = await other.addCustomer();
    await world.tell(await world.addCustomer(), 'plan_changed');
    await world.test.database.withTenantSql(other.id, (tx) =>
      enqueueNotices(tx, {
        recipient: { customerId: strangerId, subject: 'subscription/2', locale: 'en-GB', isTest: false },
        notices: [{ kind: 'plan_changed', data: planData, invoiceId: null }],
        now: new Date('2026-01-05T03:00:00Z'),
      }),
    );
    expect(await deliverDueNotices(world.options())).toBe(2);

    const [ours] = await world.caught(`@${world.company.slug}.test`);
    const [theirs] = await world.caught(`@${other.slug}.test`);
    expect(ours?.text).toContain('Trân trọng,\nTrà Sen');
    expect(theirs?.text).toContain('Kind regards,\nOther');
  });
});

describe('a mail server', () => {
  it('that refuses for now is tried again, later each time, until it takes the mail', async () => {
    const server = await startRefusingServer({ code: 451, at: 'mail' });
    const options = world.options({ customers: world.gateway(server.url) });
    await world.tell(await world.addCustomer(), 'payment_failed');
    await deliverDueNotices(options);

    expect(await world.notices()).toMatchObject([
      {
        status: 'pending',
        attempts: 1,
        last_error: expect.stringContaining('451'),
        next_attempt_at: new Date('2026-01-05T03:00:10Z'),
      },
    ]);
    world.moveTime(9_999);
    expect(await deliverDueNotices(options)).toBe(0);
    world.moveTime(1);
    expect(await deliverDueNotices(options)).toBe(1);
    expect(await world.notices()).toMatchObject([{ next_attempt_at: new Date('2026-01-05T03:01:10Z') }]);

    server.answer = null;
    world.moveTime(hour);
    await deliverDueNotices(options);
    await server.close();
    expect(await world.notices()).toMatchObject([{ status: 'sent', attempts: 3, last_error: null }]);
  });

  it('that refuses one mail for now is not asked about those after it to the same recipient, which count no try', async () => {
    const server = await startRefusingServer({ code: 451, at: 'mail' });
    const options = world.options({ customers: world.gateway(server.url) });
    const customerId = await world.addCustomer();

    for (const kind of ['renewal_upcoming', 'payment_failed', 'plan_changed'] as const) {
      await world.tell(customerId, kind);
    }
    await deliverDueNotices(options);
    const again = new Date('2026-01-05T03:00:10Z');

    expect(await world.notices()).toMatchObject([
      { kind: 'renewal_upcoming', status: 'pending', attempts: 1, next_attempt_at: again },
      { kind: 'payment_failed', status: 'pending', attempts: 0, last_error: null, next_attempt_at: again },
      { kind: 'plan_changed', status: 'pending', attempts: 0, last_error: null, next_attempt_at: again },
    ]);
    expect(options.warnings).toEqual(['a notice could not be sent; trying again']);

    server.answer = null;
    world.moveTime(10_000);
    expect(await deliverDueNotices(options)).toBe(3);
    await server.close();
    expect((await world.notices()).map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      'sent 2',
      'sent 1',
      'sent 1',
    ]);
  });

  it('that is too slow for a batch gets the rest of it later, before the claim runs out', async () => {
    const slow = world.gateway(world.sandbox.smtpUrl);
    const customers = {
      ...slow,
      send: (mail: Parameters<typeof slow.send>[0]) => {
        world.moveTime(40_000);

        return slow.send(mail);
      },
    };
    const customerId = await world.addCustomer();

    for (const kind of ['renewal_upcoming', 'payment_failed', 'plan_changed'] as const) {
      await world.tell(customerId, kind);
    }
    await deliverDueNotices(world.options({ customers }));

    expect((await world.notices()).map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
      'sent 1',
      'sent 1',
      'pending 0',
    ]);
  });

  it('that knows no such recipient is not asked again', async () => {
    const server = await startRefusingServer({ code: 550, at: 'recipient' });
    const options = world.options({ customers: world.gateway(server.url) });
    await world.tell(await world.addCustomer(), 'payment_failed');
    await deliverDueNotices(options);
    world.moveTime(24 * hour);
    await server.close();

    expect(await deliverDueNotices(options)).toBe(0);
    expect(await world.notices()).toMatchObject([
      { status: 'failed', attempts: 1, last_error: expect.stringContaining('550') },
    ]);
    expect(options.warnings).toEqual(['a notice was given up']);
  });

  it('that is away for good is given up after the last try', async () => {
    const gone = await startRefusingServer(null);
    await gone.close();
    const options = world.options({ customers: world.gateway(gone.url) });
    await world.tell(await world.addCustomer(), 'payment_failed');

    for (let attempt = 1; attempt < mostAttempts; attempt += 1) {
      expect(await deliverDueNotices(options)).toBe(1);
      world.moveTime(7 * hour);
    }
    expect(await world.notices()).toMatchObject([{ status: 'pending', attempts: mostAttempts - 1 }]);
    await deliverDueNotices(options);

    expect(await world.notices()).toMatchObject([
      {
        status: 'failed',
        attempts: mostAttempts,
        next_attempt_at: null,
        last_error: expect.stringMatching(/ECONNREFUSED/),
      },
    ]);
  });

  it('that is not there leaves notices skipped, with the reason', async () => {
    await world.tell(await world.addCustomer(), 'trial_ended');
    await deliverDueNotices(world.options({ customers: null }));

    expect(await world.notices()).toMatchObject([
      { status: 'skipped', last_error: 'no mail server is configured', sent_at: null },
    ]);
  });
});

describe('a customer on a test clock', () => {
  it('is never written to by the real server', async () => {
    const real = await startRefusingServer(null);
    const customerId = await world.addCustomer();
    await world.tell(customerId, 'payment_failed', { isTest: true });
    await deliverDueNotices(world.options({ customers: world.gateway(real.url), testCustomers: null }));
    await world.tell(customerId, 'payment_failed', { isTest: true });
    const catcher = world.gateway(world.sandbox.smtpUrl);
    await deliverDueNotices(world.options({ customers: world.gateway(real.url), testCustomers: catcher }));
    await real.close();

    expect(await world.caught()).toHaveLength(1);
    expect(await world.notices()).toMatchObject([
      { status: 'skipped', last_error: 'no mail catcher is configured' },
      { status: 'sent' },
    ]);
  });
});

describe('whoever delivers', () => {
  it('and is killed between sending and noting it leaves a repeat with the same Message-ID', async () => {
    await world.tell(await world.addCustomer(), 'payment_failed');
    const child = spawn(process.execPath, [path.join(__dirname, 'sender-process.cjs')], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: world.test.appUrl,
        MAIL_URL: world.sandbox.smtpUrl,
        NOW: '2026-01-05T03:00:00Z',
        INSTALLATION: installation,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(JSON.parse(String(said))).toEqual({ isAccepted: true });
    expect(await world.notices()).toMatchObject([{ status: 'pending', attempts: 1 }]);

    const options = world.options();
    world.moveTime(60_000);
    expect(await deliverDueNotices(options)).toBe(0);
    world.moveTime(hour);
    expect(await deliverDueNotices(options)).toBe(1);
    const [notice] = await world.notices();
    const messageId = `<notice-${notice?.id}@${installation}.bmms.invalid>`;

    expect((await world.caught()).map((mail) => mail.messageId)).toEqual([messageId, messageId]);
    expect(notice).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('changes nothing any more when its claim ran out and another has sent it', async () => {
    await world.tell(await world.addCustomer(), 'payment_failed');
    const slow = world.gateway(world.sandbox.smtpUrl);
    const options = world.options({
      customers: {
        ...slow,
        async send() {
          world.moveTime(hour);
          await deliverDueNotices(world.options());

          return { isAccepted: false, isFinal: true, reason: 'too late' };
        },
      },
    });
    await deliverDueNotices(options);

    expect(await world.notices()).toMatchObject([{ status: 'sent', attempts: 2, last_error: null }]);
  });

  it('gives a notice up whose data make no text', async () => {
    await world.tell(await world.addCustomer(), 'trial_ending', { data: {} });
    await deliverDueNotices(world.options());

    expect(await world.notices()).toMatchObject([
      { status: 'failed', attempts: 1, last_error: expect.stringContaining('planName') },
    ]);
    expect(await world.caught()).toEqual([]);
  });
});

describe('the delivery loop', () => {
  const start = (options: ReturnType<NoticeWorld['options']>) => {
    const abort = new AbortController();
    const ended = runNoticeDelivery({ ...options, signal: abort.signal });

    return {
      async stop() {
        abort.abort();
        await ended;
      },
    };
  };
  const statusOf = async (kind: string) => (await world.notices()).find((row) => row.kind === kind)?.status;

  it('sends critical and important notices as they come, normal ones once a minute', async () => {
    const customerId = await world.addCustomer();
    await world.tell(customerId, 'subscription_renewed');
    const loop = start(world.options());
    await until('what waited is sent', async () => (await statusOf('subscription_renewed')) === 'sent');
    await queryAsOwner(world.test.adminUrl, 'DELETE FROM platform.notices');

    await world.tell(customerId, 'subscription_renewed');
    await world.tell(customerId, 'payment_failed');
    await until('the critical one is sent', async () => (await statusOf('payment_failed')) === 'sent');
    await world.tell(customerId, 'plan_changed');
    await until('the important one is sent', async () => (await statusOf('plan_changed')) === 'sent');
    expect(await statusOf('subscription_renewed')).toBe('pending');

    world.moveTime(60_000);
    await until('the normal one is sent', async () => (await statusOf('subscription_renewed')) === 'sent');
    await loop.stop();
  });

  it('waits out the loss of its database and goes on', async () => {
    const proxy = await startSeverableProxy(new URL(world.test.appUrl));
    const database = openDatabase({ url: proxy.url, poolSize: 2 });
    const options = world.options({}, database);
    const loop = start(options);
    const customerId = await world.addCustomer();
    await world.tell(customerId, 'payment_failed');
    await until('the first one is sent', async () => (await statusOf('payment_failed')) === 'sent');

    await proxy.sever();
    await world.tell(customerId, 'plan_changed');
    await until('it has noticed', () => options.warnings.length > 0);
    await proxy.mend();
    await until('the second one is sent', async () => (await statusOf('plan_changed')) === 'sent');
    await loop.stop();
    await database.close();
    await proxy.sever();
  });
});
