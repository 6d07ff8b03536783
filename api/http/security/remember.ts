import type { Clock } from '../../../platform/clock';

/** How long a suspension, or the disabling of an account, may take to be noticed by a process. */
const rememberMs = 2_000;
const rememberAtMost = 10_000;

/** Keeps each answer for a moment; requests that ask at the same time share one question. */
export function createMemory<Value>(clock: Clock): (key: string, ask: () => Promise<Value>) => Promise<Value> {
  const entries = new Map<string, { until: number; value: Promise<Value> }>();

  return (key, ask) => {
    const now = clock.now().getTime();
    const known = entries.get(key);

    if (known !== undefined && known.until > now && known.until <= now + rememberMs) {
      return known.value;
    }
    if (entries.size >= rememberAtMost) {
      entries.clear();
    }
    const value = ask();
    entries.set(key, { until: now + rememberMs, value });
    // A failed question is asked anew by the next request.
    value.catch(() => entries.delete(key));

    return value;
  };
}
