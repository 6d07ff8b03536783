import fc from 'fast-check';

import { formatRefreshToken, hashRefreshSecret, newRefreshSecret, parseRefreshToken } from './refresh-token';

describe('refresh token', () => {
  it('reads back as it was written', () => {
    const id = fc.integer({ min: 1, max: 999_999_999_999_999 });

    fc.assert(
      fc.property(id, id, (companyId, tokenId) => {
        const token = { companyId, id: tokenId, secret: newRefreshSecret() };

        expect(parseRefreshToken(formatRefreshToken(token))).toEqual(token);
      }),
    );
  });

  it.each([
    '',
    '1.2',
    '1.2.short',
    '0.1.' + 'a'.repeat(43),
    '1.9007199254740993.' + 'a'.repeat(43),
    '1.2.' + '/'.repeat(43),
  ])('is not %p', (text) => {
    expect(parseRefreshToken(text)).toBeNull();
  });

  it('is stored as a hash that does not show it', () => {
    const secret = newRefreshSecret();

    expect(hashRefreshSecret(secret)).toMatch(/^[\w-]{43}$/);
    expect(hashRefreshSecret(secret)).not.toBe(secret);
    expect(hashRefreshSecret(secret)).toBe(hashRefreshSecret(secret));
  });
});
