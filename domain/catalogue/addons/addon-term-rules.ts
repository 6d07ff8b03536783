import { AppError } from '../../errors';
import type { AddonPrice } from './addon-price-rules';
import type { AddonRow } from './addon-row';

/**
 * Sees that what is paid once has neither a term nor a fee beside its price: both are of what has billing periods.
 * @throws AppError validation_failed on /termPeriods, /setupFee or /prices/<index>/setupFee
 */
export function assertOfPeriods({
  termPeriods = null,
  setupFee = 0,
  prices = [],
  billingPeriod,
}: {
  termPeriods?: number | null | undefined;
  setupFee?: number | undefined;
  prices?: readonly AddonPrice[] | undefined;
  billingPeriod: AddonRow['billingPeriod'];
}): void {
  if (billingPeriod !== 'one_time') {
    return;
  }

  if (termPeriods !== null) {
    throw refused('/termPeriods', 'A term is counted in billing periods: an add-on of one_time has none.');
  }
  const fees = [
    { field: '/setupFee', fee: setupFee },
    ...prices.map((price, index) => ({ field: `/prices/${index}/setupFee`, fee: price.setupFee ?? 0 })),
  ];

  for (const { field, fee } of fees) {
    if (fee > 0) {
      throw refused(field, 'An add-on of one_time is paid once: its price is all that it costs.');
    }
  }
}

/**
 * A fee in minor units of one currency means nothing in another, so a new currency comes with it.
 * @throws AppError validation_failed on /setupFee
 */
export function assertFeeFollowsCurrency(
  before: Pick<AddonRow, 'setupFee'>,
  changes: { currency?: string },
  given: { setupFee?: number },
): void {
  if (changes.currency !== undefined && before.setupFee > 0 && given.setupFee === undefined) {
    throw refused('/setupFee', 'Send the setup fee together with its new currency.');
  }
}

function refused(field: string, detail: string): AppError {
  return new AppError('validation_failed', { field, detail });
}
