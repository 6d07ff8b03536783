import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

import { canonicalJson } from './hash-request';

const algorithm = 'aes-256-gcm';

/**
 * Encrypts an answer that holds tokens with a key made of the server's secret and the request itself: reading the table
 * tells nobody the tokens; only who repeats the same request gets them.
 */
export function sealAnswer(secret: string, request: unknown, body: unknown): { sealed: string } {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, sealingKey(secret, request), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(body ?? null), 'utf8'), cipher.final()]);

  return { sealed: Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url') };
}

/** @throws Error when the seal was made for another request or was changed. */
export function openAnswer(secret: string, request: unknown, answer: { sealed: string }): unknown {
  const bytes = Buffer.from(answer.sealed, 'base64url');
  const decipher = createDecipheriv(algorithm, sealingKey(secret, request), bytes.subarray(0, 12), {
    authTagLength: 16,
  });
  decipher.setAuthTag(bytes.subarray(12, 28));
  const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);

  return JSON.parse(text.toString('utf8'));
}

function sealingKey(secret: string, request: unknown): Buffer {
  return createHmac('sha256', secret)
    .update(`seal\n${canonicalJson(request)}`)
    .digest();
}
