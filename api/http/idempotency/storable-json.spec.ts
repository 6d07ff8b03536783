import fc from 'fast-check';

import { findUnstorable, maximumDepth } from './storable-json';

test('what JSON can say in whole characters is storable', () => {
  const value = fc
    .jsonValue({ maxDepth: 10, stringUnit: 'binary' })
    .filter((one) => !JSON.stringify(one).includes('\\u0000'));

  fc.assert(fc.property(value, (one) => findUnstorable(one) === null));
});

test.each(['\u0000', 'a\u0000b', '\ud800', '\udc00x'])('%j is found wherever it stands', (bad) => {
  expect(findUnstorable(bad)).toMatchObject({ path: [], code: 'invalid_character' });
  expect(findUnstorable({ a: [{ b: bad }] })).toMatchObject({ path: ['a', '0', 'b'], code: 'invalid_character' });
  expect(findUnstorable({ a: { [bad]: 1 } })).toMatchObject({ path: ['a'], code: 'invalid_character' });
});

test('nesting is bounded', () => {
  const nested = (levels: number): unknown => (levels === 0 ? {} : { a: nested(levels - 1) });

  expect(findUnstorable(nested(maximumDepth - 1))).toBeNull();
  expect(findUnstorable(nested(maximumDepth))).toMatchObject({ code: 'too_deep' });
});
