import { patched } from '@temporalio/workflow';

import type { PostponedWork } from '../entity/postponed-work';
import { startRefund } from './start-refund';

/**
 * News of payments that an entity which ends could not enter is taken in by `payment/<id>`, which tries for as long as it
 * takes: the money finds its owner's row, or goes back.
 */
export async function handOverPostponed(companyId: number, later: PostponedWork): Promise<void> {
  // Runs of before ended without it; this may go once none of November 2026 is open any more.
  if (later.paymentIds.length === 0 || !patched('postponed-payments-are-handed-over')) {
    return;
  }

  for (const paymentId of later.paymentIds) {
    later.forgetPayment(paymentId);
    await startRefund(companyId, paymentId);
  }
}
