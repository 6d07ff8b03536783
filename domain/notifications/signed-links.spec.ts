import fc from 'fast-check';

import { createSignedLinks, type LinkPurpose } from './signed-links';

const secret = 'a secret that is long enough for the tests';
const links = createSignedLinks({ secret, publicUrl: 'https://api.shop.test/' });
const purposes: LinkPurpose[] = ['pay', 'confirm-email', 'reset-password'];
const tokenOf = (link: string) => link.slice(link.lastIndexOf('/') + 1);

const id = fc.integer({ min: 1, max: 999_999_999_999_999 });
const ids = fc.array(id, { minLength: 1, maxLength: 3 });

it('leads to our own pages, with the ids in plain sight and the same link each time', () => {
  const link = links.linkTo('pay', [3, 42]);

  expect(link).toMatch(/^https:\/\/api\.shop\.test\/pay\/3\.42\.[\w-]{32}$/);
  expect(links.linkTo('pay', [3, 42])).toBe(link);
  expect(links.linkTo('confirm-email', [3, 42], 'a@b.test')).toMatch(/\/account\/confirm\/3\.42\./);
});

it('is good for exactly what it was made for: purpose, ids, what it is bound to, secret', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...purposes),
      fc.constantFrom(...purposes),
      ids,
      fc.string(),
      fc.string(),
      (made, asked, given, bound, other) => {
        const token = tokenOf(links.linkTo(made, given, bound));
        const read = links.readToken(asked, given.length, token);
        const elsewhere = createSignedLinks({ secret: `${secret}!`, publicUrl: 'https://api.shop.test' });

        expect(read?.ids).toEqual(given);
        expect(read?.isSignedFor(bound)).toBe(made === asked);
        expect(read?.isSignedFor(other)).toBe(made === asked && bound === other);
        expect(elsewhere.readToken(made, given.length, token)?.isSignedFor(bound)).toBe(false);
        expect(links.readToken(asked, given.length + 1, token)).toBeNull();
      },
    ),
  );
});

it('is worth nothing with another id, and text that is no token is none', () => {
  const token = tokenOf(links.linkTo('pay', [3, 42]));
  const forged = token.replace('3.42.', '3.43.');

  expect(links.readToken('pay', 2, forged)?.isSignedFor('')).toBe(false);
  for (const text of [
    '',
    '3.42',
    '3.42.',
    `03.42.${'a'.repeat(32)}`,
    `3.-4.${'a'.repeat(32)}`,
    `${token}.`,
    `${token}a`,
  ]) {
    expect(links.readToken('pay', 2, text)).toBeNull();
  }
});
