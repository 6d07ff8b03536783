import type { Database } from '../../platform/db/database';
import { readModel } from '../companies/model-of-company';
import { readSettings } from '../companies/setting-catalogue';
import type { Intent } from './intent-types';
import { readWithModel } from './model-reading/read-with-model';
import type { SentenceModel } from './model-reading/sentence-model';
import { readSentence, type SentenceReading } from './read-sentence-rules';

/** What is asked for: in words, or as an intent that somebody has made already. */
export type Wish = { text: string } | { intent: Intent };

export interface WishReaders {
  database: Database;
  /** null: the installation has none. */
  sentenceModel: SentenceModel | null;
  /** Is told why an answer of the model does not count; the rules have read the sentence then. */
  onModelFailure: (error: unknown) => void;
}

/**
 * @returns the intent of a wish; of words it is read as the company stands, with its currency and today's model, and by a
 *   language model as well where the company has asked for that
 */
export async function readWish(
  { database, sentenceModel, onModelFailure: onFailure }: WishReaders,
  companyId: number,
  wish: Wish,
): Promise<SentenceReading> {
  if ('intent' in wish) {
    return { intent: wish.intent, evidence: [] };
  }
  const { intentReader, ...context } = await database.withTenant(companyId, async (tx) => {
    const [{ businessModel }, settings] = [await readModel(tx), await readSettings(tx)];

    return { businessModel, currency: settings.currency, intentReader: settings.intentReader };
  });

  return sentenceModel === null || intentReader === 'rules'
    ? readSentence(wish.text, context)
    : readWithModel(wish.text, context, { model: sentenceModel, onFailure });
}
