import fc from 'fast-check';

import { pagesOf } from './pages-of';

test('every row comes once, in order, however many fit a page', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1 })), fc.integer({ min: 1, max: 5 }), async (ids, limit) => {
      const sorted = [...ids].sort((a, b) => a - b).map((id) => ({ id }));
      const seen = [];

      for await (const row of pagesOf(async (after) => sorted.filter(({ id }) => id > after).slice(0, limit))) {
        seen.push(row);
      }

      expect(seen).toEqual(sorted);
    }),
  );
});
