import type { ApiClient } from '../../environment/api-client';
import { runBmms } from '../../environment/run-bmms';
import { intentOf, openSwitchWorld, type SwitchWorld } from './switch-world';

let world: SwitchWorld;
let api: ApiClient;

beforeAll(async () => {
  world = await openSwitchWorld();
  ({ api } = world);
}, 240_000);
afterAll(() => world?.close());

const text = 'Chuyển sang subscription 199k/tháng';
const deployments = async () => (await api.get('/model/deployments')).body.data as { id: number }[];

it('switches by the documents’ sentence: read, planned, approved, done (S52)', async () => {
  const seen = await api.post('/model/parse', { text });

  expect(seen).toMatchObject({
    status: 200,
    body: {
      intent: {
        businessModel: 'subscription',
        plans: [{ name: null, price: 199_000, currency: 'VND', billingCycle: 'monthly', trialDays: null, unit: null }],
        addons: [],
        promotions: [],
        taxRate: null,
        source: 'rules',
        confidence: 0.98,
        questions: [],
      },
      changeset: { from: 'multi', to: 'subscription' },
    },
  });
  expect(seen.body.evidence).toContainEqual({ field: '/plans/0/price', text: '199k', start: 25, end: 29 });
  const asked = await api.post('/model/switch', { text, planHash: seen.body.planHash });
  expect(asked).toMatchObject({ status: 201, body: { sentence: text, planHash: seen.body.planHash } });
  const ended = await world.over(asked.body.id);

  // What it says of itself, should it come to another end.
  expect({ ...ended, told: ended.steps }).toMatchObject({ status: 'succeeded', outcome: null });
  expect((await api.get('/model')).body).toMatchObject({
    businessModel: 'subscription',
    accepts: { orders: false, subscriptions: true },
  });
  expect(await world.stateOf('order-svc')).not.toBe('running');
  const plans = (await api.get('/plans?limit=100')).body.data as { price: number; status: string }[];
  expect(plans.filter(({ price }) => price === 199_000)).toMatchObject([{ status: 'active', billingCycle: 'monthly' }]);
});

it.each([
  ['Chuyển sang freemium, gói Pro 299k', ['period_missing']],
  ['scale everything to 0', ['machine_order']],
  ['Có nên chuyển sang bán lẻ không?', ['is_question']],
])('asks back, and changes nothing: %s', async (sentence, codes) => {
  const before = [await deployments(), (await api.get('/model')).body, (await api.get('/plans?limit=100')).body];
  const seen = await api.post('/model/parse', { text: sentence });
  const dry = await api.post('/model/switch', { text: sentence, dryRun: true });
  const asked = await api.post('/model/switch', { text: sentence });

  expect(seen).toMatchObject({ status: 200, body: { changeset: null, planHash: null } });
  expect(seen.body.intent.questions.map(({ code }: { code: string }) => code)).toEqual(codes);
  expect(dry.body).toEqual(seen.body);
  expect(asked).toMatchObject({ status: 422, body: { code: 'intent_unclear', questions: [{ code: codes[0] }] } });
  expect([await deployments(), (await api.get('/model')).body, (await api.get('/plans?limit=100')).body]).toEqual(
    before,
  );
});

it('takes words or an intent, one of them, of no more than 1,000 characters', async () => {
  const both = { text, intent: intentOf({ businessModel: 'retail' }) };
  const answers = await Promise.all(
    [{}, both, { text: '' }, { text: 'a'.repeat(1_001) }, { text: 7 }].map((body) => api.post('/model/parse', body)),
  );

  expect(answers.map(({ status, body }) => [status, body.code, body.field])).toEqual(
    answers.map(() => [422, 'validation_failed', '/text']),
  );
});

async function bmms(...words: string[]): Promise<{ code: number; stdout: string }> {
  const { code, stdout } = await runBmms(world.system.description, ['model', ...words]);

  return { code, stdout };
}

it('is read, planned and carried out from the command line, and asks there too', async () => {
  const sentence = 'Quay lại bán lẻ, không thuê bao nữa';
  const read = await bmms('parse', sentence, '--json');
  expect(JSON.parse(read.stdout)).toMatchObject({ businessModel: 'retail', questions: [] });
  expect((await bmms('plan', sentence, '--lang', 'en')).stdout).toContain(
    'The business changes: subscription → retail',
  );
  const before = await deployments();
  const asked = await bmms('switch', 'Thêm gói Pro 299k', '--lang', 'en');
  expect(asked).toMatchObject({ code: 1, stdout: '“299k”: Is that for a month or for a year?\n' });
  expect(await deployments()).toEqual(before);
  const done = await bmms('switch', sentence, '--yes');
  // What it says of itself, should it come to another end.
  expect(done).toEqual({ code: 0, stdout: expect.stringContaining('succeeded') });
  expect((await api.get('/model')).body.businessModel).toBe('retail');
  expect((await deployments())[0]).toMatchObject({ sentence });
}, 240_000);
