import { defineQuery, defineSignal } from '@temporalio/workflow';

import type { PriceMoveProgress } from '../../activities/price-move-activities';

/** Messages of `price-move/<id>`: plain JSON. */

export interface PriceMoveWorkflowInput {
  companyId: number;
  priceMoveId: number;
  /** Continues as new after so many batches (D25). */
  batchesPerRun?: number;
}

/** For people: `temporal workflow signal --name pause`. */
export const priceMoveSignals = {
  pause: defineSignal('pause'),
  resume: defineSignal('resume'),
  cancel: defineSignal('cancel'),
} as const;

/** Its row was changed: look at it. */
export const priceMoveChangedSignal = defineSignal('lookAgain');
export const priceMoveStatusQuery = defineQuery<PriceMoveProgress | null>('status');
