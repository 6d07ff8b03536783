import type { CollectionBehavior } from '../../../domain/subscriptions/lifecycle/subscription-types';
import type { Asked } from './product';
import type { Snapshot } from './snapshot';

/** What is asked about trials, and about the collection of what is billed. */
export type TermCommand =
  /** Its trial ends so many days from now; null: now. */
  | { do: 'trialEnd'; days: number | null }
  /** Nobody is asked for what is billed for so many days; null: until it is resumed. */
  | { do: 'pauseCollection'; behavior: CollectionBehavior; days: number | null }
  | { do: 'resumeCollection' };

const names: readonly string[] = ['trialEnd', 'pauseCollection', 'resumeCollection'] satisfies TermCommand['do'][];

export const isTermCommand = (command: { do: string }): command is TermCommand => names.includes(command.do);

export function describeTermCommand(command: TermCommand): string {
  switch (command.do) {
    case 'trialEnd':
      return command.days === null ? 'end the trial now' : `the trial ends in ${command.days} days`;
    case 'pauseCollection':
      return `pause collection${command.days === null ? '' : ` for ${command.days} days`}: ${command.behavior}`;
    case 'resumeCollection':
      return 'resume collection';
  }
}

export function askedOfTerm(command: TermCommand, { now }: Pick<Snapshot, 'now'>): Asked {
  const inDays = (days: number) => new Date(Date.parse(now) + days * 86_400_000).toISOString();

  switch (command.do) {
    case 'trialEnd':
      return { type: 'change_trial', trialEnd: command.days === null ? 'now' : inDays(command.days) };
    case 'pauseCollection': {
      const { behavior, days } = command;

      return { type: 'pause_collection', behavior, resumesAt: days === null ? null : inDays(days) };
    }
    case 'resumeCollection':
      return { type: 'resume_collection' };
  }
}
