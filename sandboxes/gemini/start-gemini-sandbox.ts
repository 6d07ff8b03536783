import type { AddressInfo } from 'node:net';

import express, { type Response } from 'express';
import { z } from 'zod';

/** What the sandbox does about a sentence. */
export type GeminiBehaviour =
  | { kind: 'reading'; reading: unknown }
  /** Text that is not what was asked for. */
  | { kind: 'text'; text: string }
  /** The filter of the provider holds the answer back. */
  | { kind: 'blocked' }
  | { kind: 'error'; status: number; reason: string }
  /** The connection stays open without an answer. */
  | { kind: 'silence' };

export interface GeminiSandboxOptions {
  apiKey: string;
  model: string;
  /** @param sentence the one that is to be read */
  behave: (sentence: string) => GeminiBehaviour;
}

export interface GeminiSandbox {
  url: string;
  /** Sentences that were asked, oldest first. */
  asked: readonly string[];
  close(): Promise<void>;
}

const parts = z.object({ parts: z.array(z.object({ text: z.string() })).min(1) });

/** The members of a request that the product depends on; others may stand beside them. */
const GenerateContent = z.object({
  contents: z.array(parts).min(1),
  systemInstruction: parts,
  generationConfig: z.object({
    responseMimeType: z.literal('application/json'),
    responseJsonSchema: z.looseObject({ type: z.literal('object') }),
    maxOutputTokens: z.int().min(1),
  }),
});
const Sentence = z.object({ sentence: z.string() });

/**
 * Starts a server that speaks the part of the Gemini API that the product uses, on a free port of loopback:
 * `POST /v1beta/models/<model>:generateContent` with `x-goog-api-key`, its answers and its errors.
 */
export async function startGeminiSandbox({ apiKey, model, behave }: GeminiSandboxOptions): Promise<GeminiSandbox> {
  const asked: string[] = [];
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json());
  app.post('/v1beta/models/:call', (request, response) => {
    if (request.headers['x-goog-api-key'] !== apiKey) {
      refuse(response, 400, 'INVALID_ARGUMENT', 'The API key is not valid.');
      return;
    }
    if (request.params.call !== `${model}:generateContent`) {
      refuse(response, 404, 'NOT_FOUND', 'There is no such model, or it has no such method.');
      return;
    }
    const body = GenerateContent.safeParse(request.body);
    const text = body.success ? (body.data.contents.at(-1)?.parts[0]?.text ?? '') : '';
    const sentence = body.success ? Sentence.safeParse(jsonOf(text)) : null;

    if (!body.success || sentence === null || !sentence.success) {
      refuse(response, 400, 'INVALID_ARGUMENT', `The request is not as it should be. ${body.error?.message ?? ''}`);
      return;
    }
    asked.push(sentence.data.sentence);
    answer(response, behave(sentence.data.sentence), model);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(response: Response, behaviour: GeminiBehaviour, modelVersion: string): void {
  if (behaviour.kind === 'silence') {
    return;
  }
  if (behaviour.kind === 'error') {
    refuse(response, behaviour.status, behaviour.reason, 'The sandbox was told to refuse.');
    return;
  }
  if (behaviour.kind === 'blocked') {
    response.json({ promptFeedback: { blockReason: 'OTHER' }, usageMetadata: { promptTokenCount: 1 }, modelVersion });
    return;
  }
  const text = behaviour.kind === 'text' ? behaviour.text : JSON.stringify(behaviour.reading);
  response.json({
    candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion,
  });
}

const refuse = (response: Response, code: number, status: string, message: string): void =>
  void response.status(code).json({ error: { code, message, status } });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
