import { defineQuery, defineSignal } from '@temporalio/workflow';

import type { DeploymentStanding } from '../../activities/deployment-standing';

/** Messages of `model-switch/<id>`: plain JSON. */

export interface ModelSwitchInput {
  companyId: number;
  deploymentId: number;
  /** Continues as new after so many looks at what is open (D25). */
  looksPerRun?: number;
}

/** For people: `temporal workflow signal --name approve --input '{"planHash":"…"}'`. */
export const approveSignal = defineSignal<[unknown]>('approve');
export const cancelSignal = defineSignal('cancel');
/** Its row was changed: look at it. */
export const deploymentChangedSignal = defineSignal('lookAgain');
export const modelSwitchStatusQuery = defineQuery<DeploymentStanding | null>('status');
