import { describeStanding } from './standing-summary-rules';
import type { SubscriptionStanding } from './subscription-standing';

const standing: SubscriptionStanding = {
  status: 'active',
  planName: 'Pro',
  amount: 299_000,
  currency: 'VND',
  cancelAtPeriodEnd: false,
  isLastPeriod: false,
  periodEnd: null,
  deadline: { kind: 'period_end', at: Date.parse('2026-12-26T00:00:00Z') },
  charges: [],
  isOnClock: false,
  isOver: false,
};

it.each([
  [299_000, 'VND', 'active: Pro, 299,000 VND; renews 26 Dec 2026, 299,000 VND'],
  [1_999, 'USD', 'active: Pro, 19.99 USD; renews 26 Dec 2026, 19.99 USD'],
  [1_234_567, 'KWD', 'active: Pro, 1,234.567 KWD; renews 26 Dec 2026, 1,234.567 KWD'],
])('%d minor units of %s are written as money', (amount, currency, written) => {
  expect(describeStanding({ ...standing, amount, currency })).toBe(written);
});

it('tells days of the account: the first of March in Hà Nội is still February in UTC', () => {
  const at = Date.parse('2027-03-01T00:00:00+07:00');
  const local = { periodEnd: null, deadline: '2027-03-01T00:00:00+07:00' };
  const ending = { ...standing, deadline: { kind: 'period_end' as const, at }, isLastPeriod: true };

  expect(describeStanding({ ...ending, local })).toBe('active: Pro, 299,000 VND; ends 1 Mar 2027');
  expect(describeStanding(ending)).toBe('active: Pro, 299,000 VND; ends 28 Feb 2027');
});

it('tells what a free tier has on top of it, and what is billed for that', () => {
  const free = { ...standing, planName: 'Free', amount: 0, addons: ['Extra Storage', 'AI Assistant × 2'] };

  expect(describeStanding({ ...free, dueAmount: 250_000 })).toBe(
    'active: Free, 0 VND, with Extra Storage, AI Assistant × 2; renews 26 Dec 2026, 250,000 VND',
  );
  expect(describeStanding({ ...free, dueAmount: 0 })).toContain('; ends 26 Dec 2026');
});
