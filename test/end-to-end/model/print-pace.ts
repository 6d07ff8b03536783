import os from 'node:os';

interface Ended {
  approvedAt: string;
  endedAt: string;
  steps: { at: string; says: string }[];
}

/** Prints how long a switch took from the yes until every service was ready, and what it did when. A figure, never a test. */
export function printPace(where: string, { approvedAt, endedAt, steps }: Ended): void {
  const after = (at: string) => `${Date.parse(at) - Date.parse(approvedAt)} ms`;
  const ready = steps.find(({ says }) => says.includes('every service is ready'));
  const [load = 0] = os.loadavg();
  const story = steps
    .filter(({ at }) => at >= approvedAt)
    .map(({ at, says }) => `  ${after(at)}  ${says.slice(0, 90)}`);

  process.stdout.write(
    [
      `switch ${where}: from yes to ready ${after(ready?.at ?? '')}, to the end ${after(endedAt)}, at a load of ${load.toFixed(1)}`,
      ...story,
      '',
    ].join('\n'),
  );
}
