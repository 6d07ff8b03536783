import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { AppError } from '../errors';

const algorithm = 'aes-256-gcm';
const prefix = 'sealed:';

/** Keeps tokens that customers pay with out of workflow histories, which live longer and are read by more people. */
export interface TokenSeal {
  /** What may enter a workflow instead of a token; another text each time. */
  sealToken(token: string): string;
  /**
   * The token again; text that was never sealed is given back as it is, as in histories of before.
   * @throws AppError payment_token_unknown when it was sealed under another secret or was changed
   */
  openToken(text: string): string;
}

/** @param secret JWT_SECRET, the same in the API and the workers; when it changes, tokens on their way are declined */
export function createTokenSeal(secret: string): TokenSeal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'payment-token', 32));

  return {
    sealToken(token) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, key, nonce);
      const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);

      return `${prefix}${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
    },

    openToken(text) {
      if (!isSealed(text)) {
        return text;
      }
      const bytes = Buffer.from(text.slice(prefix.length), 'base64url');

      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, 12), { authTagLength: 16 });
        decipher.setAuthTag(bytes.subarray(12, 28));

        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('payment_token_unknown', { field: '/paymentToken', cause });
      }
    },
  };
}

export function isSealed(text: string): boolean {
  return text.startsWith(prefix);
}
