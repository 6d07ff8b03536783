import type { ErrorCode } from '../../domain/errors';

/** What a code may be refused with, wherever codes are used. */
export const promotionErrors = [
  'promotion_not_found',
  'promotion_not_started',
  'promotion_ended',
  'promotion_used_up',
  'promotion_already_used',
  'promotion_other_currency',
  'promotion_not_applicable',
  'promotion_below_minimum',
  'promotion_not_combinable',
] as const satisfies readonly ErrorCode[];
