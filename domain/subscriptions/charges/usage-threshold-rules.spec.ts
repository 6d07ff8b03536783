import fc from 'fast-check';

import { defaultSettings } from '../../companies/setting-catalogue';
import { activate } from '../lifecycle/payment-decider';
import { decideStart } from '../lifecycle/start-decider';
import { subscriptionPolicy } from '../lifecycle/subscription-policy';
import type { Subscription } from '../lifecycle/subscription-types';
import { unbegunSubscription } from '../row/subscription-row';
import { billEarly, mayBillEarlySince, stretchesToBillEarly, usageThresholdOf } from './usage-threshold-rules';
import { withUsage } from './metering-rules';

const start = Date.parse('2025-01-31T03:00:00Z');
const policy = { ...subscriptionPolicy(defaultSettings), usageThresholds: { VND: 500, USD: 7 } };

/** On a plan of 0 that is paid as it is used, active from its start. */
const begun = (fields: Partial<Subscription> = {}): Subscription => {
  const unbegun = unbegunSubscription(
    {
      planId: 1,
      planName: 'Pay as you go',
      amount: 0,
      billingCycle: 'monthly',
      meters: [
        {
          meterId: 1,
          meterName: 'Calls',
          priceId: 1,
          planId: 1,
          addonId: null,
          price: { model: 'per_unit', unitPrice: '1' },
        },
      ],
    },
    {
      quantity: 1,
      currency: 'VND',
      timeZone: 'Asia/Ho_Chi_Minh',
      anchorDay: null,
      endsAt: null,
      billingTiming: 'in_advance',
      renewalLeadDays: 3,
    },
    fields,
  );
  const decision = decideStart(unbegun, { trialDays: 0, redeemed: [] }, policy, start);
  const { state } = withUsage(unbegun, decision, policy, start);

  return { ...withUsage(state, activate(state, start), policy, start).state, ...fields };
};

it("is the subscription's own, else the company's for its currency; 0 is none", () => {
  expect(usageThresholdOf({ usageThreshold: null, currency: 'VND' }, policy)).toBe(500);
  expect(usageThresholdOf({ usageThreshold: 20, currency: 'VND' }, policy)).toBe(20);
  expect(usageThresholdOf({ usageThreshold: 0, currency: 'VND' }, policy)).toBeNull();
  expect(usageThresholdOf({ usageThreshold: null, currency: 'EUR' }, policy)).toBeNull();
});

it('bills early what has reached it, and nothing below it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000 }), fc.option(fc.integer({ min: 0, max: 2_000 })), (unbilled, own) => {
      const decision = billEarly(begun({ usageThreshold: own }), unbilled, policy, start);
      const threshold = own ?? 500;
      expect(decision !== null).toBe(threshold > 0 && unbilled >= threshold);
    }),
  );
});

it('issues an invoice of the stretches that run, as a running one each, and leaves the state as it is', () => {
  const state = begun();
  const decision = billEarly(state, 500, policy, start);

  expect(decision?.state).toBe(state);
  expect(decision?.effects).toMatchObject([
    { type: 'event', name: 'subscription.usage_threshold.reached', payload: { threshold: 500, unbilledAmount: 500 } },
    {
      type: 'issue',
      purpose: 'usage',
      lines: [],
      usage: [{ item: 'plan', isRunning: true, service: { startsAt: start } }],
      dueAt: start + 7 * 86_400_000,
      as: { role: 'current' },
    },
  ]);
});

it('bills nothing early while its first invoice is not paid, while it is paused, or when it has ended', () => {
  const waiting = { role: 'first', invoiceId: 1, payBy: null, fallback: null, unpaid: null } as const;

  expect(stretchesToBillEarly(begun(), policy)).toHaveLength(1);
  expect(stretchesToBillEarly(begun({ invoices: [waiting] }), policy)).toEqual([]);
  expect(stretchesToBillEarly(begun({ status: 'paused' }), policy)).toEqual([]);
  expect(stretchesToBillEarly(begun({ status: 'cancelled' }), policy)).toEqual([]);
});

it('may bill early what is used so far once its first invoice is paid, or collection goes on', () => {
  const waiting = { role: 'first', invoiceId: 1, payBy: null, fallback: null, unpaid: null } as const;
  const paused = { behavior: 'void', pausedAt: start, resumesAt: null } as const;
  const none = { ...policy, usageThresholds: {} };

  expect(mayBillEarlySince(begun({ invoices: [waiting] }), begun(), policy)).toBe(true);
  expect(mayBillEarlySince(begun({ collectionPause: paused }), begun(), policy)).toBe(true);
  expect(mayBillEarlySince(begun({ invoices: [waiting] }), begun({ collectionPause: paused }), policy)).toBe(false);
  expect(mayBillEarlySince(begun({ invoices: [waiting] }), begun(), none)).toBe(false);
  expect(mayBillEarlySince(begun(), begun(), policy)).toBe(false);
});
