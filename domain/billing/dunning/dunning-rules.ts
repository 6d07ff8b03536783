import { addDays, daysBetween, type LocalDate } from '../../calendar/calendar-rules';

/** When payment of an overdue invoice is asked for again (D23): days after the first failure, or days between attempts. */
export interface RetrySettings {
  readonly mode: 'offsets' | 'gaps';
  /** whole days, 1 or more each; as offsets they rise */
  readonly days: readonly number[];
}

/** What becomes of the subscription when the last attempt has failed (D23). */
export type DunningEndAction = 'expire' | 'cancel' | 'leave';

/** The days of the attempts that follow a first failure, as days after it. @throws RangeError for days that do not rise */
export function retryOffsets({ mode, days }: RetrySettings): number[] {
  let last = 0;
  const offsets = days.map((day) => {
    last = mode === 'gaps' ? last + day : day;

    return last;
  });
  if (offsets.some((offset, index) => !Number.isInteger(offset) || offset <= (offsets[index - 1] ?? 0))) {
    throw new RangeError(`Retry days rise by whole days: ${days.join(', ')}`);
  }

  return offsets;
}

/** The local dates of all attempts after the first one. */
export function retryDates(firstAttemptOn: LocalDate, settings: RetrySettings): LocalDate[] {
  return retryOffsets(settings).map((offset) => addDays(firstAttemptOn, offset));
}

/** What an account is called when it has owed for so long. */
export interface OverdueState {
  readonly name: string;
  /** days since the oldest unpaid invoice was due */
  readonly afterDays: number;
}

/** What an account owes beyond its due date. */
export interface Overdue {
  /** minor units */
  readonly amount: number;
  readonly currency: string;
  /** local date on which the oldest of it was due; null when nothing is overdue */
  readonly since: LocalDate | null;
}

/** The day each overdue state is entered, in the order of age, while the oldest unpaid invoice stays unpaid. */
export function overdueTimeline(
  oldestUnpaidOn: LocalDate,
  states: readonly OverdueState[],
): { state: OverdueState; entersOn: LocalDate }[] {
  return byAge(states).map((state) => ({ state, entersOn: addDays(oldestUnpaidOn, state.afterDays) }));
}

/** The overdue state of an account on a day; null when it is clear or not overdue enough. */
export function overdueStateOn(
  today: LocalDate,
  oldestUnpaidOn: LocalDate | null,
  states: readonly OverdueState[],
): OverdueState | null {
  if (oldestUnpaidOn === null) {
    return null;
  }

  const age = daysBetween(oldestUnpaidOn, today);

  return (
    byAge(states)
      .filter((state) => state.afterDays <= age)
      .at(-1) ?? null
  );
}

/**
 * The state of an account: by the age of what it owes, once that reaches the threshold of its currency.
 * @param thresholds least amounts in minor units; a currency without one has none
 */
export function overdueStateOf(
  today: LocalDate,
  { amount, currency, since }: Overdue,
  settings: { states: readonly OverdueState[]; thresholds: Readonly<Record<string, number>> },
): OverdueState | null {
  return amount > 0 && amount >= (settings.thresholds[currency] ?? 0)
    ? overdueStateOn(today, since, settings.states)
    : null;
}

function byAge(states: readonly OverdueState[]): OverdueState[] {
  return [...states].sort((left, right) => left.afterDays - right.afterDays);
}
