import { connect } from 'node:net';

import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { startTestApp, type TestApp } from '../../environment/test-app';

let testDatabase: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  app = await startTestApp({ database: testDatabase.database, routes: () => [] });
});

afterAll(async () => {
  await app?.close();
  await testDatabase?.drop();
});

/** Sends text as it is, and reads what comes until the server hangs up. */
const send = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: string[] = [];
    const socket = connect(Number(new URL(app.api.url).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      socket.end();
      resolve(chunks.join(''));
    });
  });

const read = (answer: string) => {
  const [head = '', body = ''] = answer.split('\r\n\r\n');

  return {
    status: Number(head.split(' ')[1]),
    type: /^content-type: (.*)$/im.exec(head)?.[1],
    requestId: /^x-request-id: (.*)$/im.exec(head)?.[1],
    problem: JSON.parse(body),
  };
};

const host = 'Host: shop.test\r\n';

it.each([
  ['an address that is too long', `GET /orders?q=${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
  ['headers that are too large', `GET / HTTP/1.1\r\n${host}X-Note: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['what is no HTTP', 'EHLO shop.test\r\n\r\n', 400],
  ['a header without a name', `GET / HTTP/1.1\r\n${host}: nothing\r\n\r\n`, 400],
  ['a length that is no number', `POST /orders HTTP/1.1\r\n${host}Content-Length: ten\r\n\r\n`, 400],
])('%s is answered with a problem document', async (_what, request, status) => {
  const { problem, ...answer } = read(await send(request));
  const code = status === 431 ? 'request_headers_too_large' : 'malformed_request';

  expect(answer).toEqual({ status, type: 'application/problem+json', requestId: problem.instance });
  expect(problem).toEqual({
    type: `/docs/problems#${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    instance: expect.any(String),
    code,
  });
});

it('answers what came before on the same connection, and goes on for others', async () => {
  const answers = await send(`GET /nothing HTTP/1.1\r\n${host}\r\nnonsense\r\n\r\n`);

  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 400']);
  expect((await app.api.get('//')).status).toBe(200);
});
