/** Times of one kind of call, in milliseconds. */
export class Timings {
  private readonly times: number[] = [];

  add(milliseconds: number): void {
    this.times.push(milliseconds);
  }

  percentile(share: number): number {
    const sorted = [...this.times].sort((a, b) => a - b);

    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  }
}

export interface LoopResult {
  completed: number;
  failures: string[];
  seconds: number;
}

/** Each client does one thing after the other, without pause, until the time is up; what is under way is finished. */
export async function closedLoop(
  clients: number,
  seconds: number,
  one: (client: number) => Promise<void>,
): Promise<LoopResult> {
  const result: LoopResult = { completed: 0, failures: [], seconds };
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (performance.now() < until) {
        try {
          await one(client);
          result.completed += 1;
        } catch (error) {
          result.failures.push(error instanceof Error ? error.message : String(error));
        }
      }
    }),
  );
  result.seconds = (performance.now() - startedAt) / 1_000;

  return result;
}
