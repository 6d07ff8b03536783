import fc from 'fast-check';

import { someAtATime } from './some-at-a-time';

test('each is done once, and never more at a time than are allowed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 6 }),
      async (scheduler, count, atOnce) => {
        const done: number[] = [];
        let underWay = 0;
        let most = 0;
        const items = Array.from({ length: count }, (_, index) => index);
        const all = someAtATime(items, atOnce, async (item) => {
          underWay += 1;
          most = Math.max(most, underWay);
          await scheduler.schedule(Promise.resolve());
          underWay -= 1;
          done.push(item);
        });
        await scheduler.waitFor(all);

        expect([...done].sort((left, right) => left - right)).toEqual(items);
        expect(most).toBe(Math.min(atOnce, count));
      },
    ),
  );
});

test('after one that fails none is begun, and its error comes when none is under way', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const failing = someAtATime([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await new Promise((resolve) => setImmediate(resolve));

    if (item === 1) {
      throw new Error('the first');
    }
    await new Promise((resolve) => setImmediate(resolve));
    ended.push(item);
  });

  await expect(failing).rejects.toThrow('the first');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});
