/**
 * Ways in which querydr and refund go wrong. `answer_lost` and the two hash faults carry the request out first;
 * the others do not.
 */
export const FAULTS = ['answer_lost', 'hang', 'http_500', 'wrong_hash', 'no_hash', 'not_json', 'code_99'] as const;
export type Fault = (typeof FAULTS)[number];

/** Faults waiting for the next requests, first come, first served. Forgotten on a restart. */
export interface FaultQueue {
  add(fault: Fault, times: number): void;
  take(): Fault | undefined;
}

export function createFaultQueue(): FaultQueue {
  const waiting: Fault[] = [];

  return {
    add: (fault, times) => waiting.push(...Array<Fault>(times).fill(fault)),
    take: () => waiting.shift(),
  };
}
