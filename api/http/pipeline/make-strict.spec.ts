import { z } from 'zod';

import { makeStrict } from './make-strict';

const Line = z.object({ productId: z.int() });
const Order = z
  .object({
    items: z.array(Line).min(1),
    extra: z.record(z.string(), Line).optional(),
    pay: z.discriminatedUnion('by', [
      z.object({ by: z.literal('card'), token: z.string() }),
      z.object({ by: z.literal('cod') }),
    ]),
    address: z.object({ street: z.string() }).nullable().default(null),
    open: z.looseObject({}).optional(),
    shouted: z
      .object({ text: z.string() })
      .transform(({ text }) => text.toUpperCase())
      .optional(),
  })
  .refine((order) => order.items.length < 3, 'too many')
  .describe('an order');
const strict = makeStrict(Order);
const good = { items: [{ productId: 1 }], pay: { by: 'cod' } };

test('what was valid stays valid, with defaults and transformations', () => {
  expect(strict.parse({ ...good, shouted: { text: 'a' }, open: { any: 1 } })).toEqual({
    ...good,
    address: null,
    shouted: 'A',
    open: { any: 1 },
  });
});

test.each([
  ['at the top', { ...good, more: 1 }],
  ['in a list', { ...good, items: [{ productId: 1, more: 1 }] }],
  ['in a record', { ...good, extra: { a: { productId: 1, more: 1 } } }],
  ['in a choice', { ...good, pay: { by: 'cod', more: 1 } }],
  ['below null and default', { ...good, address: { street: 'x', more: 1 } }],
  ['before a transformation', { ...good, shouted: { text: 'a', more: 1 } }],
])('an unknown member is refused %s', (_where, value) => {
  expect(Order.safeParse(value).success).toBe(true);
  expect(strict.safeParse(value).success).toBe(false);
});

test('checks and descriptions are kept', () => {
  const line = { productId: 1 };

  expect(strict.safeParse({ ...good, items: [] }).success).toBe(false);
  expect(strict.safeParse({ ...good, items: [line, line, line] }).success).toBe(false);
  expect(strict.description).toBe('an order');
});
