import { addDays, daysBetween, type LocalDate } from '../../calendar/calendar-rules';

/**
 * Dunning by balance: an account is asked to pay when what is overdue in a currency has reached a threshold. It is looked
 * at on a day, always at the same hour. Amounts are minor units of their currency.
 */
export interface CampaignSettings {
  readonly maxAttempts: number;
  /** More than this many days lie between two requests. */
  readonly daysBetween: number;
  /** Least overdue amount by currency; a currency without one is not asked for. */
  readonly thresholds: Readonly<Record<string, bigint>>;
}

/** Requests made so far, by currency. Plain values, so that it can be kept in rows. */
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
  /** Nothing is overdue any more: the campaign is closed, and a later debt begins a new one. */
  readonly isClear: boolean;
  /** Null when it is finished or closed. Before that day only more debt can call for another look. */
  readonly nextLookOn: LocalDate | null;
}

export const NEW_CAMPAIGN: CampaignState = { byCurrency: {}, isFinished: false };

/** Below its threshold an account is looked at again when more becomes overdue; and now and then, for settings change. */
const quietDays = 30;

/**
 * One look of a campaign: which requests are made, whether it ends, and when to look again. Each currency counts for
 * itself. A currency that has reached its threshold is asked for at once, then when more than `daysBetween` days have gone
 * by, `maxAttempts` times at most. A second look on the same day asks for nothing again.
 *
 * @param overdue what is overdue today, by currency
 */
export function campaignDay(
  state: CampaignState,
  today: LocalDate,
  overdue: Readonly<Record<string, bigint>>,
  settings: CampaignSettings,
): CampaignDay {
  const owed = Object.entries(overdue).filter(([, amount]) => amount > 0n);

  if (owed.length === 0 || state.isFinished) {
    return { state, requests: [], finishesNow: false, isClear: owed.length === 0, nextLookOn: null };
  }
  const over = owed.filter(([currency, amount]) => {
    const threshold = settings.thresholds[currency];

    return threshold !== undefined && amount >= threshold;
  });
  const requests = over
    .filter(([currency]) => isDue(state, currency, today, settings))
    .map(([currency, amount]) => ({ currency, attempt: attemptsOf(state, currency) + 1, amount }));

  const byCurrency = { ...state.byCurrency };
  for (const { currency, attempt } of requests) {
    byCurrency[currency] = { attempts: attempt, lastRequestOn: today };
  }
  const left = over.filter(([currency]) => (byCurrency[currency]?.attempts ?? 0) < settings.maxAttempts);
  const isFinished = over.length > 0 && left.length === 0;

  return {
    state: { byCurrency, isFinished },
    requests,
    finishesNow: isFinished,
    isClear: false,
    nextLookOn: isFinished ? null : nextLook(byCurrency, left, today, settings),
  };
}

function nextLook(
  byCurrency: CampaignState['byCurrency'],
  left: readonly (readonly [string, bigint])[],
  today: LocalDate,
  settings: CampaignSettings,
): LocalDate {
  const days = left.map(([currency]) =>
    addDays(byCurrency[currency]?.lastRequestOn ?? today, settings.daysBetween + 1),
  );

  return [...days, addDays(today, quietDays)].reduce((first, day) => (day < first ? day : first));
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
