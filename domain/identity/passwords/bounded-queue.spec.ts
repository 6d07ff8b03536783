import fc from 'fast-check';

import { createBoundedQueue } from './bounded-queue';

describe('bounded queue', () => {
  it('never runs more at once than allowed, runs all in the order they came, and frees places after failures', async () => {
    const jobs = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });

    await fc.assert(
      fc.asyncProperty(jobs, fc.integer({ min: 1, max: 4 }), async (fails, concurrency) => {
        const queue = createBoundedQueue({ concurrency, waiting: 100 });
        const started: number[] = [];
        let running = 0;
        let most = 0;
        const results = await Promise.allSettled(
          fails.map((isFailing, index) =>
            queue(async () => {
              started.push(index);
              running += 1;
              most = Math.max(most, running);
              await Promise.resolve();
              running -= 1;
              if (isFailing) {
                throw new Error('failed');
              }

              return index;
            }),
          ),
        );

        expect(most).toBeLessThanOrEqual(concurrency);
        expect(started).toEqual(fails.map((_, index) => index));
        expect(results.map((result) => result.status)).toEqual(
          fails.map((isFailing) => (isFailing ? 'rejected' : 'fulfilled')),
        );
        await expect(queue(() => Promise.resolve('free'))).resolves.toBe('free');
      }),
    );
  });

  it('turns callers away when the line is full', async () => {
    const queue = createBoundedQueue({ concurrency: 1, waiting: 1 });
    let release = (): void => undefined;
    const first = queue(() => new Promise<void>((resolve) => (release = resolve)));
    const second = queue(() => Promise.resolve());

    await expect(queue(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' });
    release();
    await Promise.all([first, second]);
    await expect(queue(() => Promise.resolve('free'))).resolves.toBe('free');
  });
});
