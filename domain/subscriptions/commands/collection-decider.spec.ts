import fc from 'fast-check';

import { defaultSettings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { withAllToBill } from '../lifecycle/decision-rules';
import type { SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { decideDue } from '../lifecycle/due-decider';
import { planOf } from '../lifecycle/item-rules';
import { nextDeadline } from '../schedule/subscription-deadline-rules';
import { withInvoice } from '../lifecycle/subscription-invoice-rules';
import { withWaiting } from '../lifecycle/waiting-change-rules';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import { collectionBehaviors, type KeptDraft, type Subscription } from '../lifecycle/subscription-types';
import { follow, forecastStart, forecastUntil } from '../paper/forecast-calendar';
import type { Forecast } from '../paper/forecast-types';
import { unbegunSubscription } from '../row/subscription-row';
import { decideCommand, decidePostponed } from './command-decider';

const day = 86_400_000;
const start = Date.parse('2025-10-26T09:30:00+07:00');
const policy = subscriptionPolicy(defaultSettings);
const iso = (at: number) => new Date(at).toISOString();

/** A monthly plan of 300,000, paid for. */
function begin(renewalLeadDays = 3, isPaid = true): Forecast {
  const unbegun = unbegunSubscription(
    { planId: 1, planName: 'Pro', amount: 300_000, billingCycle: 'monthly' },
    {
      quantity: 1,
      currency: 'VND',
      timeZone: 'Asia/Ho_Chi_Minh',
      anchorDay: null,
      endsAt: null,
      billingTiming: 'in_advance',
      renewalLeadDays,
    },
  );
  const begun = forecastStart(unbegun, {}, defaultSettings, start);

  return isPaid ? { ...begun, state: { ...begun.state, activatedAt: start } } : begun;
}

const pass = (forecast: Forecast, from: number, until: number) =>
  forecastUntil(forecast, defaultSettings, { from, until });
const command = (forecast: Forecast, asked: SubscriptionCommand, now: number): Forecast =>
  follow(forecast, decideCommand(forecast.state, asked, policy, now), defaultSettings, now);
const pauseWith = (
  behavior: (typeof collectionBehaviors)[number],
  resumesAt: string | null = null,
): SubscriptionCommand => ({ type: 'pause_collection', behavior, resumesAt });
const resume: SubscriptionCommand = { type: 'resume_collection' };
const cancelNow: SubscriptionCommand = { type: 'cancel', reason: null, atPeriodEnd: false };

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

/** All that a command does, with what it brings to bill. */
function done(state: Subscription, asked: SubscriptionCommand, now: number) {
  return withAllToBill(state, decideCommand(state, asked, policy, now), policy, now);
}
const typesOf = (effects: readonly SubscriptionEffect[]) => effects.map(({ type }) => type);
const draft: KeptDraft = { invoiceId: 7, startsAt: start, items: ['plan'] };

describe('a pause of collection', () => {
  test('moves no period and no price: what it makes of invoices is all that differs', () => {
    const life = fc.record({
      lead: fc.integer({ min: 0, max: 10 }),
      behavior: fc.constantFrom(...collectionBehaviors),
      pausedAfter: fc.integer({ min: 0, max: 100 }),
      lasts: fc.integer({ min: 1, max: 150 }),
      isByHand: fc.boolean(),
    });
    fc.assert(
      fc.property(life, ({ lead, behavior, pausedAfter, lasts, isByHand }) => {
        const [at, until] = [start + pausedAfter * day, start + (pausedAfter + lasts) * day];
        const end = start + 260 * day;
        const plain = pass(begin(lead), start, end);
        const paused = command(pass(begin(lead), start, at), pauseWith(behavior, isByHand ? null : iso(until)), at);
        const later = pass(paused, at, until);
        const resumed = isByHand ? command(later, resume, until) : later;
        const seen = pass(resumed, until, end);

        const billed = ({ lines }: Forecast) =>
          lines.filter(({ kind }) => kind === 'charge').map(({ service, amount, tax }) => ({ service, amount, tax }));
        expect(billed(seen)).toEqual(billed(plain));
        expect(planOf(seen.state).period).toEqual(planOf(plain.state).period);
        expect(seen.state).toMatchObject({ collectionPause: null, drafts: [] });

        for (const { at: issuedAt, service, uncollected, dueAt } of seen.lines) {
          // By a forecast everything is paid, so that one issued ahead of the pause stays. At its end a boundary comes after
          // the deadline, and before whoever resumes it by hand.
          const isBefore = isByHand ? service.startsAt <= until : service.startsAt < until;
          const isMadeInPause = issuedAt > at && isBefore;
          expect(uncollected).toBe(isMadeInPause ? behavior : null);

          if (isMadeInPause) {
            // At the boundary, whatever the company's lead.
            expect(issuedAt).toBe(service.startsAt);
            expect(dueAt).toBe(behavior === 'keep_as_draft' ? until + 7 * day : null);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('ends at its instant, which is its deadline', () => {
    const { state } = command(begin(), pauseWith('void', '2025-11-20'), start + day);

    expect(nextDeadline(state)).toEqual({ kind: 'collection_resume', at: Date.parse('2025-11-20T00:00:00+07:00') });
    const late = decideDue(state, policy, start + 100 * day);
    expect(late?.state.collectionPause).toBeNull();
    expect(late?.effects).toContainEqual(
      expect.objectContaining({ type: 'event', name: 'subscription.collection.resumed' }),
    );
  });

  test('takes back the unpaid invoice of the next period, which its boundary makes again, and leaves a paid one', () => {
    const ahead = (isUnpaid: boolean): Subscription =>
      withInvoice(
        begin().state,
        { invoiceId: 9, startsAt: start + 31 * day, dueAt: start + 38 * day, isUnpaid },
        { role: 'ahead', items: ['plan'], pending: [] },
      );
    const taken = done(ahead(true), pauseWith('keep_as_draft'), start + 29 * day);
    expect(taken.effects).toContainEqual({ type: 'reverse', invoiceId: 9, reason: 'reissue' });
    expect(taken.state.invoices).toEqual([]);
    const left = done(ahead(false), pauseWith('keep_as_draft'), start + 29 * day);

    expect(typesOf(left.effects)).not.toContain('reverse');
    expect(left.state.invoices).toHaveLength(1);
  });

  test('may be asked for otherwise, and keeps the instant it began at', () => {
    const paused = command(begin(), pauseWith('void'), start + day);
    const other = command(paused, pauseWith('mark_uncollectible', iso(start + 50 * day)), start + 2 * day);

    expect(other.state.collectionPause).toEqual({
      behavior: 'mark_uncollectible',
      pausedAt: start + day,
      resumesAt: start + 50 * day,
    });
  });

  test.each([
    ['that is what it is', pauseWith('void', iso(start + 9 * day)), 'no_change', undefined],
    ['that is over', pauseWith('void', iso(start + day)), 'invalid_date_sequence', '/resumesAt'],
    ['up to a day that has begun', pauseWith('void', '2025-10-27'), 'invalid_date_sequence', '/resumesAt'],
  ])('%s is refused', (_why, asked, code, field) => {
    const { state } = command(begin(), pauseWith('void', iso(start + 9 * day)), start);

    expect(refusalOf(() => decideCommand(state, asked, policy, start + day))).toEqual({ code, field });
  });

  test('is refused before the first payment and after the end; there is nothing to resume without one', () => {
    expect(refusalOf(() => decideCommand(begin(3, false).state, pauseWith('void'), policy, start)).code).toBe(
      'subscription_state',
    );
    const ended = done(begin().state, cancelNow, start + day).state;
    expect(refusalOf(() => decideCommand(ended, pauseWith('void'), policy, start + 2 * day)).code).toBe(
      'subscription_state',
    );
    expect(refusalOf(() => decideCommand(begin().state, resume, policy, start)).code).toBe('subscription_state');
  });

  test('lets nothing be bought that has to be paid first', () => {
    const { state } = command(begin(), pauseWith('keep_as_draft'), start + day);
    const buy: SubscriptionCommand = {
      type: 'add_addons',
      addons: [
        {
          key: 'addon/1',
          terms: {
            addonId: 1,
            addonKey: 'storage',
            addonName: 'Storage',
            amount: 50_000,
            billingCycle: 'monthly',
          },
          quantity: 1,
        },
      ],
    };
    expect(refusalOf(() => decideCommand(state, buy, policy, start + 2 * day)).code).toBe('collection_paused');

    // Put off, it counts at once, and is billed with the next period.
    const later = done(state, { ...buy, prorationBehavior: 'next_invoice' }, start + 2 * day);
    expect(later.state.items[1]).toMatchObject({ status: 'active' });
  });
});

describe('drafts that were kept', () => {
  const withDraft: Subscription = {
    ...begin().state,
    drafts: [draft],
    collectionPause: { behavior: 'keep_as_draft', pausedAt: start, resumesAt: null },
  };

  test('are numbered first where collection goes on, and asked for last', () => {
    const { state, effects } = done(withDraft, resume, start + 5 * day);

    expect(effects[0]).toEqual({ type: 'number_draft', dueAt: start + 12 * day, ...draft });
    expect(effects.at(-1)).toEqual({ type: 'collect', invoiceId: 7, attempt: 'first' });
    expect(state).toMatchObject({ drafts: [], collectionPause: null });
  });

  test('are so where the subscription ends, before what it gives back', () => {
    const { state, effects } = done(withDraft, { ...cancelNow, creditUnused: 'prorate' }, start + 5 * day);

    expect(typesOf(effects).indexOf('number_draft')).toBeLessThan(typesOf(effects).indexOf('credit'));
    expect(state).toMatchObject({ status: 'cancelled', drafts: [], collectionPause: null });
  });

  test('let no service be paused that they bill, also when that has waited for a charge', () => {
    const stop: SubscriptionCommand = { type: 'pause', reason: null, atPeriodEnd: false, creditUnused: 'prorate' };
    expect(refusalOf(() => decideCommand(withDraft, stop, policy, start + day)).code).toBe('collection_paused');
    const waited = withWaiting(withDraft, { kind: 'pause', creditUnused: 'prorate' }, { on: 'charge_answer' });

    expect(decidePostponed(waited, policy, start + day)).toMatchObject({
      state: { status: 'active', waitingChanges: [] },
      effects: [{ type: 'history', action: 'rejected' }],
    });
  });

  test('of service that would begin after the end are taken back', () => {
    const unbegun = { ...withDraft, drafts: [{ ...draft, startsAt: start + 9 * day }] };

    expect(done(unbegun, cancelNow, start + 5 * day).effects).toContainEqual({
      type: 'reverse',
      invoiceId: 7,
      reason: 'cancellation',
    });
  });
});
