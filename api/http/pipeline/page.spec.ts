import fc from 'fast-check';
import { z } from 'zod';

import { type AppError } from '../../../domain/errors';
import { decodeCursor, encodeCursor, toPage } from './page';

describe('cursor', () => {
  const position = z.object({ name: z.string(), id: z.int() });

  it('comes back as it was packed', () => {
    fc.assert(
      fc.property(fc.record({ name: fc.string(), id: fc.maxSafeInteger() }), (given) => {
        expect(decodeCursor(position, encodeCursor(given))).toEqual(given);
      }),
    );
  });

  it('is absent on the first page', () => {
    expect(decodeCursor(position, undefined)).toBeNull();
  });

  it('is refused, naming the parameter, when no list gave it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        try {
          decodeCursor(position, text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'validation_failed', field: 'cursor' } satisfies Partial<AppError>);

          return;
        }
        throw new Error('accepted');
      }),
    );
  });
});

describe('page', () => {
  it('walks every row once, whatever the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }), (count, limit) => {
        const rows = Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
        const seen: number[] = [];
        let cursor: string | undefined;

        for (;;) {
          const after = decodeCursor(z.int(), cursor) ?? 0;
          const page = toPage(rows.filter((row) => row.id > after).slice(0, limit + 1), {
            limit,
            positionOf: (row) => row.id,
            view: (row) => row.id,
          });
          seen.push(...page.data);
          if (page.nextCursor === null) {
            break;
          }
          cursor = page.nextCursor;
        }

        expect(seen).toEqual(rows.map((row) => row.id));
      }),
    );
  });
});
