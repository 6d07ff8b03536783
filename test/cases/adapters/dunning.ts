import { z } from 'zod';
import { addDays, type LocalDate } from '../../../domain/calendar/calendar-rules';
import {
  campaignDay,
  type CampaignSettings,
  NEW_CAMPAIGN,
  type PaymentRequest,
} from '../../../domain/billing/dunning/dunning-campaign-rules';
import { adapter, keysAsked, type Outline } from '../case-adapter';
import { isRecord, matches } from '../compare';
import { readMoney, writeMoney } from '../read-words';
import { count, money, text } from './field-schemas';

const campaignInputs = {
  max_attempts: count,
  days_between: count,
  threshold: z.record(text, money),
};

/** Requests of each day in EUR; an expected text may name the amount or leave it out. */
const thresholds = adapter(
  z.object({ ...campaignInputs, overdue: z.record(text, money) }),
  (inputs, outline) => {
    const overdue = Object.entries(inputs.overdue).map(([day, amount]): Change => [day, { EUR: amount }]);

    return { requests: runCampaign(inputs, overdue, outline).requests };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    Object.entries(expected.requests as Record<string, string | null>).every(([day, words]) => {
      const [request] = (actual.requests as RequestsByDay)[day] ?? [];
      if (words === null || !request) {
        return words === null && !request;
      }
      const [, amount, attempt] = /^(?:(\S+) )?attempt (\d+)$/.exec(words) ?? [];

      return matches(request.attempt, attempt) && (amount === undefined || matches(request.amount, amount));
    }),
);

type Change = [LocalDate, Record<string, string>];
type RequestsByDay = Record<LocalDate, { currency: string; attempt: number; amount: string }[]>;

/** Looks as the product does, when more is overdue or the campaign says so, until well after the last day asked about. */
function runCampaign(
  inputs: { max_attempts: number; days_between: number; threshold: Record<string, string> },
  changes: readonly Change[],
  outline: Outline,
): { requests: RequestsByDay; finished: number } {
  const settings: CampaignSettings = {
    maxAttempts: inputs.max_attempts,
    daysBetween: inputs.days_between,
    thresholds: mapValues(inputs.threshold),
  };
  const days = [...changes.map(([day]) => day), ...keysAsked(outline, 'requests')].sort();
  const last = addDays(days.at(-1) ?? '', 30);

  const requests: RequestsByDay = {};
  let finished = 0;
  let state = NEW_CAMPAIGN;
  let overdue: Record<string, bigint> = {};
  let nextLookOn: LocalDate | null = null;
  for (let today = days[0] ?? last; today <= last; today = addDays(today, 1)) {
    const changed = changes.filter(([day]) => day === today).map(([, amounts]) => mapValues(amounts));
    overdue = Object.assign({}, overdue, ...changed) as Record<string, bigint>;
    if (changed.length === 0 && (nextLookOn === null || today < nextLookOn)) {
      continue;
    }
    const result = campaignDay(state, today, overdue, settings);
    ({ state, nextLookOn } = result);
    finished += result.finishesNow ? 1 : 0;
    if (result.requests.length > 0) {
      requests[today] = result.requests.map(writeRequest);
    }
  }

  return { requests, finished };
}

function writeRequest({ currency, attempt, amount }: PaymentRequest) {
  return { currency, attempt, amount: writeMoney(amount) };
}

function mapValues(amounts: Record<string, string>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(amounts).map(([currency, amount]) => [currency, readMoney(amount)]));
}

export const dunningAdapters = {
  'dunning.thresholds_and_spacing': thresholds,
};
