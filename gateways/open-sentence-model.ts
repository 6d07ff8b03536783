import type { SentenceModel } from '../domain/intents/model-reading/sentence-model';
import type { Config } from '../platform/config';
import { createGeminiModel } from './gemini/create-gemini-model';

/** Milliseconds that somebody who asks for a plan waits for an answer from outside. */
const within = 8_000;

/** The language model that reads sentences beside the rules; null where the installation has no key for one. */
export function openSentenceModel(config: Config): SentenceModel | null {
  const { GEMINI_API_KEY: apiKey, GEMINI_MODEL: model, GEMINI_BASE_URL: baseUrl = null } = config;

  return apiKey === undefined ? null : createGeminiModel({ apiKey, model, baseUrl, within });
}
