import type { z } from 'zod';

import { AppError } from '../../domain/errors';
import { parseInput } from '../../domain/input-schema';
import { refusal } from './command-queue';

/**
 * Reads a message by its schema. As a validator of an update it refuses before anything enters the history.
 * @throws ApplicationFailure validation_failed
 */
export function readMessage<Schema extends z.ZodType>(schema: Schema, message: unknown): z.output<Schema> {
  return orRefuse(() => parseInput(schema, message));
}

/** What a rule refuses becomes a typed failure of the message. @throws ApplicationFailure of the refusal's code */
export function orRefuse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof AppError ? refusal(error.toJSON()) : error;
  }
}
