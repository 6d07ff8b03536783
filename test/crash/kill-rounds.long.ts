import { setTimeout as delay } from 'node:timers/promises';

import { loggedError } from '../environment/logged-error';
import { type Books, findDamage } from './find-damage';
import { findFailingWorkflows, findUnfinished } from './find-unfinished';
import { type Part, type RunningShop, startShop } from './running-shop';
import { startTroubledCustomers } from './troubled-customers';

// A long run, outside `npm test`; bench/README.md has the command.
const kills = Number(process.env['BMMS_KILLS'] ?? 6);
const restarts = Number(process.env['BMMS_RESTARTS'] ?? 2);
const killed: readonly Part[] = ['Worker host', 'API', 'Temporal', 'Worker host', 'PostgreSQL'];
const restarted: readonly Part[] = ['Worker host', 'API'];
const pauseMs = 5_000;
const upWithinMs = 90_000;
const settledWithinMs = 120_000;
/** The supervisor gives a part up that ends more than five times in two minutes; so does nobody here. */
const mostBlows = 4;
const blowsWithinMs = 125_000;

let shop: RunningShop;

/** Each of them would be looked for in the whole log. */
const mostExplained = 20;

/** Why the API answered what nobody should have seen. */
const explained = (surprises: readonly string[]) =>
  surprises.map((answer, nth) => ({ answer, logged: nth < mostExplained ? loggedBy(shop, answer) : undefined }));
const loggedBy = ({ logFolder }: RunningShop, answer: string) =>
  loggedError(logFolder, /"instance":"([^"]+)"/.exec(answer)?.[1] ?? '?');

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

interface Blow {
  part: Part;
  signal: 'SIGKILL' | 'SIGTERM';
}

/** Kills, with the graceful restarts spread among them. */
function blows(): Blow[] {
  const every = Math.max(1, Math.floor(kills / Math.max(1, restarts)));

  return Array.from({ length: kills }, (_, nth): Blow[] => {
    const kill: Blow = { part: killed[nth % killed.length] as Part, signal: 'SIGKILL' };
    const round = Math.floor(nth / every);
    const isRestart = nth % every === every - 1 && round < restarts;

    return isRestart ? [kill, { part: restarted[round % restarted.length] as Part, signal: 'SIGTERM' }] : [kill];
  }).flat();
}

/** Waits until a part has been left in peace long enough to be ended once more. */
async function untilHealed(struck: readonly number[]): Promise<void> {
  const oldest = struck.at(-mostBlows);

  if (oldest !== undefined) {
    await delay(Math.max(0, oldest + blowsWithinMs - performance.now()));
  }
}

async function untilUp(part: Part, before: number): Promise<void> {
  for (const until = performance.now() + upWithinMs; performance.now() < until; await delay(100)) {
    if (shop.reports(part).filter((line) => line.endsWith('is up again')).length > before) {
      return;
    }
  }

  throw new Error(`${part} did not come up again.\n${shop.logs()}`);
}

/** Refunds, relayed callbacks and published events come after the answers. */
async function untilAtRest(books: Books): Promise<string[]> {
  for (const until = performance.now() + settledWithinMs; ; await delay(500)) {
    const found = [
      ...(await findUnfinished(books)),
      ...(await findDamage(books)),
      ...(await findFailingWorkflows(shop.temporal)),
    ];

    if (found.length === 0 || performance.now() > until) {
      return found;
    }
  }
}

test(
  `${kills} kills and ${restarts} restarts of every part, under refunds, changes and clocks at once, leave sound books and nothing unfinished`,
  async () => {
    const customers = await startTroubledCustomers(shop, { shoppers: 2, subscribers: 3 });
    const books = { adminUrl: shop.adminUrl, companyId: customers.company.id };

    const struck = new Map<Part, number[]>();

    for (const { part, signal } of blows()) {
      await delay(pauseMs);
      await untilHealed(struck.get(part) ?? []);
      struck.set(part, [...(struck.get(part) ?? []), performance.now()]);
      const before = shop.reports(part).filter((line) => line.endsWith('is up again')).length;
      shop.kill(part, signal);
      await untilUp(part, before);
    }
    await delay(pauseMs);
    await customers.stop().catch(async (error: unknown) => {
      const stuck = await findFailingWorkflows(shop.temporal);

      const told = [String(error), JSON.stringify(explained(customers.surprises), null, 2), ...stuck, shop.logs()];

      throw new Error(told.join('\n'), { cause: error });
    });
    const found = await untilAtRest(books);

    const surprises = explained(customers.surprises);

    expect({ found, surprises, logs: found.length === 0 ? '' : shop.logs() }).toEqual({
      found: [],
      surprises: [],
      logs: '',
    });
    expect(Object.keys(customers.done).length).toBeGreaterThan(7);
    console.log(JSON.stringify(customers.done));
  },
  300_000 + (kills + restarts) * 30_000,
);
