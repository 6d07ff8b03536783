import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { createTestDatabase } from '../../test/environment/test-database';
import { describeBroken, leadLives } from '../../test/integration/lives/lead-lives';
import { openProduct, type Product } from '../../test/integration/lives/product';
import { benchFolder } from '../start-system';
import { withTestServers } from './with-test-servers';

/** Lives between two notes of how far it is. */
const batch = 50;

/** How far a run is: it goes on from there when it was ended before. */
interface Progress {
  lives: number;
  broken: string[];
}

/**
 * Random lives of subscriptions, as `npm test` leads some of, by the thousand: each has a seed, from `--seed` on, and is
 * checked after each step. What does not hold is printed as the shortest list of things that show it. A run that was ended
 * goes on where it was; `--again` begins anew.
 */
export async function benchLives(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      count: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '20261128' },
      most: { type: 'string', default: '5' },
      again: { type: 'boolean', default: false },
    },
  });
  const [count, seed, most] = [values.count, values.seed, values.most].map(Number) as [number, number, number];
  const file = path.join(benchFolder, `lives-${seed}.json`);
  const progress = values.again ? { lives: 0, broken: [] } : await readProgress(file);
  console.log(
    `${count} lives, seeds from ${seed} on${progress.lives > 0 ? `; ${progress.lives} were led before` : ''}`,
  );

  await withTestServers(async (interrupted) => {
    const test = await createTestDatabase({ poolSize: 8 });
    const product = await openProduct(test);

    try {
      await leadAll(product, progress, { count, seed, most, file, interrupted });
    } finally {
      await product.close();
      await test.drop();
    }
  });
  console.log(`${progress.lives} lives, ${progress.broken.length} in which something does not hold; seed ${seed}`);
  process.exitCode = progress.broken.length === 0 ? 0 : 1;
}

async function leadAll(
  product: Product,
  progress: Progress,
  {
    count,
    seed,
    most,
    file,
    interrupted,
  }: { count: number; seed: number; most: number; file: string; interrupted: AbortSignal },
): Promise<void> {
  while (progress.lives < count && progress.broken.length < most) {
    const startedAt = performance.now();
    const next = Math.min(batch, count - progress.lives);
    const { broken } = await leadLives(product, {
      seed: seed + progress.lives,
      count: next,
      atOnce: 4,
      mostBroken: Infinity,
    });

    if (interrupted.aborted) {
      return;
    }
    const described = broken.map(describeBroken);
    described.forEach((text) => console.log(`\n${text}\n`));
    progress.lives += next;
    progress.broken.push(...described);
    await writeProgress(file, progress);
    console.log(`${progress.lives} lives, ${((performance.now() - startedAt) / next).toFixed(0)} ms each`);
  }
}

async function readProgress(file: string): Promise<Progress> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Progress,
    () => ({ lives: 0, broken: [] }),
  );
}

async function writeProgress(file: string, progress: Progress): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(progress, null, 2));
  await rename(`${file}.new`, file);
}
