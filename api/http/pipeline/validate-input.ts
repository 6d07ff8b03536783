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

  if (part === 'query') {
    refuseEmpty(value as Readonly<Record<string, unknown>>);
  }

  return parsed.data;
}

/** Of a form that was left blank: read as a number it would be 0. @throws AppError validation_failed */
function refuseEmpty(query: Readonly<Record<string, unknown>>): void {
  const empty = Object.keys(query).filter((name) => isBlank(query[name]));

  if (empty.length > 0) {
    const message = 'is empty: leave it out, or give it a value';
    throw invalidInput(empty.map((name) => ({ field: parameterName([name]), message, code: 'too_small' })));
  }
}

const isBlank = (sent: unknown): boolean => typeof sent === 'string' && sent.trim() === '';

const parameterName = (path: readonly PropertyKey[]): string =>
  path.map((step) => String(step).slice(0, 100)).join('.');
