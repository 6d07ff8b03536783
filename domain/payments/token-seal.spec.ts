import fc from 'fast-check';

import { createTokenSeal, isSealed } from './token-seal';

const seal = createTokenSeal('a-secret-of-the-installation-0123456789');
const token = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 255 }).filter((text) => !isSealed(text));

test('a sealed token opens, is another text each time, and fits where messages hold it', () => {
  fc.assert(
    fc.property(token, (text) => {
      const sealed = seal.sealToken(text);

      expect(seal.openToken(sealed)).toBe(text);
      expect(seal.sealToken(text)).not.toBe(sealed);
    }),
  );
  expect(seal.sealToken('ế'.repeat(255)).length).toBeLessThanOrEqual(1_200);
});

test('what was never sealed is given back', () => {
  expect(seal.openToken('tok_ok')).toBe('tok_ok');
});

test.each([
  ['another secret', createTokenSeal('another-secret-of-thirty-two-bytes!!').sealToken('tok_ok')],
  ['no seal at all', 'sealed:'],
  ['half a seal', seal.sealToken('tok_ok').slice(0, 30)],
  ['a changed seal', seal.sealToken('tok_ok').replace(/.{4}$/, '____')],
])('%s opens nothing', (_, text) => {
  expect(() => seal.openToken(text)).toThrow(expect.objectContaining({ code: 'payment_token_unknown' }));
});
