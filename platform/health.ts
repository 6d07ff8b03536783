/** A part that must answer before a process may take work. */
export interface HealthCheck {
  name: string;
  /** Throws when the part is not usable. */
  check(): Promise<unknown>;
}

export interface Readiness {
  isReady: boolean;
  /** `ok`, or why not, by part. Never an address or a secret. */
  parts: Record<string, 'ok' | 'down'>;
}

/** Time a part has to answer. */
const deadlineMs = 2_500;

/** Asks all parts at once; one that throws or does not answer in time is down. */
export async function readReadiness(
  checks: readonly HealthCheck[],
  onDown: (name: string, error: unknown) => void = () => undefined,
): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        await answerInTime(check);

        return [name, 'ok'] as const;
      } catch (error) {
        onDown(name, error);

        return [name, 'down'] as const;
      }
    }),
  );

  return { isReady: results.every(([, state]) => state === 'ok'), parts: Object.fromEntries(results) };
}

async function answerInTime(check: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${deadlineMs} ms.`)), deadlineMs);
  });

  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}
