import type { ApiDependencies } from '../../dependencies';

/** What is kept of the time to answer, to look whether there is anything to wait for. Milliseconds. */
export const lookMs = 2_000;

/** When a request that waits for a workflow has to be answered, 202 or 503, whatever has come by then (D2). Epoch, ms. */
export function answerDeadline({ clock, config }: Pick<ApiDependencies, 'clock' | 'config'>): number {
  return clock.now().getTime() + config.ANSWER_DEADLINE_SECONDS * 1_000;
}
