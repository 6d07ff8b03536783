import type { ObjectChange, TargetKind } from '../deployment-target-types';

/** What is done about drift: `look` reads only, `warn` starts what a company has come to need, `mend` puts all right. */
export const driftModes = ['look', 'warn', 'mend'] as const;
export type DriftMode = (typeof driftModes)[number];

/** Subject of the events of a target, and id of the Schedule that looks at it. */
export const driftSubject = (kind: TargetKind): string => `drift/${kind}`;

/** A run that puts a target right. Keys of older versions do not name the workflow. */
export interface MendingRun {
  workflowId: string | null;
  runId: string;
}

/** How a target differs from what was brought to it. Plain JSON. */
export interface DriftReport {
  target: TargetKind;
  /** The revision that it is compared with; null: nothing was brought there, or it is none that drifts. */
  revision: number | null;
  /** Something is being brought there just now: nothing is said of it. */
  isBusy: boolean;
  /** Objects that are gone or changed, and services that a company has come to need. */
  changes: ObjectChange[];
  /** Objects of ours that no revision names any more. */
  superfluous: ObjectChange[];
  /** Services that stand still though an active company needs them. */
  needed: string[];
  /** Whether this is how it was found, or was put right since; with the reasons when that came to nothing. */
  outcome: 'found' | 'mended' | 'not_mended';
  says: string[];
}
