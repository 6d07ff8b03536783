import { z } from 'zod';

import { validateInput } from './validate-input';
import { invalidInput, parseInput } from '../../../domain/input-schema';
import type { AppError } from '../../../domain/errors';

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return (error as AppError).message;
  }

  return 'nothing is wrong';
};

const Order = z.strictObject({
  items: z.array(z.int().min(1)).min(1).max(2),
  note: z.string().min(2).max(5).optional(),
  name: z.string().min(1).optional(),
  method: z.enum(['vnpay', 'cod']).default('vnpay'),
  kind: z.literal('retail').optional(),
  isGift: z.boolean().optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  day: z.iso.date().optional(),
  email: z.email().optional(),
  id: z.uuid().optional(),
  ratio: z.number().gt(0).lt(1).optional(),
  price: z.union([z.int(), z.null()]).optional(),
  more: z.record(z.string(), z.string()).optional(),
  own: z
    .string()
    .regex(/^[a-z]$/, 'takes one small letter')
    .optional(),
  step: z.number().multipleOf(5).optional(),
});

describe('what is wrong with an input', () => {
  it.each([
    [{}, '/items: is missing: it takes a list'],
    [{ items: null }, '/items: takes a list, not null'],
    [{ items: 'x' }, '/items: takes a list, not text'],
    [{ items: {} }, '/items: takes a list, not an object'],
    [{ items: true }, '/items: takes a list, not true'],
    [{ items: [] }, '/items: must not be empty'],
    [{ items: [1, 2, 3] }, '/items: takes at most 2 entries'],
    [{ items: ['x'] }, '/items/0: takes a number, not text'],
    [{ items: [1.5] }, '/items/0: takes a whole number, not a number'],
    [{ items: [0] }, '/items/0: takes at least 1'],
    [{ items: [1], note: 'a' }, '/note: takes at least 2 characters'],
    [{ items: [1], note: 'abcdef' }, '/note: takes at most 5 characters'],
    [{ items: [1], name: '' }, '/name: must not be empty'],
    [{ items: [1], method: 'gold' }, '/method: takes one of vnpay, cod'],
    [{ items: [1], kind: 'gold' }, '/kind: takes only retail'],
    [{ items: [1], isGift: 'yes' }, '/isGift: takes true or false, not text'],
    [{ items: [1], at: '2025-10-26' }, '/at: takes an instant with its offset, as 2025-10-26T00:00:00+07:00'],
    [{ items: [1], day: 'today' }, '/day: takes a day, as 2025-10-26'],
    [{ items: [1], email: 'an' }, '/email: is not an e-mail address'],
    [{ items: [1], id: '7' }, '/id: is not a UUID'],
    [{ items: [1], ratio: 0 }, '/ratio: takes more than 0'],
    [{ items: [1], ratio: 1 }, '/ratio: takes less than 1'],
    [{ items: [1], price: 'x' }, '/price: is in none of the forms that it takes'],
    [{ items: [1], more: [] }, '/more: takes an object, not a list'],
    [{ items: [1], own: 'AB' }, '/own: takes one small letter'],
    [{ items: [1], step: 3 }, '/step: takes multiples of 5'],
    [{ items: [1], extra: 1 }, '/extra: This field is not known here'],
    ['text', 'The input takes an object, not text'],
  ])('%j: %s', (value, message) => {
    expect(messageOf(() => validateInput('body', Order, value))).toBe(message);
  });

  it('is said the same of messages as of requests, and of parameters by their names', () => {
    expect(messageOf(() => parseInput(Order, {}))).toBe('/items: is missing: it takes a list');
    expect(
      messageOf(() => validateInput('query', z.strictObject({ limit: z.coerce.number().int() }), { limit: 'x' })),
    ).toBe('limit: takes a number');
  });

  it('is one AppError that names the first field', () => {
    expect(invalidInput([{ field: '/a', message: 'must not be empty', code: 'too_small' }])).toMatchObject({
      code: 'validation_failed',
      field: '/a',
    });
  });
});

describe('a parameter of a query', () => {
  const Query = z.strictObject({ minPrice: z.coerce.number().int().min(0).optional(), q: z.string().optional() });
  const read = (query: object) => validateInput('query', Query, query);

  it('that is empty says nothing, which is not 0', () => {
    expect(messageOf(() => read({ minPrice: '' }))).toBe('minPrice: is empty: leave it out, or give it a value');
    expect(messageOf(() => read({ minPrice: ' ' }))).toBe('minPrice: is empty: leave it out, or give it a value');
    expect(messageOf(() => read({ q: '', minPrice: '0' }))).toBe('q: is empty: leave it out, or give it a value');
    expect(read({ minPrice: '0' })).toEqual({ minPrice: 0 });
  });
});
