import fc from 'fast-check';

import { canonicalJson, hashRequest } from './hash-request';
import { openAnswer, sealAnswer } from './seal-answer';

const json = fc.jsonValue();
const secret = 'a-secret-of-the-installation-0123456789';

/** The same value with the members of its objects in the opposite order. */
function turnRound(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(turnRound);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }

  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turnRound(member)]),
  );
}

test('equal requests have one hash, whatever the order of their members', () => {
  fc.assert(fc.property(json, (value) => hashRequest(secret, value) === hashRequest(secret, turnRound(value))));
});

test('different requests have different hashes', () => {
  fc.assert(
    fc.property(json, json, (left, right) => {
      fc.pre(canonicalJson(left) !== canonicalJson(right));

      return hashRequest(secret, left) !== hashRequest(secret, right);
    }),
  );
});

test('a sealed answer opens for the same request and tells nothing by itself', () => {
  fc.assert(
    fc.property(json, fc.uuid(), (request, token) => {
      const answer = sealAnswer(secret, request, { accessToken: token });

      expect(JSON.stringify(answer)).not.toContain(token);
      expect(openAnswer(secret, turnRound(request), answer)).toEqual({ accessToken: token });
    }),
  );
});

test('another request, another secret or a changed seal opens nothing', () => {
  const answer = sealAnswer(secret, { email: 'a' }, { accessToken: 'x' });
  const changed = { sealed: `${answer.sealed.slice(0, -2)}${answer.sealed.endsWith('AA') ? 'BB' : 'AA'}` };

  expect(() => openAnswer(secret, { email: 'b' }, answer)).toThrow();
  expect(() => openAnswer(`${secret}!`, { email: 'a' }, answer)).toThrow();
  expect(() => openAnswer(secret, { email: 'a' }, changed)).toThrow();
});
