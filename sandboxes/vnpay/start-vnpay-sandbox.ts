import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { systemClock } from '../../platform/clock';
import { createFaultQueue } from './merchant-faults';
import { createNotifier } from './notifier';
import { createPaymentDesk } from './payment-desk';
import { createSandboxApp } from './sandbox-app';
import { openSandboxBook } from './sandbox-book';

export interface VnpaySandboxOptions {
  /** 0 takes any free port. */
  port: number;
  /** A loopback address; the sandbox refuses any other. Default 127.0.0.1. */
  host?: string;
  tmnCode: string;
  hashSecret: string;
  /** Where payments and undelivered notifications outlive a restart. Without it they are forgotten. */
  stateFile?: string;
  /** The merchant's address for notifications. */
  ipnUrl: string;
  now?: () => Date;
  /** Between repeats of a notification; 5 minutes, as VNPay has it, when not given. */
  ipnRetryMs?: number;
  /** Repeats until a notification is given up. Default 10. */
  ipnMaxRepeats?: number;
  /** How long the merchant may take to answer. Default 15 s. */
  ipnTimeoutMs?: number;
}

export interface VnpaySandbox {
  url: string;
  port: number;
  payUrl: string;
  apiUrl: string;
  /** For a merchant whose address is known only later. */
  setIpnUrl(ipnUrl: string): void;
  /** Stops taking requests and sending notifications. What is undelivered goes out after the next start. */
  close(): Promise<void>;
}

const FIVE_MINUTES_MS = 5 * 60_000;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Starts a server that speaks VNPay's protocol with play money: for tests, and for people who want to click through a
 * payment. Notifications left over from an earlier run go out at once.
 *
 * @throws Error in one sentence when the address is not local, the port is taken, or the state file is damaged
 */
export async function startVnpaySandbox(options: VnpaySandboxOptions): Promise<VnpaySandbox> {
  const { tmnCode, hashSecret, host = '127.0.0.1', ipnRetryMs = FIVE_MINUTES_MS } = options;

  if (!LOOPBACK.has(host)) {
    throw new Error(`The VNPay sandbox listens on this machine only, not on ${host}.`);
  }
  let { ipnUrl } = options;
  const baseNow = options.now ?? systemClock.now;
  const book = openSandboxBook(options.stateFile);
  const now = (): Date => new Date(baseNow().getTime() + book.clockOffsetMs());
  const notifier = createNotifier({
    book,
    now,
    ipnUrl: () => ipnUrl,
    retryMs: ipnRetryMs,
    maxRepeats: options.ipnMaxRepeats ?? 10,
    timeoutMs: options.ipnTimeoutMs ?? 15_000,
  });
  const desk = createPaymentDesk({ book, notifier, now, tmnCode, hashSecret, retryMs: ipnRetryMs });
  const faults = createFaultQueue();
  const server = createServer(createSandboxApp({ book, desk, notifier, faults, now, tmnCode, hashSecret }));
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://${host === '::1' ? '[::1]' : host}:${port}`;
  notifier.wake();

  return {
    url,
    port,
    payUrl: `${url}/paymentv2/vpcpay.html`,
    apiUrl: `${url}/merchant_webapi/api/transaction`,
    setIpnUrl: (address) => {
      ipnUrl = address;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await notifier.stop();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(
        isTaken ? new Error(`Port ${port}, which the VNPay sandbox wants, is taken. Set VNPAY_SANDBOX_PORT.`) : error,
      );
    });
    server.listen(port, host, () => resolve());
  });
}
