import { AppError } from '../../errors';
import type { AddonRow } from './addon-row';

/** @throws AppError validation_failed on /termPeriods for what has no periods that a term could be counted in */
export function assertTermOfPeriods({
  termPeriods = null,
  billingPeriod,
}: {
  termPeriods?: number | null | undefined;
  billingPeriod: AddonRow['billingPeriod'];
}): void {
  if (termPeriods !== null && billingPeriod === 'one_time') {
    throw new AppError('validation_failed', {
      field: '/termPeriods',
      detail: 'A term is counted in billing periods: an add-on of one_time has none.',
    });
  }
}
