import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
let company: SignedUpCompany;

beforeAll(async () => {
  company = await signUpCompany();
});

/** Lines of the API's log about one request; a line is written a moment after its answer. */
async function linesOf(requestId: string): Promise<Record<string, any>[]> {
  for (let tries = 0; ; tries += 1) {
    const lines = readLog().filter((line) => line.includes(requestId));

    if (lines.length > 0 || tries === 50) {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whole lines: the last one may be on its way. */
const readLog = (): string[] => readFileSync(path.join(system.logFolder, 'api.log'), 'utf8').split('\n').slice(0, -1);

test('a request is one line with its id, company, caller, path and status', async () => {
  const requestId = randomUUID();
  await company.api.get('/products?limit=1', { headers: { 'x-request-id': requestId } });
  const lines = await linesOf(requestId);

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: 'info',
    requestId,
    companyId: company.id,
    userId: company.admin.principal.userId,
    role: 'company_admin',
    req: { method: 'GET', path: '/api/v1/products' },
    res: { status: 200 },
    responseTime: expect.any(Number),
  });
});

test('a request about something durable names its workflow', async () => {
  const requestId = randomUUID();
  await company.api.get('/subscriptions/4711', { headers: { 'x-request-id': requestId } });

  expect((await linesOf(requestId))[0]).toMatchObject({ workflowId: 'subscription/4711' });
});

test('passwords, tokens and signatures stay out of the log', async () => {
  const secret = randomUUID();
  const requestId = randomUUID();
  const headers = { 'x-request-id': requestId };
  const email = `log-${secret.slice(0, 8)}@example.test`;
  const session = await company.visitor.post('/auth/signup', { email, password: `password-${secret}` }, { headers });
  await company.visitor.post('/auth/refresh', { refreshToken: session.body.refreshToken }, { headers });
  await company.visitor.post('/auth/login', { email, password: `wrong-${secret}` }, { headers });
  await company.visitor.get(`/payments/vnpay/return?vnp_SecureHash=${secret}`, { headers });
  await company.api.get('/orders', { headers: { ...headers, cookie: `session=${secret}` } });
  await linesOf(requestId);
  const log = readLog().join('\n');

  expect(session.status).toBe(201);
  expect(log).not.toContain(secret);
  expect(log).not.toContain(session.body.accessToken);
  expect(log).not.toContain(session.body.refreshToken);
  expect(log).not.toContain(company.admin.token);
});
