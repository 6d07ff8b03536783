import { spreadOf } from '../spread';
import { startSystem } from '../start-system';
import { type Measure, type MeasureName, measures, type Taking } from './measures';
import { prepareOlderBuild } from './older-build';

/**
 * Measures an older build and this one side by side: both run at once, each on a system of its own, and one is measured
 * after the other, the order turned round each time, so that what the machine does meanwhile meets both alike.
 * @param options.size of one taking: seconds of orders, months of renewals
 */
export async function benchCompare(options: {
  commit: string;
  what: MeasureName;
  rounds: number;
  size: number | null;
}): Promise<void> {
  const { what } = options;
  const measure: Measure = measures[what];
  const size = options.size ?? measure.usualSize;
  const { folder, commit } = await prepareOlderBuild(options.commit);
  const older = await startSystem({ project: folder, name: 'older' });

  try {
    const newer = await startSystem({ name: 'newer' });

    try {
      const take = { older: await measure.open(older, size), newer: await measure.open(newer, size) };
      const rounds: { older: Taking; newer: Taking }[] = [];
      console.log(`\n${what}, ${measure.unit}; ${commit} and this build in turn, ${options.rounds} rounds\n`);
      console.log(`round  ${commit}  this build  ratio`);

      for (let round = 0; round < options.rounds; round += 1) {
        const taken: Partial<Record<'older' | 'newer', Taking>> = {};

        for (const build of round % 2 === 0 ? (['older', 'newer'] as const) : (['newer', 'older'] as const)) {
          taken[build] = await take[build]();
        }
        const both = taken as { older: Taking; newer: Taking };
        rounds.push(both);
        console.log(
          [
            String(round + 1).padStart(5),
            both.older.sum.toFixed(2).padStart(commit.length + 1),
            both.newer.sum.toFixed(2).padStart(11),
            (both.newer.sum / both.older.sum).toFixed(3).padStart(6),
          ].join(' '),
        );
      }
      const { least, median, most } = spreadOf(rounds.map(({ older, newer }) => newer.sum / older.sum));
      console.log(
        `\nratio of this build to ${commit}: ${least.toFixed(3)} … median ${median.toFixed(3)} … ${most.toFixed(3)}`,
      );
      tellParts(rounds);
    } finally {
      await newer.stop();
    }
  } finally {
    await older.stop();
  }
}

/** By process, the medians of both builds. */
function tellParts(rounds: readonly { older: Taking; newer: Taking }[]): void {
  for (const part of Object.keys(rounds[0]?.newer.parts ?? {})) {
    const of = (build: 'older' | 'newer') => spreadOf(rounds.map((round) => round[build].parts[part] ?? 0)).median;
    console.log(`${part.padEnd(12)} ${of('older').toFixed(2).padStart(8)} ${of('newer').toFixed(2).padStart(8)}`);
  }
}
