import { fixedClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { runPatiently } from './patient-loop';
import { Setbacks } from './setbacks';

interface Item {
  id: number;
  of: number;
}

const items = (count: number, perKey = 1): Item[] =>
  Array.from({ length: count }, (_, id) => ({ id, of: Math.floor(id / perKey) }));

describe('a loop over what is to be done', () => {
  test.each([
    [100, 1],
    [250, 1],
    [400, 4],
  ])('gets to what stands behind %i that fail (%i of a key)', async (count, perKey) => {
    const left = items(count + 1, perKey);
    const last = left.at(-1);
    const abort = new AbortController();
    const failed = new Set<number>();

    await runPatiently<Item>(
      { clock: fixedClock('2026-01-01T00:00:00Z'), logger: {} as Logger, signal: abort.signal },
      {
        idleMs: 1,
        list: async (limit) => left.slice(0, limit),
        keyOf: ({ of }) => String(of),
        async carryOut(item) {
          if (item !== last) {
            throw new Error('broken');
          }
          abort.abort();
        },
        onFailed(item) {
          // A second time before the last one: it never gets its turn.
          if (failed.has(item.id)) {
            abort.abort();
          }
          failed.add(item.id);
        },
        onBlind(err) {
          throw err;
        },
      },
    );

    expect(failed.size).toBe(count);
  });

  test('looks again after a look that failed', async () => {
    const abort = new AbortController();
    const blind: unknown[] = [];
    let looks = 0;

    await runPatiently<Item>(
      { clock: fixedClock('2026-01-01T00:00:00Z'), logger: {} as Logger, signal: abort.signal },
      {
        idleMs: 1,
        async list() {
          looks += 1;

          if (looks === 1) {
            throw new Error('away');
          }

          return items(1);
        },
        keyOf: ({ of }) => String(of),
        carryOut: async () => abort.abort(),
        onFailed: () => undefined,
        onBlind: (err) => blind.push(err),
      },
    );

    expect(blind).toHaveLength(1);
  });
});

describe('what has failed', () => {
  const select = (setbacks: Setbacks<Item>, left: readonly Item[], now: number) =>
    setbacks.select(async (limit) => left.slice(0, limit), now);

  test('is tried again after a pause that doubles, up to a minute', async () => {
    const setbacks = new Setbacks<Item>(({ of }) => String(of));
    const [item] = items(1) as [Item];
    let now = 0;
    const pauses: number[] = [];

    for (let tries = 0; tries < 9; tries += 1) {
      setbacks.note(item, now);
      const pause = [1, 2, 4, 8, 16, 32, 60].map((s) => s * 1_000).find((ms) => ms > (pauses.at(-1) ?? 0)) ?? 60_000;
      expect(await select(setbacks, [item], now + pause - 1)).toEqual([]);
      expect(await select(setbacks, [item], now + pause)).toEqual([item]);
      pauses.push(pause);
      now += pause;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1_000));
  });

  test('comes after what has not, the longest waiting first, a few at a time', async () => {
    const setbacks = new Setbacks<Item>(({ of }) => String(of));
    const left = items(60);
    left.slice(0, 50).forEach((item) => setbacks.note(item, 50 - item.id));

    expect((await select(setbacks, left, 10_000)).map(({ id }) => id)).toEqual([
      ...[50, 51, 52, 53, 54, 55, 56, 57, 58, 59],
      ...Array.from({ length: 25 }, (_, nth) => 49 - nth),
    ]);
  });

  test('is forgotten when it is done, by whomever', async () => {
    const setbacks = new Setbacks<Item>(({ of }) => String(of));
    const [first, second] = items(2) as [Item, Item];
    [first, second].forEach((item) => setbacks.note(item, 0));
    setbacks.forget(first);
    expect(await select(setbacks, [first], 0)).toEqual([first]);

    expect(await select(setbacks, [first, second], 0)).toEqual([first, second]);
  });
});
