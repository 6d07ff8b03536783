import type { SentenceContext } from '../meaning/items/place-rules';
import { readSentence, type SentenceReading } from '../read-sentence-rules';
import { modelReading } from './model-reading-types';
import type { SentenceModel } from './sentence-model';
import { isRefused, settleReadings } from './settle-readings-rules';

/**
 * Reads a sentence by rules and a language model. Whatever goes wrong with the model, the rules have read it.
 * @param onFailure is told why the model's answer does not count
 */
export async function readWithModel(
  text: string,
  context: SentenceContext,
  { model, onFailure }: { model: SentenceModel; onFailure: (error: unknown) => void },
): Promise<SentenceReading> {
  const ofRules = readSentence(text, context);

  if (isRefused(ofRules)) {
    return ofRules;
  }
  try {
    return settleReadings(text, ofRules, modelReading.parse(await model.read(text, context)), context);
  } catch (error) {
    onFailure(error);

    return ofRules;
  }
}
