import { BILLING_PERIODS } from '../../calendar/billing-period-rules';
import { daysBought } from './granted-days-rules';

const monthly = (price: bigint) => ({ price, period: BILLING_PERIODS.monthly });
const september = { start: '2023-09-01', end: '2023-10-01' };

const bought = (to: bigint, start = '2023-09-16', quantity = 1n) =>
  daysBought({
    from: monthly(3_000n),
    to: { ...monthly(to), quantity },
    current: september,
    unused: { start, end: september.end },
    changeOn: '2023-09-15',
    proration: { convention: 'by_day_inclusive' },
  });

describe('days that the unused part of a price buys', () => {
  it('are counted by the price of a day of the new plan, and rounded up', () => {
    expect(bought(6_000n)).toBe(8);
    expect(bought(3_000n)).toBe(15);
    expect(bought(3_000n, '2023-09-16', 2n)).toBe(8);
  });

  it('are none when nothing is unused', () => {
    expect(bought(6_000n, september.end)).toBe(0);
  });

  it('are those that are left when the new plan costs nothing', () => {
    expect(bought(0n)).toBe(16);
  });
});
