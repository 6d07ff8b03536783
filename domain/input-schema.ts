import type { z } from 'zod';

import { AppError } from './errors';
import { plainIssue } from './plain-issue';

/** One thing that is wrong with a request or message. */
export interface InputError {
  /** JSON pointer below the body or message. */
  field: string;
  message: string;
  code: string;
}

/**
 * Reads a message by its schema; nothing at all counts as an empty object.
 * @throws AppError validation_failed with `errors`, the first one's field on top
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {}, { error: plainIssue });

  if (!parsed.success) {
    throw invalidInput(parsed.error.issues.flatMap((issue) => inputErrors(issue, pointerTo, namesOf(schema))));
  }

  return parsed.data;
}

/** Members of an object's schema; none of any other. */
function namesOf(schema: z.ZodType): string[] {
  return 'shape' in schema ? Object.keys(schema.shape as object) : [];
}

export function invalidInput(errors: readonly InputError[]): AppError {
  const [first] = errors;

  return new AppError('validation_failed', {
    ...(first === undefined ? {} : { detail: describe(first), field: first.field }),
    params: { errors },
  });
}

/**
 * @param nameOf how a path is told: as a JSON pointer, or a parameter's name
 * @param names of the members there are, to tell whoever has misspelt one
 */
export function inputErrors(
  issue: z.core.$ZodIssue,
  nameOf: (path: readonly PropertyKey[]) => string,
  names: readonly string[] = [],
): InputError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: nameOf([...issue.path, key]),
      message: `This field is not known here${names.length === 0 ? '' : `; there are ${names.join(', ')}`}`,
      code: 'unknown_field',
    }));
  }

  return [{ field: nameOf(issue.path), message: issue.message, code: issue.code }];
}

/** RFC 6901, with steps cut to what an answer should show. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function describe(error: InputError): string {
  return error.field === '' ? `The input ${error.message}` : `${error.field}: ${error.message}`;
}
