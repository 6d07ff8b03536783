import type { z } from 'zod';

/** What schemas want, as people call it. */
const wanted: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  nan: 'a number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

const formats: Readonly<Record<string, string>> = {
  date: 'takes a day, as 2025-10-26',
  datetime: 'takes an instant with its offset, as 2025-10-26T00:00:00+07:00',
  email: 'is not an e-mail address',
  url: 'is not an address such as https://shop.example',
  uuid: 'is not a UUID',
};

/** Units of a size that is out of bounds, by what has it; a number is its own size. */
const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  array: ['entry', 'entries'],
  string: ['character', 'characters'],
};

/**
 * Says in plain English what is wrong with a value, as what follows the field's name; for schemas to be read with. A schema
 * that has words of its own keeps them.
 */
export const plainIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type': {
      const what = wanted[issue.expected] ?? issue.expected;

      if (Number.isNaN(issue.input)) {
        return `takes ${what}`;
      }

      return issue.input === undefined ? `is missing: it takes ${what}` : `takes ${what}, not ${nameOf(issue.input)}`;
    }
    case 'invalid_value':
      return `${issue.input === undefined ? 'is missing: it takes' : 'takes'} ${listOf(issue.values)}`;
    case 'too_small':
      return isOne(issue.minimum) && issue.origin in units
        ? 'must not be empty'
        : `takes ${issue.inclusive === false ? 'more than' : 'at least'} ${sizeOf(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `takes ${issue.inclusive === false ? 'less than' : 'at most'} ${sizeOf(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return formats[issue.format] ?? 'is not in the right form';
    case 'not_multiple_of':
      return `takes multiples of ${issue.divisor}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'is in none of the forms that it takes';
    case 'invalid_key':
      return 'has a name that it does not take';
    default:
      return 'is not valid';
  }
};

function nameOf(value: unknown): string {
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }

  return Array.isArray(value) ? 'a list' : (wanted[typeof value] ?? typeof value);
}

function listOf(values: readonly unknown[]): string {
  const names = values.map((value) => String(value));

  return names.length === 1 ? `only ${names[0]}` : `one of ${names.join(', ')}`;
}

const isOne = (size: number | bigint): boolean => Number(size) === 1;

function sizeOf(size: number | bigint, origin: string): string {
  const [one, many] = units[origin] ?? ['', ''];

  return `${size} ${isOne(size) ? one : many}`.trim();
}
