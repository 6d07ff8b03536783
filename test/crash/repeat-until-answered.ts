import { setTimeout as delay } from 'node:timers/promises';

import type { Answer } from '../environment/api-client';

/** A customer gives up on one request only after this long, unless told otherwise. */
const usualPatienceMs = 90_000;

/** What a client with good manners takes for an answer: everything but "not now". */
export interface Repeating {
  what: string;
  send: () => Promise<Answer>;
  /** Gets a line for each answer that no customer should see, whatever dies meanwhile. */
  surprises: string[];
  /** Refusals that make sense here, by code of the problem; each is an answer. */
  refusals?: readonly string[];
  patienceMs?: number;
}

/** Sends a request again, as Retry-After says, until it has an answer. */
export async function repeatUntilAnswered({
  what,
  send,
  surprises,
  refusals = [],
  patienceMs = usualPatienceMs,
}: Repeating): Promise<Answer> {
  const told: Told[] = [];

  for (const until = performance.now() + patienceMs; performance.now() < until;) {
    const answer = await send().catch(() => null);

    if (answer !== null && isAnswer(answer, refusals)) {
      return answer;
    }
    const last = answer === null ? 'no answer' : `${answer.status} ${answer.text.slice(0, 300)}`;
    note(told, answer === null ? last : `${answer.status} ${answer.body?.code ?? ''}`, last);

    if (answer !== null && !isToBeRepeated(answer)) {
      surprises.push(`${new Date().toISOString()} ${what}: ${last}`);
    }
    await delay(1_000 * Number(answer?.headers.get('retry-after') ?? 0.3));
  }

  const story = told.map(({ from, to, times, last }) => `${from} to ${to}, ${times} times: ${last}`);

  throw new Error([`${what} was not answered within ${patienceMs / 1_000} s, but told:`, ...story].join('\n'));
}

/** One answer that came several times on end: which came first, and how often, tells a stored answer from a passing one. */
interface Told {
  kind: string;
  from: string;
  to: string;
  times: number;
  last: string;
}

function note(told: Told[], kind: string, last: string): void {
  const at = new Date().toISOString();
  const latest = told.at(-1);

  if (latest?.kind === kind) {
    Object.assign(latest, { to: at, times: latest.times + 1, last });
  } else {
    told.push({ kind, from: at, to: at, times: 1, last });
  }
}

function isAnswer({ status, body }: Answer, refusals: readonly string[]): boolean {
  return (status >= 200 && status < 300 && status !== 202) || refusals.includes(body?.code);
}

function isToBeRepeated({ status, body }: Answer): boolean {
  return status === 202 || status === 503 || body?.code === 'idempotency_in_progress';
}
