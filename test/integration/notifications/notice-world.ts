import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SMTPServer } from 'smtp-server';

import type { DeliveryOptions } from '../../../domain/notifications/deliver-notices';
import { enqueueNotices } from '../../../domain/notifications/enqueue-notices';
import type { MailRoutes } from '../../../domain/notifications/mail-gateway';
import type { NoticeKind } from '../../../domain/notifications/notice-types';
import { createSignedLinks } from '../../../domain/notifications/signed-links';
import { createMailGateway } from '../../../gateways/mail/create-mail-gateway';
import type { CaughtMail } from '../../../sandboxes/mail/mail-store';
import { type MailSandbox, startMailSandbox } from '../../../sandboxes/mail/start-mail-sandbox';
import type { Database } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

export const installation = '5a7e61fc-6d0e-4a33-9a0b-000000000001';

export interface NoticeRow {
  id: number;
  kind: string;
  priority: string;
  status: string;
  attempts: number;
  last_error: string | null;
  next_attempt_at: Date | null;
  sent_at: Date | null;
  data: Record<string, unknown>;
}

export interface NoticeWorld {
  test: TestDatabase;
  company: TestCompany;
  sandbox: MailSandbox;
  /** Delivers to the sandbox unless told otherwise, at a time that stands still until it is moved. */
  options(mail?: Partial<MailRoutes>, database?: Database): DeliveryOptions & { warnings: string[] };
  moveTime(milliseconds: number): void;
  addCustomer(): Promise<number>;
  tell(
    customerId: number,
    kind: NoticeKind,
    more?: { isTest?: boolean; data?: object; invoiceId?: number },
  ): Promise<void>;
  /** Oldest first. */
  notices(): Promise<NoticeRow[]>;
  /** Oldest first. */
  caught(to?: string): Promise<CaughtMail[]>;
  gateway(url: string): ReturnType<typeof createMailGateway>;
  close(): Promise<void>;
}

export const planData = {
  planName: 'Pro',
  quantity: 1,
  amount: 299_000,
  currency: 'VND',
  trialEnd: '2026-01-07T17:00:00Z',
  currentPeriodEnd: '2026-01-31T17:00:00Z',
};

export async function openNoticeWorld(): Promise<NoticeWorld> {
  const test = await createTestDatabase();
  const company = await openTestCompany(test.database, { name: 'Trà Sen' });
  const sandbox = await startMailSandbox({ port: 0, smtpPort: 0 });
  const gateways: ReturnType<typeof createMailGateway>[] = [];
  const gateway = (url: string) => {
    const made = createMailGateway({ url, from: 'shop@bmms.test' });
    gateways.push(made);

    return made;
  };
  let now = Date.parse('2026-01-05T03:00:00Z');

  return {
    test,
    company,
    sandbox,
    gateway,
    options(mail = {}, database = test.database) {
      const warnings: string[] = [];

      return {
        database,
        clock: { now: () => new Date(now) },
        logger: { info: () => undefined, warn: (_fields, message) => void warnings.push(message) },
        mail: { customers: gateway(sandbox.smtpUrl), testCustomers: null, ...mail },
        links: createSignedLinks({ secret: 'a secret for the tests of notices', publicUrl: 'https://api.test' }),
        installation,
        warnings,
      };
    },
    moveTime(milliseconds) {
      now += milliseconds;
    },
    addCustomer: () => company.addCustomer(),
    async tell(customerId, kind, { isTest = false, data = planData, invoiceId } = {}) {
      const recipient = { customerId, subject: 'subscription/1', locale: 'vi-VN', isTest };
      await test.database.withTenantSql(company.id, (tx) =>
        enqueueNotices(tx, {
          recipient,
          notices: [{ kind, data: { ...data }, invoiceId: invoiceId ?? null }],
          now: new Date(now),
        }),
      );
    },
    async notices() {
      const rows = await queryAsOwner<NoticeRow & Record<string, unknown>>(
        test.adminUrl,
        'SELECT * FROM platform.notices ORDER BY id',
      );

      return rows.map((row) => ({ ...row, id: Number(row.id) }));
    },
    async caught(to = '') {
      const answer = await fetch(`${sandbox.url}/messages?to=${encodeURIComponent(to)}`);

      return ((await answer.json()) as { data: CaughtMail[] }).data.reverse();
    },
    async close() {
      gateways.forEach((one) => one.close());
      await sandbox.close();
      await test.drop();
    },
  };
}

export interface RefusingServer {
  url: string;
  /** What it answers to every mail; null: it takes it. */
  answer: { code: number; at: 'recipient' | 'mail' } | null;
  close(): Promise<void>;
}

/** A mail server that refuses, for good (5xx) or for now (4xx). */
export async function startRefusingServer(answer: RefusingServer['answer']): Promise<RefusingServer> {
  const refuse = (at: string) =>
    state.answer?.at === at ? Object.assign(new Error('refused'), { responseCode: state.answer.code }) : null;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onRcptTo: (_address, _session, done) => done(refuse('recipient')),
    onData(stream, _session, done) {
      stream.resume();
      stream.once('end', () => done(refuse('mail')));
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const state: RefusingServer = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    answer,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  return state;
}
