import { AppError } from '../errors';

/**
 * Sees that everything is there that a promotion or a pricing rule is for.
 * @param of the member of `appliesTo`, and what one of it is called
 * @throws AppError validation_failed at /appliesTo/<list>/<index> for the first that is not
 */
export function assertKnown<Named extends string | number>(
  named: readonly Named[],
  isKnown: (one: Named) => boolean,
  of: { list: string; name: string },
): void {
  const unknown = named.findIndex((one) => !isKnown(one));

  if (unknown !== -1) {
    throw new AppError('validation_failed', {
      field: `/appliesTo/${of.list}/${unknown}`,
      detail: `There is no ${of.name} ${named[unknown]}.`,
    });
  }
}

/** @throws AppError validation_failed at /endsAt unless it lies after the start; either may be open */
export function assertEndsAfterStart({ startsAt, endsAt }: { startsAt: Date | null; endsAt: Date | null }): void {
  if (startsAt !== null && endsAt !== null && endsAt <= startsAt) {
    throw new AppError('validation_failed', { field: '/endsAt', detail: 'The end lies after the start.' });
  }
}

/**
 * The currency of a promotion or a pricing rule after a change. It is that of its amounts: where the last of them goes, it
 * goes with them, so that what is left holds for any; one that was named for percentages alone stays.
 * @param change.given by the change itself
 */
export function currencyAfter(
  before: string | null,
  { given, hadAmounts, hasAmounts }: { given: string | null | undefined; hadAmounts: boolean; hasAmounts: boolean },
): string | null {
  return given ?? (hadAmounts && !hasAmounts ? null : before);
}

/** What has changed, with the currency where that came or went with the amounts. */
export function toldChanges(
  changed: readonly string[],
  before: { currency: string | null },
  after: { currency: string | null },
): readonly string[] {
  const hasMoved = before.currency !== after.currency && !changed.includes('currency');

  return hasMoved ? [...changed, 'currency'] : changed;
}
