import fc from 'fast-check';

import { defaultSettings } from '../../companies/setting-catalogue';
import { localDateAt } from '../../calendar/zoned-calendar';
import { AppError } from '../../errors';
import { decideDue } from '../lifecycle/due-decider';
import { planOf } from '../lifecycle/item-rules';
import { nextDeadline } from '../schedule/subscription-deadline-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { Subscription } from '../lifecycle/subscription-types';
import { withWaiting } from '../lifecycle/waiting-change-rules';
import { follow, forecastStart, forecastUntil } from '../paper/forecast-calendar';
import type { Forecast } from '../paper/forecast-types';
import { unbegunSubscription } from '../row/subscription-row';
import { decideCommand } from './command-decider';

const day = 86_400_000;
const start = Date.parse('2025-10-26T09:30:00+07:00');
const timeZone = 'Asia/Ho_Chi_Minh';
const policy = subscriptionPolicy(defaultSettings);

const begin = (trialDays: number, termEnd: number | null = null): Forecast =>
  forecastStart(
    unbegunSubscription(
      { planId: 1, planName: 'Pro', amount: 300_000, billingCycle: 'monthly' },
      {
        quantity: 1,
        currency: 'VND',
        timeZone,
        anchorDay: null,
        endsAt: termEnd,
        billingTiming: 'in_advance',
        renewalLeadDays: 3,
      },
    ),
    { trialDays },
    defaultSettings,
    start,
  );
const decide = (state: Subscription, trialEnd: string, now: number) =>
  decideCommand(state, { type: 'change_trial', trialEnd }, policy, now);
const change = (forecast: Forecast, trialEnd: string, now: number): Forecast =>
  follow(forecast, decide(forecast.state, trialEnd, now), defaultSettings, now);
const pass = (forecast: Forecast, from: number, until: number) =>
  forecastUntil(forecast, defaultSettings, { from, until });
const iso = (at: number) => new Date(at).toISOString();

function refusalOf(ask: () => unknown): { code: string; field: string | undefined } {
  try {
    ask();
  } catch (error) {
    if (error instanceof AppError) {
      return { code: error.code, field: error.field };
    }
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('the end of a trial', () => {
  test('is where the first paid period begins, however often and wherever it was moved', () => {
    const moves = fc.array(fc.record({ afterDays: fc.nat(20), aheadHours: fc.integer({ min: 1, max: 17_000 }) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), moves, fc.boolean(), (trialDays, asked, isEndedAtLast) => {
        let seen = begin(trialDays);
        let now = start;

        for (const { afterDays, aheadHours } of asked) {
          const at = now + afterDays * day;
          const next = pass(seen, now, at);
          [seen, now] = [next, at];
          const trialEnd = iso(now + aheadHours * 3_600_000);

          if (seen.state.status === 'trial' && iso(seen.state.trialEnd ?? 0) !== trialEnd) {
            seen = change(seen, trialEnd, now);
          }
        }

        if (isEndedAtLast && seen.state.status === 'trial') {
          seen = change(seen, 'now', now);
        }
        const { trialEnd } = seen.state;
        seen = pass(seen, now, Math.max(now, (trialEnd ?? 0) + 80 * day));
        const charges = seen.lines.filter(({ kind }) => kind === 'charge');

        // Whole months one after the other, from the end of the trial on.
        expect(charges.length).toBeGreaterThanOrEqual(3);
        charges.forEach(({ service, amount }, nth) => {
          expect(service.startsAt).toBe(nth === 0 ? trialEnd : charges[nth - 1]?.service.endsAt);
          expect(amount).toBe(300_000n);
        });
      }),
      { numRuns: 150 },
    );
  });

  test('that is a day is at the hour at which the trial ended before', () => {
    const { state } = change(begin(14), '2025-12-01', start + day);

    expect(iso(state.trialEnd ?? 0)).toBe('2025-12-01T02:30:00.000Z');
    expect(localDateAt(state.trialEnd ?? 0, timeZone)).toBe('2025-12-01');
  });

  test('is told again, three days ahead, after it was told and moved', () => {
    const told = pass(begin(14), start, start + 12 * day);
    expect(told.state.trialEndingTold).toBe(true);
    const { state } = change(told, iso(start + 40 * day), start + 12 * day);

    expect(nextDeadline(state)).toMatchObject({ kind: 'trial_ending', at: start + 37 * day });
  });

  test('is told of with what is to be paid from it on, changes that wait for it included', () => {
    const { state } = begin(14);
    const waiting = withWaiting(state, { kind: 'quantity', item: 'plan', quantity: 3 }, { on: 'period_end' });
    const told = (due: Subscription) =>
      decideDue(due, policy, nextDeadline(due)?.at ?? 0)?.effects.find(({ type }) => type === 'notice');

    expect(told(state)).toMatchObject({ kind: 'trial_ending', data: { amount: 300_000, quantity: 1 } });
    expect(told(waiting)).toMatchObject({ kind: 'trial_ending', data: { amount: 900_000, quantity: 3 } });
    expect(told({ ...waiting, trialEndingTold: true })).toMatchObject({
      kind: 'trial_ended',
      data: { amount: 900_000, quantity: 3 },
    });
  });

  test('takes the cancellation along that waits for it, and ends what is cancelled', () => {
    const cancelled = follow(
      begin(14),
      decideCommand(begin(14).state, { type: 'cancel', reason: null, atPeriodEnd: true }, policy, start),
      defaultSettings,
      start,
    );
    const later = pass(change(cancelled, iso(start + 30 * day), start), start, start + 29 * day);
    expect(later.state.status).toBe('trial');
    expect(pass(later, start + 29 * day, start + 30 * day).state).toMatchObject({
      status: 'expired',
      endedAt: start + 30 * day,
    });
    expect(change(later, 'now', start + 29 * day)).toMatchObject({ state: { status: 'expired' } });
    expect(change(later, 'now', start + 29 * day).lines.filter(({ kind }) => kind === 'charge')).toEqual([]);
  });

  test.each([
    ['is not ahead', iso(start + day), 'invalid_date_sequence'],
    ['is a day that is over', '2025-10-26', 'invalid_date_sequence'],
    ['is what it is', iso(start + 14 * day), 'no_change'],
    ['is more than two years ahead', iso(start + 733 * day), 'invalid_date_sequence'],
    ['lies beyond the term', iso(start + 101 * day), 'invalid_date_sequence'],
  ])('that %s is refused', (_why, trialEnd, code) => {
    const { state } = begin(14, start + 100 * day);

    expect(refusalOf(() => decide(state, trialEnd, start + 2 * day))).toEqual({ code, field: '/trialEnd' });
  });

  test('is nothing to change where there is no trial any more, or never was', () => {
    const over = pass(begin(14), start, start + 14 * day);

    for (const { state } of [over, begin(0)]) {
      expect(planOf(state).period).not.toBeNull();
      expect(refusalOf(() => decide(state, 'now', start + 20 * day)).code).toBe('subscription_state');
      expect(refusalOf(() => decide(state, iso(start + 40 * day), start + 20 * day)).code).toBe('subscription_state');
    }
  });
});
