import type { z } from 'zod';

import { inputErrors, invalidInput, pointerTo } from '../../../domain/input-schema';
import { plainIssue } from '../../../domain/plain-issue';
import { findUnstorable } from '../idempotency/storable-json';

export type InputPart = 'params' | 'query' | 'body';

/**
 * Parses one part of a request.
 * @throws AppError validation_failed with `errors`, the first one's field on top.
 */
export function validateInput<Schema extends z.ZodType>(
  part: InputPart,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const nameOf = part === 'body' ? pointerTo : parameterName;
  const unstorable = findUnstorable(value);

  if (unstorable !== null) {
    throw invalidInput([{ field: nameOf(unstorable.path), message: unstorable.message, code: unstorable.code }]);
  }
  const parsed = schema.safeParse(value, { error: plainIssue });

  if (!parsed.success) {
    throw invalidInput(parsed.error.issues.flatMap((issue) => inputErrors(issue, nameOf)));
  }

  return parsed.data;
}

const parameterName = (path: readonly PropertyKey[]): string =>
  path.map((step) => String(step).slice(0, 100)).join('.');
