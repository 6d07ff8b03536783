import type { Asked } from './product';
import type { Snapshot } from './snapshot';

/** What is asked about trials. */
export type TermCommand =
  /** Its trial ends so many days from now; null: now. */
  { do: 'trialEnd'; days: number | null };

const names: readonly string[] = ['trialEnd'] satisfies TermCommand['do'][];

export const isTermCommand = (command: { do: string }): command is TermCommand => names.includes(command.do);

export function describeTermCommand({ days }: TermCommand): string {
  return days === null ? 'end the trial now' : `the trial ends in ${days} days`;
}

export function askedOfTerm({ days }: TermCommand, { now }: Pick<Snapshot, 'now'>): Asked {
  const trialEnd = days === null ? 'now' : new Date(Date.parse(now) + days * 86_400_000).toISOString();

  return { type: 'change_trial', trialEnd };
}
