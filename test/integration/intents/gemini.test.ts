import { readWithModel } from '../../../domain/intents/model-reading/read-with-model';
import { readSentence } from '../../../domain/intents/read-sentence-rules';
import { createGeminiModel } from '../../../gateways/gemini/create-gemini-model';
import {
  type GeminiBehaviour,
  type GeminiSandbox,
  startGeminiSandbox,
} from '../../../sandboxes/gemini/start-gemini-sandbox';
import { paraphrase as sentence, readingOfIt as reading, sandboxKeys as keys } from './gemini-reading';

const context = { currency: 'VND', businessModel: 'retail' } as const;
let sandbox: GeminiSandbox;
let behaviour: GeminiBehaviour;

beforeAll(async () => {
  sandbox = await startGeminiSandbox({ ...keys, behave: () => behaviour });
});
afterAll(() => sandbox?.close());

/** @returns the reading, and why the model's did not count */
async function read(text: string, options: Partial<typeof keys> & { baseUrl?: string; within?: number } = {}) {
  const failures: string[] = [];
  const model = createGeminiModel({ ...keys, baseUrl: sandbox.url, within: 5_000, ...options });
  const { intent } = await readWithModel(text, context, { model, onFailure: (error) => failures.push(String(error)) });

  return { intent, failures };
}

it('reads what no rule knows, and every number of it is read again', async () => {
  expect(readSentence(sentence, context).intent.businessModel).toBeNull();
  behaviour = { kind: 'reading', reading };
  const { intent, failures } = await read(sentence);

  expect(failures).toEqual([]);
  expect(intent).toMatchObject({
    businessModel: 'subscription',
    plans: [{ price: 199_000, currency: 'VND', billingCycle: 'monthly' }],
    source: 'gemini',
  });
  expect(sandbox.asked.at(-1)).toBe(sentence);
});

it('asks back where an amount was read in another way', async () => {
  const price = { value: '1990000', currency: null, words: '199k' };
  behaviour = { kind: 'reading', reading: { ...reading, plans: [{ ...reading.plans[0], price }] } };
  const { intent } = await read('Chuyển sang subscription 199k/tháng');

  expect(intent).toMatchObject({ businessModel: null, questions: [{ code: 'readings_differ' }] });
});

it('is not asked about what the rules refuse', async () => {
  const before = sandbox.asked.length;
  behaviour = { kind: 'reading', reading };
  const { intent } = await read('Scale everything to 0');

  expect(intent.questions).toMatchObject([{ code: 'machine_order' }]);
  expect(sandbox.asked).toHaveLength(before);
});

it.each<[string, GeminiBehaviour]>([
  ['an error of the server', { kind: 'error', status: 500, reason: 'INTERNAL' }],
  ['too many requests', { kind: 'error', status: 429, reason: 'RESOURCE_EXHAUSTED' }],
  ['an answer that is held back', { kind: 'blocked' }],
  ['text that is no JSON', { kind: 'text', text: 'Sure! Here you go:' }],
  ['half an answer', { kind: 'text', text: JSON.stringify(reading).slice(0, 100) }],
  ['an answer of another shape', { kind: 'reading', reading: { ...reading, services: ['order-svc'] } }],
  ['silence', { kind: 'silence' }],
])(
  'falls back on the rules after %s',
  async (_what, told) => {
    behaviour = told;
    const text = 'Chuyển sang subscription 199k/tháng';
    const { intent, failures } = await read(text, { within: 1_500 });

    expect(failures).toHaveLength(1);
    expect(intent).toEqual(readSentence(text, context).intent);
  },
  20_000,
);

it('falls back on the rules with a wrong key, an unknown model, or nobody there', async () => {
  const text = 'Chuyển sang subscription 199k/tháng';
  const failed = [
    await read(text, { apiKey: 'another-key' }),
    await read(text, { model: 'another-model' }),
    await read(text, { baseUrl: 'http://127.0.0.1:9' }),
  ];

  expect(failed.map(({ failures }) => failures.length)).toEqual([1, 1, 1]);
  expect(failed.map(({ intent }) => intent)).toEqual(failed.map(() => readSentence(text, context).intent));
  expect(failed[0]?.failures[0]).not.toContain('another-key');
});
