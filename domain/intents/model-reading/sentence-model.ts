import type { BusinessModel } from '../intent-types';

/** A language model outside the product that reads sentences. What it answers is checked by `check-model-reading-rules.ts`. */
export interface SentenceModel {
  /**
   * @returns what it answered, as parsed JSON of any shape
   * @throws Error where it cannot be reached, refuses, or takes too long; the rules read alone then
   */
  read(text: string, context: { currency: string; businessModel: BusinessModel | null }): Promise<unknown>;
}
