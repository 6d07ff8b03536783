import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

import { systemClock } from '../../platform/clock';
import { createMailApp } from './mail-app';
import { openMailStore } from './mail-store';
import { createSmtpCatcher } from './smtp-catcher';

export interface MailSandboxOptions {
  /** 0 takes any free port. */
  port: number;
  smtpPort: number;
  /** Where mail outlives a restart. Without it, it is forgotten. */
  stateFile?: string | undefined;
  /** How many mails are kept. Default 500. */
  keep?: number;
  now?: () => Date;
}

export interface MailSandbox {
  /** The page to read mail on. */
  url: string;
  /** As MAIL_URL takes it. */
  smtpUrl: string;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Starts a mail server that delivers nothing, with a page to read what it caught: for development and tests. It listens on
 * this machine only.
 * @throws Error in one sentence when a port is taken or the state file is damaged
 */
export async function startMailSandbox(options: MailSandboxOptions): Promise<MailSandbox> {
  const store = openMailStore({ file: options.stateFile, keep: options.keep ?? 500 });
  const smtp = createSmtpCatcher({ store, now: options.now ?? systemClock.now });
  // A client that goes away in the middle of a mail is no reason to end.
  smtp.on('error', () => undefined);
  const web = createServer(createMailApp(store));
  await listen(smtp.server, options.smtpPort, 'MAIL_SANDBOX_SMTP_PORT');

  try {
    await listen(web, options.port, 'MAIL_SANDBOX_PORT');
  } catch (error) {
    await closeOf(smtp);
    throw error;
  }

  return {
    url: `http://${host}:${portOf(web)}`,
    smtpUrl: `smtp://${host}:${portOf(smtp.server)}`,
    async close() {
      const closed = new Promise((resolve) => web.close(resolve));
      web.closeAllConnections();
      await Promise.all([closed, closeOf(smtp)]);
    },
  };
}

const portOf = (server: NetServer): number => (server.address() as AddressInfo).port;

function closeOf(smtp: { close(done: () => void): void }): Promise<void> {
  return new Promise((resolve) => smtp.close(() => resolve()));
}

function listen(server: Server | NetServer, port: number, variable: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port}, which the mail sandbox wants, is taken. Set ${variable}.`) : error);
    });
    server.listen(port, host, () => resolve());
  });
}
