import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { type BusinessModel, businessModels, type Intent } from './intent-types';
import { readSentence } from './read-sentence-rules';

const folder = path.resolve(__dirname, '../../test/sentences');

interface Sentence {
  sentence: string;
  expected: string;
  /** The model of the business that it is said of. */
  today: BusinessModel;
}

const todayOf = (text: string): BusinessModel =>
  businessModels.find((model) => text.startsWith(`# today: ${model}\n`)) ?? 'multi';

function read(kind: 'clear' | 'unclear'): [file: string, sentences: Sentence[]][] {
  return readdirSync(path.join(folder, kind))
    .sort()
    .map((file) => [file, readFileSync(path.join(folder, kind, file), 'utf8')] as const)
    .map(([file, text]) => [
      file,
      text
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'))
        .map((line) => {
          const [sentence = '', expected = ''] = line.replaceAll('\\n', '\n').split(' => ');

          return { sentence, expected, today: todayOf(text) };
        }),
    ]);
}

/** An intent in one line; see test/sentences/README.md. */
function tell(intent: Intent): string {
  const { businessModel, plans, addons, promotions, taxRate } = intent;
  const words = (parts: (string | number | null)[]) => parts.filter((part) => part !== null).join(' ');
  const quoted = (text: string | null) => (text === null ? null : `"${text}"`);

  return [
    businessModel ?? '-',
    ...plans.map(({ name, price, currency, billingCycle, trialDays, unit }) =>
      words([
        'plan',
        quoted(name),
        price,
        currency,
        billingCycle,
        trialDays === null ? null : `trial ${trialDays}`,
        unit === null ? null : `per ${unit}`,
      ]),
    ),
    ...addons.map(({ key, name, price, currency, billingPeriod }) =>
      words(['addon', key, quoted(name), price, currency, billingPeriod]),
    ),
    ...promotions.map(({ code, percentOff, amountOff, currency, periods }) =>
      words([
        'promotion',
        percentOff === null ? `${amountOff} ${currency}` : `${percentOff}%`,
        code,
        periods === null ? null : `for ${periods}`,
      ]),
    ),
    ...(taxRate === null ? [] : [`tax ${Number((taxRate * 100).toFixed(4))}%`]),
  ].join('; ');
}

function answerTo({ sentence, today }: Sentence): string {
  const { intent } = readSentence(sentence, { currency: 'VND', businessModel: today });

  return intent.questions.length > 0 ? `? ${intent.questions.map(({ code }) => code).join(' ')}` : tell(intent);
}

describe.each(read('clear'))('clear: %s', (_file, sentences) => {
  it.each(sentences)('$sentence', (said) => {
    expect(answerTo(said)).toBe(said.expected);
  });
});

describe.each(read('unclear'))('unclear: %s', (_file, sentences) => {
  it.each(sentences)('$sentence', (said) => {
    expect(answerTo(said)).toBe(`? ${said.expected}`);
  });
});
