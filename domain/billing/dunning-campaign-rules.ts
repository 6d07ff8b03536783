import { daysBetween, type LocalDate } from './calendar-rules';

/**
 * Dunning by balance: an account is asked to pay when what is overdue in a currency reaches a threshold. It is looked at
 * once a day, always at the same hour. Amounts are minor units of their currency.
 */
export interface CampaignSettings {
  readonly maxAttempts: number;
  /** More than this many days lie between two requests. */
  readonly daysBetween: number;
  /** Least overdue amount by currency; a currency without one is not asked for. */
  readonly thresholds: Readonly<Record<string, bigint>>;
}

/** Requests made so far, by currency. Plain values, so that it can be kept in a row or a workflow. */
export interface CampaignState {
  readonly byCurrency: Readonly<Record<string, { readonly attempts: number; readonly lastRequestOn: LocalDate }>>;
  readonly isFinished: boolean;
}

export interface PaymentRequest {
  readonly currency: string;
  /** 1 for the first */
  readonly attempt: number;
  readonly amount: bigint;
}

export interface CampaignDay {
  readonly state: CampaignState;
  readonly requests: readonly PaymentRequest[];
  /** True on the one day on which every currency over its threshold has used up its attempts. */
  readonly finishesNow: boolean;
}

export const NEW_CAMPAIGN: CampaignState = { byCurrency: {}, isFinished: false };

/**
 * One day of a campaign: which requests are made, and whether it ends. Each currency counts for itself. A currency over
 * its threshold is asked for at once, then when more than `daysBetween` days have gone by, `maxAttempts` times at most.
 *
 * @param overdue what is overdue today, by currency
 */
export function campaignDay(
  state: CampaignState,
  today: LocalDate,
  overdue: Readonly<Record<string, bigint>>,
  settings: CampaignSettings,
): CampaignDay {
  const over = Object.entries(overdue).filter(([currency, amount]) => {
    const threshold = settings.thresholds[currency];

    return threshold !== undefined && amount > 0n && amount >= threshold;
  });
  const requests = over
    .filter(([currency]) => isDue(state, currency, today, settings))
    .map(([currency, amount]) => ({ currency, attempt: attemptsOf(state, currency) + 1, amount }));

  const byCurrency = { ...state.byCurrency };
  for (const { currency, attempt } of requests) {
    byCurrency[currency] = { attempts: attempt, lastRequestOn: today };
  }

  const isUsedUp =
    over.length > 0 && over.every(([currency]) => (byCurrency[currency]?.attempts ?? 0) >= settings.maxAttempts);

  return {
    state: { byCurrency, isFinished: state.isFinished || isUsedUp },
    requests,
    finishesNow: isUsedUp && !state.isFinished,
  };
}

function isDue(state: CampaignState, currency: string, today: LocalDate, settings: CampaignSettings): boolean {
  const last = state.byCurrency[currency]?.lastRequestOn;

  return (
    attemptsOf(state, currency) < settings.maxAttempts &&
    (last === undefined || daysBetween(last, today) > settings.daysBetween)
  );
}

function attemptsOf(state: CampaignState, currency: string): number {
  return state.byCurrency[currency]?.attempts ?? 0;
}
