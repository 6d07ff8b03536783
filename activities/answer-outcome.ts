import { AppError } from '../domain/errors';
import type { StepResult } from './order-activities';

/** An AppError is a business answer and becomes a value; anything else is thrown, and Temporal tries again. */
export async function answerOutcome<Value>(work: () => Promise<Value>): Promise<StepResult<Value>> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (error instanceof AppError && error.status < 500) {
      return { kind: 'refused', error: error.toJSON() };
    }
    throw error;
  }
}
