import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import express from 'express';
import {
  type CallbackPayment,
  type CallbackStore,
  type Initiation,
  type PaymentGateway,
  type ProviderOutcome,
} from '../../../domain/payments/payment-gateway';
import { createVnpayGateway } from '../../../gateways/vnpay/create-vnpay-gateway';
import { startVnpaySandbox, type VnpaySandbox } from '../../../sandboxes/vnpay/start-vnpay-sandbox';
import { type VnpayConfig } from '../../../gateways/vnpay/vnpay-config';

export const TMN_CODE = 'BMMSTEST';
export const HASH_SECRET = 'only-for-tests-0123456789';
export const PLACED_AT = '2026-03-02T03:00:00.000Z';
export const RETRY_MS = 300_000;

/** A merchant reduced to what VNPay sees of it: two addresses, a book of payments, and the product's own gateway. */
export interface Shop {
  gateway: PaymentGateway;
  config: VnpayConfig;
  sandbox: VnpaySandbox;
  /** Outcomes taken in, in order. */
  recorded: ProviderOutcome[];
  /** RspCodes answered, in order. */
  answered: string[];
  /** Lets the next notifications find a broken merchant: an error of ours, or HTTP 500 without a body. */
  breakNext(kind: 'store' | 'server', times: number): void;
  /** Enters a payment and makes its address. */
  place(amount: number, options?: { locale?: 'vi' | 'en'; payBy?: string | null }): Initiation & { id: number };
  /** Calls the sandbox's control interface. */
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  restartSandbox(): Promise<void>;
  close(): Promise<void>;
}

export async function startShop(options: { stateFile?: string; config?: Partial<VnpayConfig> } = {}): Promise<Shop> {
  const payments = new Map<string, CallbackPayment>();
  const recorded: ProviderOutcome[] = [];
  const answered: string[] = [];
  const broken: ('store' | 'server')[] = [];
  const store: CallbackStore = {
    findPayment: async (reference) => {
      if (broken[0] === 'store') {
        broken.shift();
        throw new Error('The database is away.');
      }

      return payments.get(reference) ?? null;
    },
    record: async (outcome) => {
      const isKnown = recorded.some(
        (other) => other.reference === outcome.reference && other.outcome === outcome.outcome,
      );
      if (isKnown) {
        return 'already';
      }
      recorded.push(outcome);
      const payment = payments.get(outcome.reference);
      if (payment !== undefined && payment.state !== 'paid') {
        payment.state = outcome.outcome === 'success' ? 'paid' : 'failed';
      }

      return 'recorded';
    },
  };

  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sandboxOptions = {
    tmnCode: TMN_CODE,
    hashSecret: HASH_SECRET,
    ipnUrl: `${address}/vnpay/ipn`,
    now: () => new Date(PLACED_AT),
    ipnRetryMs: RETRY_MS,
    ...(options.stateFile === undefined ? {} : { stateFile: options.stateFile }),
  };
  let sandbox = await startVnpaySandbox({ ...sandboxOptions, port: 0 });
  const config: VnpayConfig = {
    tmnCode: TMN_CODE,
    hashSecret: HASH_SECRET,
    payUrl: sandbox.payUrl,
    apiUrl: sandbox.apiUrl,
    returnUrl: `${address}/vnpay/return`,
    referencePrefix: 'P',
    ...options.config,
  };
  const gateway = createVnpayGateway(config);

  app.get('/vnpay/ipn', async (request, response) => {
    if (broken[0] === 'server') {
      broken.shift();
      response.status(500).end();
      return;
    }
    const callback = { query: request.query, headers: request.headers, body: null };
    const answer = await gateway.answerCallback?.(callback, store);
    answered.push((answer?.body as { RspCode: string }).RspCode);
    response.status(answer?.status ?? 500).json(answer?.body);
  });

  let lastId = 0;

  return {
    gateway,
    config,
    get sandbox() {
      return sandbox;
    },
    recorded,
    answered,
    breakNext: (kind, times) => broken.push(...Array<typeof kind>(times).fill(kind)),
    place(amount, { locale = 'vi', payBy = '2026-03-02T03:15:00.000Z' } = {}) {
      lastId += 1;
      const initiation = gateway.initiate({
        paymentId: lastId,
        amount,
        currency: 'VND',
        description: `Đơn hàng #${lastId}`,
        now: PLACED_AT,
        payBy,
        customerIp: '203.0.113.9',
        locale,
      });
      payments.set(initiation.reference, { amount, currency: 'VND', state: 'open' });

      return { ...initiation, id: lastId };
    },
    async control(method, path, body) {
      const response = await fetch(`${sandbox.url}/sandbox${path}`, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await response.text();

      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    async restartSandbox() {
      const { port } = sandbox;
      await sandbox.close();
      sandbox = await startVnpaySandbox({ ...sandboxOptions, port });
      await forgetOldConnections(`${sandbox.url}/sandbox/health`);
    },
    async close() {
      await sandbox.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The client keeps connections of the server that is gone, and learns of it by using them. */
async function forgetOldConnections(url: string): Promise<void> {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    try {
      await (await fetch(url)).text();
      return;
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  throw new Error('The sandbox did not come back.');
}
