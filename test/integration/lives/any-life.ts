import fc from 'fast-check';

import type { Settings } from '../../../domain/companies/setting-catalogue';
import { collectionBehaviors } from '../../../domain/subscriptions/lifecycle/subscription-types';
import { anyPhases } from './any-phases';
import { anyBilled, anyUnused, saidOf } from './any-billed';
import { anyAddonPrice, anyPrice } from './any-price';
import { anySale } from './any-sale';
import {
  type AddonName,
  addons,
  type CodeName,
  codes,
  type Life,
  type LifeCommand,
  type LifeStart,
  type PlanName,
  plans,
} from './life';

/** Lives by chance. What is most often wanted of a subscription is most often asked; refusals are part of a life. */

const nearlyAlways = <Value>(usual: Value, ...others: Value[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });

const planName = fc.constantFrom(...(Object.keys(plans) as PlanName[]));
const monthlyName = fc.constantFrom<PlanName>('100K', '300K', '600K', '90K and calls');
const meteredName = fc.constantFrom<PlanName>(
  'graduated calls',
  'calls by volume',
  'packages of calls',
  'percentage of calls',
  'flat calls',
);
const anyPlan = fc.oneof(
  { weight: 6, arbitrary: monthlyName },
  { weight: 2, arbitrary: planName },
  { weight: 2, arbitrary: meteredName },
);
const recent = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) });
const part = fc.option(fc.integer({ min: 1, max: 999_999 }), { nil: null, freq: 2 });
const someAddons = fc.uniqueArray(fc.constantFrom(...(Object.keys(addons) as AddonName[])), {
  minLength: 1,
  maxLength: 3,
});
const when = <Word extends string>(...words: [Word, ...Word[]]) => fc.constantFrom(...words);

/** What companies set; the first of each is the default. */
export const settingChoices: { [Key in keyof Settings]?: readonly Settings[Key][] } = {
  taxRatePpm: [100_000, 0, 80_000],
  taxBehavior: ['exclusive', 'inclusive'],
  renewalLeadDays: [3, 0, 10],
  invoiceDueDays: [7, 0, 14],
  prorationConvention: ['by_day_exclusive_end', 'by_second', 'by_day_inclusive', 'thirty_360', 'none'],
  fixedDaysOfMonth: [0, 30],
  billingTiming: ['in_advance', 'in_arrears'],
  planChangeUpgrade: ['at_once', 'at_period_end'],
  planChangeDowngrade: ['at_period_end', 'at_once'],
  planChangeBilling: ['prorate', 'charge_difference', 'grant_days', 'none'],
  planChangeOtherCycle: ['reset_anchor', 'keep_anchor_day', 'keep_anniversary'],
  planChangeDayOfChange: ['new_plan', 'old_plan'],
  cancelCredit: ['none', 'prorate'],
  addonAlignTo: ['own', 'subscription'],
  pauseCredit: ['prorate', 'none'],
  billingTime: ['anniversary', 'calendar'],
  firstInvoiceExpiryHours: [24, 1, 100],
  dunning: [
    { mode: 'offsets', days: [1, 3, 5, 7] },
    { mode: 'gaps', days: [8, 8] },
    { mode: 'offsets', days: [] },
  ],
  dunningEndAction: ['expire', 'cancel', 'leave'],
  invoiceNumbering: ['company', 'month', 'customer'],
  accessBeforeFirstPayment: [false, true],
  dunningKeepsAccess: [true, false],
  refundKeepsAccess: [false, true],
  usageThresholds: [{}, { VND: 1 }, { VND: 5_000 }],
};

const oneSetting = fc
  .constantFrom(...Object.entries(settingChoices).flatMap(([key, values]) => values.map((value) => ({ [key]: value }))))
  .map((changes) => changes as Partial<Settings>);

/** Some settings differ from the defaults, most do not. */
const fewSettings = fc
  .array(oneSetting, { maxLength: 5, size: 'max' })
  .map((chosen): Partial<Settings> => Object.assign({}, ...chosen) as Partial<Settings>);

const start: fc.Arbitrary<LifeStart> = fc.record({
  plan: anyPlan,
  seats: nearlyAlways(1, 2, 3),
  trial: nearlyAlways(false, true),
  pays: fc.oneof(
    { weight: 6, arbitrary: fc.constant('tok_ok' as const) },
    { weight: 3, arbitrary: fc.constant('vnpay' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('tok_declined', 'tok_fails_twice', 'tok_timeout', 'tok_expired', null),
    },
  ),
  anchorDay: nearlyAlways<number | null>(null, 1, 15, 31),
  termDays: nearlyAlways<number | null>(null, 10, 45, 100),
  code: nearlyAlways<CodeName | null>(null, ...(Object.keys(codes) as CodeName[])),
  taxByDate: nearlyAlways(false, true),
  addons: fc.oneof({ weight: 3, arbitrary: fc.constant<AddonName[]>([]) }, { weight: 2, arbitrary: someAddons }),
});

const wait: fc.Arbitrary<LifeCommand> = fc.record({
  do: fc.constant('wait' as const),
  days: fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 12 }) },
    { weight: 2, arbitrary: fc.integer({ min: 13, max: 45 }) },
  ),
  hours: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 23 }) }),
});

const change: fc.Arbitrary<LifeCommand> = fc.oneof(
  fc
    .record({
      do: fc.constant('change' as const),
      plan: anyPlan.map((plan): PlanName | null => plan),
      seats: nearlyAlways<number | null>(null, 1, 2, 3),
      when: when('now', 'boundary', 'policy'),
      billed: anyBilled,
    })
    .map(saidOf),
  fc
    .record({
      do: fc.constant('change' as const),
      plan: fc.constant(null),
      seats: fc.integer({ min: 1, max: 4 }).map((seats): number | null => seats),
      when: when('now', 'boundary', 'policy'),
      billed: anyBilled,
    })
    .map(saidOf),
);

const anyTrialEnd: fc.Arbitrary<LifeCommand> = fc.record({
  do: fc.constant('trialEnd' as const),
  days: fc.option(fc.integer({ min: 1, max: 40 }), { nil: null, freq: 3 }),
});

const anyPauseOfCollection: fc.Arbitrary<LifeCommand> = fc.record({
  do: fc.constant('pauseCollection' as const),
  behavior: fc.constantFrom(...collectionBehaviors),
  days: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null, freq: 2 }),
});

const command: fc.Arbitrary<LifeCommand> = fc.oneof(
  { weight: 10, arbitrary: wait },
  { weight: 6, arbitrary: change },
  { weight: 1, arbitrary: fc.constant<LifeCommand>({ do: 'takeBackChange' }) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        do: fc.constant('buy' as const),
        addons: someAddons,
        count: nearlyAlways(1, 2),
        billed: anyBilled,
      })
      .map(saidOf),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        do: fc.constant('removeAddon' as const),
        addon: recent,
        when: when('now', 'end'),
        billed: anyBilled,
        unused: anyUnused,
      })
      .map(saidOf),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        do: fc.constant('addonCount' as const),
        addon: recent,
        count: fc.integer({ min: 1, max: 3 }),
        when: when('now', 'boundary', 'policy'),
        billed: anyBilled,
      })
      .map(saidOf),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ do: fc.constant('cancel' as const), when: when('end', 'end', 'now'), unused: anyUnused })
      .map(saidOf),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ do: fc.constant('pause' as const), when: when('now', 'end'), unused: anyUnused })
      .map(saidOf),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), billed: anyBilled }).map(saidOf) },
  { weight: 4, arbitrary: fc.constant<LifeCommand>({ do: 'reactivate' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('method' as const),
      pays: fc.constantFrom<LifeStart['pays'][]>(
        'tok_ok',
        'tok_ok',
        'vnpay',
        'tok_declined',
        'tok_fails_twice',
        'tok_timeout',
        'tok_expired',
        null,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      invoice: recent,
      pays: fc.constantFrom<('tok_ok' | 'vnpay' | 'tok_declined')[]>('tok_ok', 'tok_ok', 'vnpay', 'tok_declined'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pageTells' as const),
      payment: recent,
      outcome: nearlyAlways<'paid' | 'paid too little' | 'paid too much' | 'failed'>(
        'paid',
        'paid too little',
        'paid too much',
        'failed',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), payment: recent, part }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), invoice: recent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('credit' as const), invoice: recent, part }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settings' as const), changes: oneSetting }) },
  { weight: 9, arbitrary: anySale },
  { weight: 1, arbitrary: anyTrialEnd },
  { weight: 3, arbitrary: anyPauseOfCollection },
  { weight: 1, arbitrary: fc.constant<LifeCommand>({ do: 'resumeCollection' }) },
  { weight: 2, arbitrary: anyPhases },
  { weight: 2, arbitrary: anyPrice },
  { weight: 2, arbitrary: anyAddonPrice },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('forecast' as const), days: fc.integer({ min: 1, max: 75 }) }),
  },
);

/** Lives of 5 to 25 commands. */
export const anyLife: fc.Arbitrary<Life> = fc.record({
  settings: fewSettings,
  start,
  commands: fc.array(command, { minLength: 5, maxLength: 25, size: 'max' }),
});
