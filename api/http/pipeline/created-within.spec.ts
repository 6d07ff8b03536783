import { z } from 'zod';

import { createdParameters } from './created-within';

const query = z.strictObject(createdParameters);

describe('when rows of a list were made', () => {
  it.each(['1970-01-01', '2199-12-31', '2026-11-28T09:30:00+07:00', '2026-11-28T09:30:00 07:00'])(
    'takes %s',
    (text) => {
      expect(query.safeParse({ from: text, to: text }).success).toBe(true);
    },
  );

  it.each([
    'yesterday',
    '2026-02-30',
    // Days and instants that the database, or the day after them that JavaScript, cannot tell.
    '0000-01-01',
    '0001-01-01',
    '1969-12-31',
    '2200-01-01',
    '9999-12-31',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-12:00',
  ])('refuses %s', (text) => {
    const { error } = query.safeParse({ from: text, to: text });

    expect(error?.issues.map(({ path }) => path.join('/'))).toEqual(['from', 'to']);
  });
});
