import { MAX_SENTENCE_LENGTH } from '../../domain/intents/intent-types';
import { readSentence } from '../../domain/intents/read-sentence-rules';

const context = { currency: 'VND', businessModel: 'multi' } as const;
const sentence = 'Chuyển sang subscription 199k/tháng, dùng thử 14 ngày';
/** What readers of text are slow at: one mark, one price, one name again and again. */
const repeated = [
  ...[
    'a ',
    'à ',
    '-',
    '(',
    '/',
    '+',
    '%',
    '1-',
    '1 ',
    '$1 ',
    '199k/',
    '199k ',
    '199k/tháng, ',
    '(5k) ',
    '5k - ',
    '- x\n',
  ],
  ...['gói A 5k, ', 'gói Pro 199k ', 'không bán lẻ ', 'một trăm ', '1tr2', 'subscriptiom ', 'every 2 ', 'Pro 5k and '],
];

/** A sentence is read in the thread that answers requests: how long the longest and worst of them keep it. */
export function benchSentences(): void {
  const thousand = cpuOf(() => {
    for (let count = 0; count < 1_000; count += 1) {
      readSentence(sentence, context);
    }
  });
  console.log(`“${sentence}”: ${(thousand / 1_000).toFixed(2)} ms of CPU\n`);
  console.log(
    `     ${MAX_SENTENCE_LENGTH / 2}     ${MAX_SENTENCE_LENGTH} characters, ms of CPU; growth: 2 is linear, 4 quadratic`,
  );
  const rows = repeated.map((text) => {
    const [half = 0, whole = 0] = [MAX_SENTENCE_LENGTH / 2, MAX_SENTENCE_LENGTH].map((length) => {
      const long = text.repeat(length).slice(0, length);

      return cpuOf(() => readSentence(long, context));
    });

    return { text, half, whole };
  });

  for (const { text, half, whole } of rows.sort((one, other) => other.whole - one.whole)) {
    console.log(
      [half.toFixed(1).padStart(8), whole.toFixed(1).padStart(8), (whole / half).toFixed(1).padStart(6)].join(' '),
      JSON.stringify(text),
    );
  }
}

/** @returns milliseconds of this process's CPU; the least of seven, without what the compiler and the collector took */
function cpuOf(read: () => unknown): number {
  const took = Array.from({ length: 7 }, () => {
    const began = process.cpuUsage();
    read();
    const { user, system } = process.cpuUsage(began);

    return (user + system) / 1_000;
  });

  return Math.min(...took);
}
