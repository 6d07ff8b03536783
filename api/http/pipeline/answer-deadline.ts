import type { ApiDependencies } from '../../dependencies';

/** When a request that waits for a workflow has to be answered, 202 or 503, whatever has come by then (D2). Epoch, ms. */
export function answerDeadline({ clock, config }: Pick<ApiDependencies, 'clock' | 'config'>): number {
  return clock.now().getTime() + config.ANSWER_DEADLINE_SECONDS * 1_000;
}
