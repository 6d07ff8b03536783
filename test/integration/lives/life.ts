import type { Settings } from '../../../domain/companies/setting-catalogue';
import type { CreditChoice, ProrationBehavior } from '../../../domain/subscriptions/lifecycle/subscription-types';
import type { CallPriceName } from './call-prices';
import type { BillingCycle } from '../../../domain/calendar/billing-period-rules';
import type { TermCommand } from './term-commands';

/** A life of one subscription as data: what it begins with, and what happens to it, one thing after the other. */

export interface LifePlan {
  /** minor units for a seat and a period */
  price: number;
  billingCycle: BillingCycle;
  trialDays: number;
  /** Of calls that its meter counts; nothing is counted on plans without one. */
  calls?: CallPriceName;
  /** Prices of so many periods before its own. */
  phases?: { price: number; periods: number }[];
}

/** The plans of every company in which lives are led, by their names. */
export const plans = {
  free: { price: 0, billingCycle: 'monthly', trialDays: 0 },
  '100K': { price: 100_000, billingCycle: 'monthly', trialDays: 0 },
  '300K': { price: 300_000, billingCycle: 'monthly', trialDays: 14 },
  '600K': { price: 600_000, billingCycle: 'monthly', trialDays: 0 },
  '7999 odd': { price: 7_999, billingCycle: 'monthly', trialDays: 2 },
  '70K weekly': { price: 70_000, billingCycle: 'weekly', trialDays: 0 },
  '150K 30 days': { price: 150_000, billingCycle: 'thirty_days', trialDays: 0 },
  '3M yearly': { price: 3_000_000, billingCycle: 'yearly', trialDays: 30 },
  '250K after phases': {
    price: 250_000,
    billingCycle: 'monthly',
    trialDays: 7,
    phases: [
      { price: 20_000, periods: 1 },
      { price: 90_000, periods: 2 },
    ],
  },
  '90K and calls': { price: 90_000, billingCycle: 'monthly', trialDays: 0, calls: '70 each' },
  'calls weekly': { price: 0, billingCycle: 'weekly', trialDays: 0, calls: '130 each' },
  'graduated calls': { price: 40_000, billingCycle: 'monthly', trialDays: 0, calls: 'graduated' },
  'calls by volume': { price: 0, billingCycle: 'monthly', trialDays: 0, calls: 'volume' },
  'packages of calls': { price: 50_000, billingCycle: 'monthly', trialDays: 5, calls: 'packages' },
  'percentage of calls': { price: 110_000, billingCycle: 'thirty_days', trialDays: 0, calls: 'percentage' },
  'flat calls': { price: 0, billingCycle: 'weekly', trialDays: 0, calls: 'flat' },
} as const satisfies Record<string, LifePlan>;

export type PlanName = keyof typeof plans;

export interface LifeAddon {
  /** minor units for one and a period, or once */
  price: number;
  billingPeriod: 'monthly' | 'yearly' | 'one_time';
  /** Of its own periods, after which it ends. */
  termPeriods?: number;
  /** Minor units, once. */
  setupFee?: number;
}

/** The add-ons of every company in which lives are led, by their keys. */
export const addons = {
  storage: { price: 50_000, billingPeriod: 'monthly' },
  odd: { price: 33_333, billingPeriod: 'monthly' },
  backup: { price: 600_000, billingPeriod: 'yearly' },
  setup: { price: 30_000, billingPeriod: 'one_time' },
  course: { price: 40_000, billingPeriod: 'monthly', termPeriods: 2 },
  line: { price: 60_000, billingPeriod: 'monthly', setupFee: 25_001 },
} as const satisfies Record<string, LifeAddon>;

export type AddonName = keyof typeof addons;

/** The top-ups of every company in which lives are led, by their keys; `days` null: they do not expire. */
export const topUps = {
  calls_300: { price: 20_001, units: 300, days: 20 },
  calls_1000: { price: 50_000, units: 1_000, days: null },
} as const;

export type TopUpName = keyof typeof topUps;

/** The codes of every company in which lives are led; `periods` null: for ever. */
export const codes = {
  'TEN-FOREVER': { ratePpm: 100_000, amount: null, periods: null },
  'THIRD-TWICE': { ratePpm: 333_333, amount: null, periods: 2 },
  'FLAT-ONCE': { ratePpm: null, amount: 45_001, periods: 1 },
} as const;

export type CodeName = keyof typeof codes;

/** Tokens of the simulated card, by what they do; `vnpay` is a page at which the customer pays; null: no way is known. */
export type WayToPay = 'tok_ok' | 'tok_declined' | 'tok_fails_twice' | 'tok_timeout' | 'tok_expired' | 'vnpay' | null;

export interface LifeStart {
  plan: PlanName;
  seats: number;
  trial: boolean;
  pays: WayToPay;
  /** Day of the month that periods begin on. */
  anchorDay: number | null;
  /** Days until an agreed term ends. */
  termDays: number | null;
  code?: CodeName | null;
  /** 8 % until the end of March and 10 % after it, in place of the company's one rate. */
  taxByDate?: boolean;
  /** What is bought with the plan; absent: nothing. */
  addons?: readonly AddonName[];
  /** Days from the first instant on to when it begins, below 0 for a time that is over; absent: at once. */
  startDays?: number;
}

/** What a request says of what it costs, in place of what the company has set. */
interface Billed {
  billed?: ProrationBehavior | undefined;
}

/** The same of what is billed and not used. */
interface Unused {
  unused?: CreditChoice | undefined;
}

/** `invoice` and `payment` count from the latest one back: 0 is the latest. `part` is in millionths, null is all. */
export type LifeCommand =
  | { do: 'wait'; days: number; hours: number }
  | ({ do: 'change'; plan: PlanName | null; seats: number | null; when: 'now' | 'boundary' | 'policy' } & Billed)
  | { do: 'takeBackChange' }
  | ({ do: 'buy'; addons: AddonName[]; count: number } & Billed)
  | ({ do: 'topUp'; topUp: TopUpName; count: number } & Billed)
  /** `addon` counts back from the one bought last among those that it has. */
  | ({ do: 'removeAddon'; addon: number; when: 'now' | 'end' } & Billed & Unused)
  | ({ do: 'addonCount'; addon: number; count: number; when: 'now' | 'boundary' | 'policy' } & Billed)
  | ({ do: 'cancel'; when: 'now' | 'end' } & Unused)
  | ({ do: 'pause'; when: 'now' | 'end' } & Unused)
  | ({ do: 'resume' } & Billed)
  | { do: 'reactivate' }
  | { do: 'method'; pays: WayToPay }
  /** The customer pays by hand: with a card, or at the address of a page that is made for it. */
  | { do: 'pay'; invoice: number; pays: 'tok_ok' | 'tok_declined' | 'vnpay' }
  /** What becomes of a payment that was begun, however long ago: the page tells. */
  | { do: 'pageTells'; payment: number; outcome: 'paid' | 'paid too little' | 'paid too much' | 'failed' }
  | { do: 'refund'; payment: number; part: number | null }
  | { do: 'void'; invoice: number }
  | { do: 'credit'; invoice: number; part: number | null }
  | { do: 'settings'; changes: Partial<Settings> }
  | { do: 'code'; code: CodeName }
  | { do: 'takeBackCode'; code: CodeName }
  /** Calls that are counted; of so many hours ago where they are told late. */
  | { do: 'calls'; count: number; hoursAgo: number }
  /** Credit by hand, minor units; `days` null: it does not expire. */
  | { do: 'grant'; amount: number; days: number | null }
  | { do: 'payOut'; part: number | null }
  /** Money that came outside of any provider: millionths of what is due, which may be more than all of it. */
  | { do: 'record'; invoice: number; part: number }
  | { do: 'taxed'; as: 'taxable' | 'exempt' }
  | { do: 'terms'; days: number | null }
  /** Another price of its plan, or the one of today. */
  | {
      do: 'price';
      dearer: boolean;
      when: 'now' | 'renewal';
      noticeDays: number;
      billed?: ProrationBehavior | undefined;
    }
  /** The same of an add-on, at the end of its own period where it is not now; `addon` as above. */
  | {
      do: 'addonPrice';
      addon: number;
      dearer: boolean;
      when: 'now' | 'renewal';
      noticeDays: number;
      billed?: ProrationBehavior | undefined;
    }
  /** From the end of so many periods on. */
  | { do: 'phases'; phases: { after: number; price: number | null; seats: number | null }[] }
  /** A forecast, and then the wait that it foresees. */
  | { do: 'forecast'; days: number }
  | TermCommand;

export interface Life {
  settings: Partial<Settings>;
  start: LifeStart;
  commands: LifeCommand[];
}

/** On which every life begins: late on the last day but one of January in UTC, the 31st in Hanoi. */
export const firstInstant = new Date('2026-01-30T18:30:00.000Z');
