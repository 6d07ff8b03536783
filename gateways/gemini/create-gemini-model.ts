import type { GoogleGenAI } from '@google/genai';
import { z } from 'zod';

import { modelReading } from '../../domain/intents/model-reading/model-reading-types';
import type { SentenceModel } from '../../domain/intents/model-reading/sentence-model';
import { geminiInstruction, geminiRequest } from './gemini-prompt';

export interface GeminiOptions {
  apiKey: string;
  /** As the provider names it. */
  model: string;
  /** Of another server that speaks the same API; null: the provider's. */
  baseUrl: string | null;
  /** Milliseconds that an answer may take. */
  within: number;
}

/** An answer of a few hundred tokens is a long one. */
const mostTokens = 4_096;

/**
 * Reads sentences by Google Gemini: one request, an answer in the shape of `modelReading`, no tools, no memory. Only the
 * sentence, the currency and the model of today go out.
 */
export function createGeminiModel({ apiKey, model, baseUrl, within }: GeminiOptions): SentenceModel {
  const schema = z.toJSONSchema(modelReading);
  let opened: Promise<GoogleGenAI> | null = null;

  // The library is large: it is loaded by the first company that asks for it.
  const open = (): Promise<GoogleGenAI> =>
    (opened ??= import('@google/genai').then(
      (library) =>
        new library.GoogleGenAI({
          apiKey,
          vertexai: false,
          httpOptions: {
            timeout: within,
            fetch: (...request) => fetch(...request),
            ...(baseUrl === null ? {} : { baseUrl }),
          },
        }),
    ));

  return {
    async read(text, context) {
      const client = await open();
      const { text: answer } = await client.models.generateContent({
        model,
        contents: geminiRequest(text, context),
        config: {
          systemInstruction: geminiInstruction,
          responseMimeType: 'application/json',
          responseJsonSchema: schema,
          temperature: 0,
          maxOutputTokens: mostTokens,
          abortSignal: AbortSignal.timeout(within),
        },
      });

      if (answer === undefined || answer === '') {
        throw new Error('Gemini gave no answer.');
      }

      return JSON.parse(answer) as unknown;
    },
  };
}
