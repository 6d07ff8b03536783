import { fixedClock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';
import { runExpirySweep } from './expiry-sweep';

describe('what has expired', () => {
  const database = {
    system: {},
    withTenantSql: (companyId: number, work: (tx: object) => Promise<unknown>) => work({ companyId }),
  } as unknown as Database;

  /** Runs until it has looked for all of `looks`. */
  const sweep = async (looks: (() => number[])[], broken: number) => {
    const abort = new AbortController();
    const ended: number[] = [];
    const warnings: unknown[] = [];
    const logger = { warn: (fields: unknown) => warnings.push(fields) } as unknown as Logger;
    const [...left] = looks;
    await runExpirySweep(
      { database, clock: fixedClock('2026-01-01T00:00:00Z'), logger, signal: abort.signal },
      {
        what: 'test',
        idleMs: 1,
        async find() {
          const look = left.shift();

          if (left.length === 0) {
            abort.abort();
          }

          return (look?.() ?? []).map((id) => ({ companyId: 7, id }));
        },
        async end(_tx, { id }) {
          if (id === broken) {
            throw new Error('broken');
          }
          ended.push(id);
        },
      },
    );

    return { ended, warnings };
  };

  it('is ended although what is over for longer cannot be', async () => {
    const { ended, warnings } = await sweep([() => [1, 2, 3]], 1);
    expect(ended).toEqual([2, 3]);
    expect(warnings).toMatchObject([{ what: 'test', due: { companyId: 7, id: 1 } }]);
  });

  it('is looked for again after a look that failed', async () => {
    const fails = () => {
      throw new Error('away');
    };
    const { ended, warnings } = await sweep([fails, () => [4]], 1);
    expect(ended).toEqual([4]);
    expect(warnings).toHaveLength(1);
  });
});
