import type { z } from 'zod';

import { AppError } from '../../../domain/errors';
import { findUnstorable } from '../idempotency/storable-json';

/** One thing that is wrong with a request. */
export interface InputError {
  /** JSON pointer below the body, or a parameter's name. */
  field: string;
  message: string;
  code: string;
}

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
  const unstorable = findUnstorable(value);

  if (unstorable !== null) {
    throw invalid([{ field: fieldOf(part, unstorable.path), message: unstorable.message, code: unstorable.code }]);
  }
  const parsed = schema.safeParse(value);

  if (!parsed.success) {
    throw invalid(parsed.error.issues.flatMap((issue) => toErrors(part, issue)));
  }

  return parsed.data;
}

function invalid(errors: InputError[]): AppError {
  const [first] = errors;

  return new AppError('validation_failed', {
    ...(first === undefined ? {} : { detail: describe(first), field: first.field }),
    params: { errors },
  });
}

function describe(error: InputError): string {
  return error.field === '' ? error.message : `${error.field}: ${error.message}`;
}

function toErrors(part: InputPart, issue: z.core.$ZodIssue): InputError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldOf(part, [...issue.path, key]),
      message: 'This field is not known here',
      code: 'unknown_field',
    }));
  }

  return [{ field: fieldOf(part, issue.path), message: issue.message, code: issue.code }];
}

function fieldOf(part: InputPart, path: readonly PropertyKey[]): string {
  const names = path.map((step) => String(step).slice(0, 100));

  return part === 'body'
    ? names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    : names.join('.');
}
