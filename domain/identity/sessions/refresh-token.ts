import { createHash, randomBytes } from 'node:crypto';

/** A refresh token is good for 30 days, and each use gives a new one. */
export const refreshTokenMs = 30 * 24 * 60 * 60 * 1000;

/** `<companyId>.<id>.<secret>`: a refresh has no access token to say which company's row to look at (D6). */
export interface RefreshToken {
  companyId: number;
  id: number;
  secret: string;
}

export function formatRefreshToken({ companyId, id, secret }: RefreshToken): string {
  return `${companyId}.${id}.${secret}`;
}

/** Null for text that never was a token of ours. */
export function parseRefreshToken(text: string): RefreshToken | null {
  const match = /^([1-9]\d{0,14})\.([1-9]\d{0,14})\.([\w-]{43})$/.exec(text);

  return match === null ? null : { companyId: Number(match[1]), id: Number(match[2]), secret: match[3] ?? '' };
}

/** 256 random bits. */
export function newRefreshSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored. The secret is random, so a plain hash is as good as a slow one. */
export function hashRefreshSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
