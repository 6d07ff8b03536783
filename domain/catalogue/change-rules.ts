import { AppError } from '../errors';

/**
 * The changes that really differ from what is there; values are compared as JSON, the order of an object's keys aside.
 * A change that is undefined is none.
 */
export function changedFields<Row extends object, Changes extends { [Key in keyof Row]?: Row[Key] }>(
  row: Row,
  changes: Changes,
): Partial<Changes> {
  const differing = Object.entries(changes).filter(
    ([key, value]) => value !== undefined && canonical(value) !== canonical(row[key as keyof Row]),
  );

  return Object.fromEntries(differing) as Partial<Changes>;
}

/**
 * Minor units of one currency mean nothing in another, so a new currency comes with its price.
 * @throws AppError validation_failed on /price
 */
export function assertPriceFollowsCurrency(
  changes: { currency?: string; price?: number },
  given: { price?: number },
): void {
  if (changes.currency !== undefined && given.price === undefined) {
    throw new AppError('validation_failed', {
      field: '/price',
      detail: 'Send the price together with its new currency.',
    });
  }
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
        : member,
    ) ?? 'undefined'
  );
}
