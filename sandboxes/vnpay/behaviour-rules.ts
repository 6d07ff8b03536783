import { type Behaviour, type Verdict } from './sandbox-types';

/** One notification of a behaviour: when it goes out, and what it claims. */
export interface PlannedNotification extends Verdict {
  delayMs: number;
}

export interface BehaviourPlan extends Verdict {
  amount: number;
  notifications: PlannedNotification[];
  /** Whether the browser goes back only after the merchant heard of the result, as is usual. */
  notifiesBeforeReturn: boolean;
}

const PAID: Verdict = { responseCode: '00', transactionStatus: '00' };
const SUSPECTED: Verdict = { responseCode: '07', transactionStatus: '07' };
const FAILED_LATER: Verdict = { responseCode: '99', transactionStatus: '02' };
const DUPLICATES = 3;
/** A slow notification comes after this many retry intervals. */
const SLOWNESS = 5;

/**
 * What a behaviour means for the payment and for the merchant.
 * @param amount asked for, in hundredths of a VND
 * @param retryMs the interval between repeats, which also measures "late" and "slow"
 */
export function planBehaviour(behaviour: Behaviour, amount: number, retryMs: number): BehaviourPlan {
  switch (behaviour) {
    case 'pay':
      return plan(PAID, amount);
    case 'decline':
      return plan(failed('51'), amount);
    case 'cancel':
      return plan(failed('24'), amount);
    case 'expire':
      return plan(failed('11'), amount);
    case 'suspect':
      return plan(SUSPECTED, amount);
    case 'wrong_amount':
      return plan(PAID, halfInWholeDong(amount));
    case 'duplicate_ipn':
      return { ...plan(PAID, amount), notifications: Array(DUPLICATES).fill({ ...PAID, delayMs: 0 }) };
    case 'late_failure':
      return {
        ...plan(PAID, amount),
        notifications: [
          { ...PAID, delayMs: 0 },
          { ...FAILED_LATER, delayMs: retryMs },
        ],
      };
    case 'ipn_lost':
      return { ...plan(PAID, amount), notifications: [], notifiesBeforeReturn: false };
    case 'slow':
      return {
        ...plan(PAID, amount),
        notifications: [{ ...PAID, delayMs: SLOWNESS * retryMs }],
        notifiesBeforeReturn: false,
      };
  }
}

function plan(verdict: Verdict, amount: number): BehaviourPlan {
  return { ...verdict, amount, notifications: [{ ...verdict, delayMs: 0 }], notifiesBeforeReturn: true };
}

function failed(responseCode: string): Verdict {
  return { responseCode, transactionStatus: '02' };
}

/** Half of the amount; one VND more than asked for when half would be nothing. */
function halfInWholeDong(amount: number): number {
  const half = Math.floor(amount / 200) * 100;

  return half > 0 ? half : amount + 100;
}
