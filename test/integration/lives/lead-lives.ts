import fc from 'fast-check';

import { anyLife } from './any-life';
import { describeLife } from './describe-life';
import { leadLife, type LedLife } from './lead-life';
import { shorterLives } from './shorter-lives';
import type { Life } from './life';
import type { Product } from './product';

/** The life of a seed: lives are told apart by it, so that one can be led again alone. */
export function lifeOf(seed: number): Life {
  return fc.sample(fc.noBias(anyLife), { seed, numRuns: 1 })[0] as Life;
}

export interface BrokenLife {
  seed: number;
  /** The shortest life found in which the same rule does not hold. */
  life: Life;
  led: LedLife;
}

export interface LivesReport {
  lives: number;
  /** How often each thing was done, and refused. */
  done: Map<string, number>;
  refused: Map<string, number>;
  broken: BrokenLife[];
}

/**
 * Leads the lives of `count` seeds from `seed` on, several at once, until one breaks a rule; that one is made as short as
 * it gets.
 */
export async function leadLives(
  product: Product,
  options: {
    seed: number;
    count: number;
    atOnce: number;
    mostBroken?: number;
    onLed?: (seed: number) => void;
    /** Which life a seed has. */
    lifeOf?: (seed: number) => Life;
  },
): Promise<LivesReport> {
  const { seed: first, count, atOnce, mostBroken = 1 } = options;
  const ofSeed = options.lifeOf ?? lifeOf;
  const report: LivesReport = { lives: 0, done: new Map(), refused: new Map(), broken: [] };
  const found: { seed: number; led: LedLife }[] = [];
  let next = first;

  const leader = async () => {
    while (next < first + count && found.length < mostBroken) {
      const seed = next;
      next += 1;
      const led = await leadLife(ofSeed(seed), product);
      report.lives += 1;
      led.done.forEach((name) => report.done.set(name, (report.done.get(name) ?? 0) + 1));
      led.refused.forEach((name) => report.refused.set(name, (report.refused.get(name) ?? 0) + 1));

      if (rulesOf(led).length > 0) {
        found.push({ seed, led });
      }
      options.onLed?.(seed);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, leader));

  for (const { seed, led } of found.sort((one, other) => one.seed - other.seed)) {
    report.broken.push(await shrink(product, { seed, life: ofSeed(seed), led }));
  }

  return report;
}

const rulesOf = ({ broken }: LedLife) => (broken?.violations ?? []).map(({ rule }) => rule);

/** Leaves out whatever can be left out while the same rule stays broken: there is no shorter life by one step. */
async function shrink(product: Product, { seed, life, led }: BrokenLife): Promise<BrokenLife> {
  const [rule = ''] = rulesOf(led);
  let shortest: BrokenLife = { seed, life: cutAfter(life, led), led };

  for (let isShorter = true; isShorter;) {
    isShorter = false;

    for (const shorter of shorterLives(shortest.life)) {
      const again = await leadLife(shorter, product);

      if (rulesOf(again).includes(rule)) {
        shortest = { seed, life: cutAfter(shorter, again), led: again };
        isShorter = true;
        break;
      }
    }
  }

  return shortest;
}

const cutAfter = (life: Life, { broken }: LedLife): Life => ({
  ...life,
  commands: life.commands.slice(0, broken?.step ?? life.commands.length),
});

/** What is wrong, the life that shows it, and how to lead it again. */
export function describeBroken({ seed, life, led }: BrokenLife): string {
  const { broken } = led;

  return [
    `seed ${seed}: after “${broken?.after}” (step ${broken?.step})`,
    ...(broken?.violations ?? []).map(({ rule, shown }) => `  does not hold: ${rule}\n    ${shown}`),
    `  ${describeLife(life)}`,
    `  as data: ${JSON.stringify(life)}`,
  ].join('\n');
}
