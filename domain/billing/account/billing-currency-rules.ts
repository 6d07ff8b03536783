import { AppError } from '../../errors';

/**
 * A billing account has one currency (D4): what is bought may name it, and no other.
 * @param field of the request that names it
 * @throws AppError currency_mismatch
 */
export function assertBilledIn(currency: string, asked: string | null | undefined, field = '/currency'): void {
  if (asked != null && asked !== currency) {
    throw new AppError('currency_mismatch', {
      detail: `The customer is billed in ${currency}, not ${asked}.`,
      field,
    });
  }
}
