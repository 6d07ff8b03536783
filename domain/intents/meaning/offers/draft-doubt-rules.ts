import { minorUnits } from '../../words/amount-rules';
import type { Draft } from './draft-types';
import { isBlank } from './open-draft-rules';
import { keyOf } from '../names/name-rules';
import type { Doubt } from '../items/place-rules';

/** @returns what has to be asked about a plan or add-on; null where it can be sold as it is */
export function doubtOf(draft: Draft, currency: string): Doubt | null {
  const { amount, period, otherPeriod, kind, name, free } = draft;

  if (free !== null && amount === null) {
    return kind === 'plan' ? null : { code: 'price_missing', span: draft };
  }
  if (amount === null) {
    return isBlank(draft) && kind === 'plan' ? null : { code: 'price_missing', span: draft };
  }
  if (draft.isPlanOrAddon) {
    return { code: 'plan_or_addon', span: name };
  }
  const minor = minorUnits(amount.amount, currency);

  if (minor === 'impossible') {
    return { code: 'amount_impossible', span: amount };
  }
  // “Set the stock to 0” is no plan.
  const isMereZero = minor !== 'unclear' && minor.value === 0 && amount.amount.isBare && name === null;

  if (minor === 'unclear' || draft.isVague || isMereZero) {
    return { code: 'amount_unclear', span: amount };
  }
  if (otherPeriod !== null) {
    return { code: 'period_unclear', span: otherPeriod };
  }
  if (period === null) {
    return minor.value === 0 && kind === 'plan' ? null : { code: 'period_missing', span: amount };
  }
  if (period.cycle === null || (period.cycle === 'onetime' && kind === 'plan')) {
    return { code: 'interval_not_sold', span: period };
  }
  if (kind === 'addon' && draft.perSeat !== null) {
    return { code: 'addon_per_seat', span: draft.perSeat };
  }

  return kind === 'addon' && (name === null || keyOf(name) === '') ? { code: 'addon_name', span: amount } : null;
}
