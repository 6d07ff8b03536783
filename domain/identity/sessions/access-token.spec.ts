import { SignJWT } from 'jose';

import { fixedClock } from '../../../platform/clock';
import { createAccessTokens } from './access-token';
import type { Principal } from '../principal';

const secret = 'a-secret-of-at-least-thirty-two-bytes';
const start = '2026-01-01T00:00:00Z';
const principal: Principal = {
  userId: 7,
  companyId: 3,
  role: 'customer',
  email: 'an@example.test',
  customerId: 11,
};
const tokensAt = (instant: string, key = secret) => createAccessTokens({ secret: key, clock: fixedClock(instant) });

/** A token whose every part can be wrong in one way. */
function forge(claims: Record<string, unknown>, options: { issuer?: string; audience?: string; alg?: string } = {}) {
  const at = new Date(start).getTime() / 1000;

  return new SignJWT({ companyId: 3, role: 'customer', email: 'an@example.test', customerId: 11, ...claims })
    .setProtectedHeader({ alg: options.alg ?? 'HS256' })
    .setSubject(typeof claims['sub'] === 'string' ? claims['sub'] : '7')
    .setIssuer(options.issuer ?? 'bmms')
    .setAudience(options.audience ?? 'bmms-api')
    .setIssuedAt(at)
    .setExpirationTime(at + 60)
    .sign(new TextEncoder().encode(secret));
}

describe('access token', () => {
  it('says who is calling', async () => {
    const token = await tokensAt(start).issueAccessToken(principal);

    await expect(tokensAt(start).verifyAccessToken(token)).resolves.toEqual(principal);
  });

  it('is good for fifteen minutes', async () => {
    const token = await tokensAt(start).issueAccessToken(principal);

    await expect(tokensAt('2026-01-01T00:14:59Z').verifyAccessToken(token)).resolves.toEqual(principal);
    await expect(tokensAt('2026-01-01T00:15:00Z').verifyAccessToken(token)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'The access token has ended. Refresh it.',
    });
  });

  it('ends at its time, and is refused when clocks go back too far, also where it was good before', async () => {
    let now = new Date(start).getTime();
    const tokens = createAccessTokens({ secret, clock: { now: () => new Date(now) } });
    const token = await tokens.issueAccessToken(principal);

    for (let times = 0; times < 2; times += 1) {
      await expect(tokens.verifyAccessToken(token)).resolves.toEqual(principal);
    }
    now += 899_999;
    await expect(tokens.verifyAccessToken(token)).resolves.toEqual(principal);
    now += 1;
    await expect(tokens.verifyAccessToken(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    now = new Date(start).getTime() - 61_000;
    await expect(tokens.verifyAccessToken(token)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(tokens.verifyAccessToken(`${token}x`)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused when it is from further ahead than clocks differ', async () => {
    const issuedAt = async (instant: string) => tokensAt(instant).issueAccessToken(principal);

    await expect(tokensAt(start).verifyAccessToken(await issuedAt('2026-01-01T00:01:00Z'))).resolves.toEqual(principal);
    for (const ahead of ['2026-01-01T00:01:01Z', '2027-01-01T00:00:00Z']) {
      await expect(tokensAt(start).verifyAccessToken(await issuedAt(ahead))).rejects.toMatchObject({
        code: 'unauthenticated',
        message: 'The access token is not valid.',
      });
    }
  });

  it('is refused when another secret signed it', async () => {
    const token = await tokensAt(start, 'another-secret-of-thirty-two-bytes!!').issueAccessToken(principal);

    await expect(tokensAt(start).verifyAccessToken(token)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['another issuer', forge({}, { issuer: 'someone' })],
    ['another audience', forge({}, { audience: 'elsewhere' })],
    ['another algorithm', forge({}, { alg: 'HS512' })],
    ['an unknown role', forge({ role: 'root' })],
    ['a subject that is no id', forge({ sub: 'admin' })],
    ['no company', forge({ companyId: undefined })],
    ['text', Promise.resolve('not.a.token')],
  ])('is refused with %s', async (_, forged) => {
    await expect(tokensAt(start).verifyAccessToken(await forged)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is refused without a signature', async () => {
    const token = await tokensAt(start).issueAccessToken(principal);
    const [, payload] = token.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');

    await expect(tokensAt(start).verifyAccessToken(`${header}.${payload}.`)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});
