import { createModelRoutes } from '../../../api/model/routes';
import { type GeminiSandbox, startGeminiSandbox } from '../../../sandboxes/gemini/start-gemini-sandbox';
import { startTestApp, type TestApp } from '../../environment/test-app';
import { openTestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { paraphrase as text, readingOfIt as reading, sandboxKeys as keys } from './gemini-reading';

let testDatabase: TestDatabase;
let gemini: GeminiSandbox;
let app: TestApp;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  gemini = await startGeminiSandbox({ ...keys, behave: () => ({ kind: 'reading', reading }) });
  const { database } = testDatabase;
  const env = { GEMINI_API_KEY: keys.apiKey, GEMINI_MODEL: keys.model, GEMINI_BASE_URL: gemini.url };
  app = await startTestApp({ database, routes: createModelRoutes, env });
});
afterAll(async () => {
  await app?.close();
  await gemini?.close();
  await testDatabase?.drop();
});

async function parse(intentReader: 'rules' | 'gemini') {
  const { admin } = await openTestCompany(testDatabase.database, { settings: { intentReader } });

  return app.api.post('/model/parse', { text }, { token: admin.token });
}

it('plans from what Gemini reads, for a company that has asked for it', async () => {
  const { status, body } = await parse('gemini');

  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      intent: { businessModel: 'subscription', plans: [{ price: 199_000 }], source: 'gemini', questions: [] },
      evidence: expect.arrayContaining([{ field: '/plans/0/price', text: '199k', start: 19, end: 23 }]),
      changeset: { from: 'multi', to: 'subscription' },
      planHash: expect.any(String),
    },
  });
  expect(gemini.asked).toEqual([text]);
});

it('sends nothing out for any other company', async () => {
  const before = gemini.asked.length;
  const { status, body } = await parse('rules');

  expect({ status, body }).toMatchObject({ status: 200, body: { intent: { source: 'rules' }, planHash: null } });
  expect(gemini.asked).toHaveLength(before);
});
