import { AppError } from '../../../domain/errors';
import type { ApiDependencies } from '../../dependencies';
import { lookMs } from './answer-deadline';

/** What takes longer is promised (202) only when its workflow is there to do it. @throws AppError unavailable */
export async function requireStarted(
  { temporal, clock }: Pick<ApiDependencies, 'temporal' | 'clock'>,
  workflowId: string,
  cause: Error,
): Promise<void> {
  try {
    await temporal.connection.withDeadline(clock.now().getTime() + lookMs, () =>
      temporal.workflow.getHandle(workflowId).describe(),
    );
  } catch {
    throw new AppError('unavailable', { cause });
  }
}
