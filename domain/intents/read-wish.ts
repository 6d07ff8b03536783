import type { TenantTransaction } from '../../platform/db/database';
import { readModel } from '../companies/model-of-company';
import { readSettings } from '../companies/setting-catalogue';
import type { Intent } from './intent-types';
import { readSentence, type SentenceReading } from './read-sentence-rules';

/** What is asked for: in words, or as an intent that somebody has made already. */
export type Wish = { text: string } | { intent: Intent };

/** @returns the intent of a wish; of words it is read as the company stands, with its currency and today's model */
export async function readWish(tx: TenantTransaction, wish: Wish): Promise<SentenceReading> {
  if ('intent' in wish) {
    return { intent: wish.intent, evidence: [] };
  }
  const { businessModel } = await readModel(tx);
  const { currency } = await readSettings(tx);

  return readSentence(wish.text, { currency, businessModel });
}
