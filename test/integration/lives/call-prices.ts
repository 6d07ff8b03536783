import type { PriceModel } from '../../../domain/billing/pricing/price-model-types';

/** What calls cost, by every model of prices. */
export const callPrices = {
  '70 each': { model: 'per_unit', unitPrice: '70' },
  '130 each': { model: 'per_unit', unitPrice: '130' },
  graduated: {
    model: 'graduated',
    freeUnits: '20',
    tiers: [
      { upTo: '100', unitPrice: '150', flatAmount: 5_000 },
      { upTo: '1000', unitPrice: '90' },
      { upTo: null, unitPrice: '40.5', flatAmount: 10_000 },
    ],
  },
  volume: {
    model: 'volume',
    tiers: [
      { upTo: '500', unitPrice: '120' },
      { upTo: null, unitPrice: '70.25' },
    ],
  },
  packages: { model: 'package', packageSize: '300', packageAmount: 9_999, minimumAmount: 12_000 },
  percentage: { model: 'percentage', ratePpm: 13_000, eventPrice: '25', freeEvents: 2, freeUnits: '500' },
  flat: { model: 'flat', amount: 30_000, freeUnits: '50' },
} as const satisfies Record<string, PriceModel>;

export type CallPriceName = keyof typeof callPrices;

/**
 * What so many calls come to, minor units: reckoned here by hand for the models above, in hundredths. Of a percentage the
 * events are given that may be free.
 */
export function costOfCalls(name: CallPriceName, calls: number, events: { all: number; free: number }): number {
  const each = (units: number, hundredths: number) => units * hundredths;
  const over = (from: number, to = Infinity) => Math.max(0, Math.min(calls, to) - from);

  switch (name) {
    case '70 each':
      return calls * 70;
    case '130 each':
      return calls * 130;
    case 'graduated': {
      // 20 are free, and go before the tiers.
      const [first, second, third] = [over(20, 120), over(120, 1_020), over(1_020)];
      const flat = 5_000 + (third > 0 ? 10_000 : 0);

      return flat + rounded(each(first, 15_000) + each(second, 9_000) + each(third, 4_050));
    }
    case 'volume':
      return rounded(each(calls, calls <= 500 ? 12_000 : 7_025));
    case 'packages':
      return Math.max(12_000, Math.ceil(calls / 300) * 9_999);
    case 'percentage':
      return Math.floor((over(500) * 13_000 + 500_000) / 1_000_000) + (events.all - events.free) * 25;
    case 'flat':
      return calls > 50 ? 30_000 : 0;
  }
}

/** Half up, of hundredths. */
const rounded = (hundredths: number): number => Math.floor((hundredths + 50) / 100);
