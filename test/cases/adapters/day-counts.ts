import { z } from 'zod';
import { advance, BILLING_PERIODS, calendarPeriodContaining } from '../../../domain/calendar/billing-period-rules';
import { type ProrationSettings, shareOfPeriod } from '../../../domain/billing/pricing/proration-rules';
import { adapter, keysAsked } from '../case-adapter';
import { date } from './field-schemas';

const CONVENTIONS: Readonly<Record<string, ProrationSettings>> = {
  'actual days': { convention: 'by_day_inclusive' },
  'actual/360 (30-day month)': { convention: 'by_day_inclusive', fixedDaysOfMonth: 30 },
  'strict 30/360': { convention: 'thirty_360' },
};

const threeDayCounts = adapter(
  z.object({ first_day: date, last_day_inclusive: date }),
  ({ first_day, last_day_inclusive }, outline) => {
    const part = { start: first_day, end: advance(last_day_inclusive, BILLING_PERIODS.daily, 1) };
    const month = calendarPeriodContaining(first_day, BILLING_PERIODS.monthly);
    const fractionFor = (name: string) => {
      const settings = CONVENTIONS[name];
      if (!settings) {
        throw new Error(`No day count has the name ${JSON.stringify(name)}.`);
      }
      const { numerator, denominator } = shareOfPeriod(part, month, settings);

      return `${numerator}/${denominator}`;
    };

    return Object.fromEntries(keysAsked(outline).map((name) => [name, fractionFor(name)]));
  },
);

export const dayCountAdapters = { 'proration.three_day_counts': threeDayCounts };
