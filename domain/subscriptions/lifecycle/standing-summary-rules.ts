import { dayText } from '../../calendar/local-text-rules';
import { formatMoney } from '../../money/currency-rules';
import type { DeadlineKind } from '../schedule/subscription-deadline-rules';
import type { SubscriptionStanding } from './subscription-standing';

/** One line for people in the Temporal Web UI: no personal data, days of the account. */
export function describeStanding(standing: SubscriptionStanding): string {
  const { addons = [] } = standing;
  const price = `${standing.planName}, ${amountOf(standing)}${addons.length === 0 ? '' : `, with ${addons.join(', ')}`}`;
  const charging = standing.charges.length > 0 ? '; a charge is under way' : '';

  const paused = standing.isCollectionPaused === true ? '; collection is paused' : '';

  return `${standing.status}: ${price}; ${describeDeadline(standing)}${charging}${paused}`;
}

/** A standing as people read it: instants in ISO 8601, with the offset of the account. */
export interface ToldStanding extends Omit<SubscriptionStanding, 'periodEnd' | 'deadline' | 'local' | 'dueAmount'> {
  periodEnd: string | null;
  deadline: { kind: DeadlineKind; at: string } | null;
}

export function statusOf({
  periodEnd,
  deadline,
  local,
  dueAmount: _due,
  ...standing
}: SubscriptionStanding): ToldStanding {
  return {
    ...standing,
    periodEnd: periodEnd === null ? null : (local?.periodEnd ?? new Date(periodEnd).toISOString()),
    deadline:
      deadline === null ? null : { kind: deadline.kind, at: local?.deadline ?? new Date(deadline.at).toISOString() },
  };
}

/** What the next deadline is: `renews 26 Dec 2026, 299,000 VND`. */
export function describeDeadline({
  deadline,
  cancelAtPeriodEnd,
  isLastPeriod,
  ...standing
}: SubscriptionStanding): string {
  if (deadline === null) {
    return 'waits for nothing';
  }
  const on = dayText(standing.local?.deadline ?? new Date(deadline.at).toISOString());

  switch (deadline.kind) {
    case 'start':
      return `begins ${on}`;
    case 'trial_ending':
      return `tells on ${on} that the trial ends`;
    case 'trial_end':
      return cancelAtPeriodEnd ? `ends with its trial on ${on}` : `trial ends ${on}`;
    case 'first_invoice_expiry':
      return `expires ${on} unless its first invoice is paid`;
    case 'addon_invoice_expiry':
      return `its new add-ons expire ${on} unless they are paid for`;
    case 'collection_resume':
      return `is collected again from ${on}`;
    case 'units_expiry':
      return `units that were bought ahead expire ${on}`;
    case 'addon_term_end':
      return `the term of an add-on ends ${on}`;
    case 'renewal_invoice':
      return `invoices the next period on ${on}, ${dueOf(standing)}`;
    case 'period_end':
      return cancelAtPeriodEnd || isLastPeriod || standing.dueAmount === 0
        ? `ends ${on}`
        : `renews ${on}, ${dueOf(standing)}`;
    case 'price_change':
      return `its price changes on ${on}`;
    case 'term_end':
      return `ends ${on}`;
    case 'late_usage':
      return `bills usage that came late on ${on}`;
    case 'dunning_attempt':
      return `asks for payment again on ${on}`;
    case 'dunning_end':
      return `gives up on payment on ${on}`;
    case 'invoice_overdue':
      return `an invoice is due ${on}`;
    case 'ask_provider':
      return 'asks the provider about a charge';
  }
}

const dueOf = ({ dueAmount, amount, currency }: Pick<SubscriptionStanding, 'dueAmount' | 'amount' | 'currency'>) =>
  formatMoney(dueAmount ?? amount, currency);

const amountOf = ({ amount, currency }: Pick<SubscriptionStanding, 'amount' | 'currency'>) =>
  formatMoney(amount, currency);
