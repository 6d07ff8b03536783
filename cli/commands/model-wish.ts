import type { TargetKind } from '../../domain/deployments/deployment-target-types';
import type { Intent } from '../../domain/intents/intent-types';
import { printDetails } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';

export interface Options {
  company?: string;
  json?: boolean;
}

/** What the commands that ask for a switch take. */
export interface SwitchWords extends Options {
  intent?: string;
  to?: string;
  target?: TargetKind;
  drain?: string;
  lang?: string;
  yes?: boolean;
  watch?: boolean;
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

export const languageOf = ({ lang }: SwitchWords): 'vi' | 'en' => (lang === 'en' ? 'en' : 'vi');

/** @throws AppError validation_failed for a sentence beside another wish, or none; Error for two others, or no JSON object */
export async function askedFor(sentence: string | undefined, options: SwitchWords) {
  const [{ ParseRequest }, { parseInput }] = await Promise.all([
    import('../../api/model/schemas.js'),
    import('../../domain/input-schema.js'),
  ]);
  const { drain, target } = options;

  if (sentence !== undefined && options.to === undefined && options.intent === undefined) {
    return parseInput(ParseRequest, { text: sentence, drain, target });
  }
  const nothing = { businessModel: options.to ?? null, plans: [], addons: [], promotions: [], taxRate: null };

  if (options.to !== undefined && options.intent !== undefined) {
    throw new Error('--to and --intent exclude each other.');
  }
  const given = options.intent === undefined ? {} : objectOf(options.intent);
  const intent = { ...nothing, source: 'rules', confidence: 1, questions: [], ...given };

  return parseInput(ParseRequest, { intent, drain, target, ...(sentence === undefined ? {} : { text: sentence }) });
}

function objectOf(text: string): object {
  const notOne = '--intent takes a JSON object, as POST /model/parse does.';

  try {
    const read: unknown = JSON.parse(text);

    if (typeof read === 'object' && read !== null && !Array.isArray(read)) {
      return read;
    }
  } catch (cause) {
    throw new Error(notOne, { cause });
  }
  throw new Error(notOne);
}

/** What is asked for, as an intent; it may hold questions. */
export async function readIntent(system: RunningSystem, { text, intent }: Awaited<ReturnType<typeof askedFor>>) {
  const [{ readWish }, { openSentenceModel }] = await Promise.all([
    import('../../domain/intents/read-wish.js'),
    import('../../gateways/open-sentence-model.js'),
  ]);
  const wish = text === undefined ? { intent: intent as Intent } : { text };

  const sentenceModel = openSentenceModel(system.config);
  const onModelFailure = (error: unknown): void =>
    void process.stderr.write(`Gemini does not count, the rules have read it: ${String(error)}\n`);

  return readWish({ database: system.database, sentenceModel, onModelFailure }, system.companyId, wish);
}

/** `bmms model parse`: what a sentence is understood as. */
export async function parse(sentence: string, options: SwitchWords): Promise<void> {
  const body = await askedFor(sentence, options);
  await withRunningSystem(options.company, async (system) => {
    const { intent, evidence } = await readIntent(system, body);

    if (options.json === true) {
      printDetails({ ...intent, evidence }, options);
    } else {
      say(intent.questions.length > 0 ? askBack(intent, options) : JSON.stringify(intent, null, 2));
    }
  });
}

const askBack = ({ questions }: Intent, options: SwitchWords): string =>
  questions.map(({ span, ...says }) => `${span === null ? '' : `“${span}”: `}${says[languageOf(options)]}`).join('\n');

/** Says what has to be asked, where something has. @returns whether there is nothing */
export function isClear(intent: Intent, options: SwitchWords): boolean {
  if (intent.questions.length === 0) {
    return true;
  }
  process.exitCode = 1;

  if (options.json === true) {
    printDetails({ questions: intent.questions }, options);
  } else {
    say(askBack(intent, options));
  }

  return false;
}
