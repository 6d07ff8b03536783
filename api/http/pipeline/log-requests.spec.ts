import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import express, { type RequestHandler } from 'express';

import { createLogger } from '../../../platform/logger';
import { logRequests } from './log-requests';
import { assignRequestId } from './request-id';
import { logOf, stateOf } from './request-state';

const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'bmms-log-')), 'api.log');
const logger = createLogger({ level: 'info', name: 'api', descriptor: openSync(file, 'a') });
let server: Server;
let left: () => void;

const handlers: Record<string, RequestHandler> = {
  '/orders/7': (_request, response) => {
    Object.assign(stateOf(response), {
      companyId: 3,
      workflowId: 'order/7',
      principal: { userId: 5, role: 'customer' },
    });
    response.json({ token: 'in the body' });
  },
  '/says': (_request, response) => {
    Object.assign(stateOf(response), { companyId: 3, workflowId: 'order/9' });
    logOf(response).warn({ token: 'in a line' }, 'something was odd');
    response.json({});
  },
  '/breaks': (_request, response) => {
    stateOf(response).error = Object.assign(new Error('broken'), { password: 'in an error' });
    response.status(500).json({});
  },
  '/never': () => left(),
  '/health/live': (_request, response) => void response.json({}),
};

beforeAll(async () => {
  const app = express();
  app.use(assignRequestId(), logRequests(logger));
  Object.entries(handlers).forEach(([address, handler]) => app.get(address, handler));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Asks, with a query that must not be told, and reads the lines about it. */
async function ask(address: string, requestId: string): Promise<Record<string, unknown>[]> {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${address}?secret=in-the-query`;
  await new Promise<void>((resolve, reject) => {
    const request = get(url, { agent: false, headers: { 'X-Request-Id': requestId } }, (response) => {
      response.resume().once('end', () => setTimeout(resolve, 50));
    });
    request.on('error', address === '/never' ? () => undefined : reject);
    left = () => {
      request.destroy();
      setTimeout(resolve, 50);
    };
  });

  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`"${requestId}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('an answer is one line that tells who asked for what, and nothing of query or body', async () => {
  const lines = await ask('/orders/7', 'r-1');

  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.any(String),
      name: 'api',
      pid: process.pid,
      requestId: 'r-1',
      req: { method: 'GET', path: '/orders/7' },
      companyId: 3,
      userId: 5,
      role: 'customer',
      workflowId: 'order/7',
      res: { status: 200 },
      responseTime: expect.any(Number),
      msg: 'answered',
    },
  ]);
});

it('what is said meanwhile tells the request, and keeps secrets', async () => {
  const lines = await ask('/says', 'r-2');

  expect(lines).toMatchObject([
    { level: 'warn', requestId: 'r-2', companyId: 3, userId: null, workflowId: 'order/9', token: '[redacted]' },
    { msg: 'answered', companyId: 3 },
  ]);
});

it('a failure is told with its cause, without what is secret in it', async () => {
  const [line, ...others] = await ask('/breaks', 'r-3');

  expect(others).toEqual([]);
  expect(line).toMatchObject({
    level: 'error',
    msg: 'answered with an error',
    res: { status: 500 },
    err: { message: 'broken', stack: expect.stringContaining('broken') },
  });
  expect(JSON.stringify(line)).not.toContain('in an error');
});

it('whoever leaves before an answer leaves a line without a caller', async () => {
  const [line, ...others] = await ask('/never', 'r-4');

  expect(others).toEqual([]);
  expect(line).toMatchObject({ requestId: 'r-4', req: { path: '/never' } });
  expect(line).not.toHaveProperty('companyId');
});

it('those who watch the process leave none', async () => {
  expect(await ask('/health/live', 'r-5')).toEqual([]);
});
