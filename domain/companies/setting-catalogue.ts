import { z } from 'zod';

import type { TenantTransaction } from '../../platform/db/database';
import { taxBehaviors } from '../money/tax-behavior-types';
import {
  amountsByCurrency,
  campaignSettings,
  currencyCode,
  dunningSchedule,
  localeTag,
  offeredPaymentMethods,
  overdueStateList,
  printedText,
  timeZoneName,
  webAddress,
} from './setting-types';

interface Setting<Type extends z.ZodType> {
  type: Type;
  /** What holds until the company says otherwise. */
  default: z.output<Type>;
  meaning: string;
  /** Of the number, where it is one: minutes, days, ppm … */
  unit: string | null;
}

const setting = <Type extends z.ZodType>(
  type: Type,
  initial: NoInfer<z.output<Type>>,
  meaning: string,
  unit: string | null = null,
): Setting<Type> => ({ type, default: initial, meaning, unit });

const wholeNumber = (least: number, most: number) => z.number().int().min(least).max(most);

/**
 * Every setting of a company: its type, its default, what it means. A company stores only what differs from here;
 * `GET /company/settings` shows this table and `PUT` is validated by it.
 */
export const settingCatalogue = {
  // money and place
  currency: setting(currencyCode, 'VND', 'Currency of new customers, and of new prices that do not name one.'),
  timeZone: setting(
    timeZoneName,
    'Asia/Ho_Chi_Minh',
    'Time zone of new customers. Their days, due dates and billing periods begin and end in it.',
  ),
  locale: setting(
    localeTag,
    'vi-VN',
    'Language and number format of the invoices and messages that new customers get.',
  ),
  taxRatePpm: setting(
    wholeNumber(0, 1_000_000),
    100_000,
    'Tax rate for everything that is sold. 100,000 means 10 %.',
    'ppm',
  ),
  taxBehavior: setting(
    z.enum(taxBehaviors),
    'exclusive',
    'Whether prices that do not say so themselves hold their tax. exclusive: tax is added to the price. inclusive: the price ' +
      'holds it, and is what customers pay. What is ordered or subscribed to already stays as it was agreed.',
  ),
  discountTiming: setting(
    z.enum(['before_tax', 'after_tax']),
    'after_tax',
    'Whether a discount lowers the tax. after_tax: no, tax is charged on the full subtotal. before_tax: yes, on the subtotal less the discount.',
  ),

  // business
  billingMode: setting(
    z.enum(['onetime', 'recurring', 'freemium']).nullable(),
    null,
    'How to bill for something that does not name its business model. null means a one-time sale.',
  ),
  intentReader: setting(
    z.enum(['rules', 'gemini']),
    'rules',
    'What reads a sentence that asks for another business model. rules: the rules of this product, and nothing leaves it. gemini: ' +
      'Google Gemini as well, where the installation has a key for it; the sentence, the currency and the business model go out. ' +
      'Every figure of its answer is read again from the words of the sentence, and the rules alone read where it does not answer.',
  ),
  freeTier: setting(z.boolean(), true, 'Whether customers can subscribe to a plan that costs nothing.'),
  addonEnabled: setting(z.boolean(), true, 'Whether customers can buy add-ons.'),
  addonAlignTo: setting(
    z.enum(['own', 'subscription']),
    'own',
    'When an add-on is billed: from the day it is bought, or together with its plan after a prorated start.',
  ),
  subscriptionEnabled: setting(z.boolean(), true, 'Whether customers can subscribe to plans.'),

  // paying
  paymentMethods: setting(
    offeredPaymentMethods,
    ['vnpay', 'card', 'cod'],
    'Payment methods that customers can choose from, in this order.',
  ),
  orderPaymentWindowMinutes: setting(
    wholeNumber(1, 1_440),
    15,
    'How long an unpaid order keeps its stock reserved before it is cancelled.',
    'minutes',
  ),
  paymentExpiryMarginSeconds: setting(
    wholeNumber(0, 600),
    60,
    'How long before the end of that time the payment page closes, so that no payment arrives too late.',
    'seconds',
  ),

  shopUrl: setting(webAddress, null, 'Web address of your shop. Payment pages link back to it. null: no link.'),

  // invoices
  invoiceNumberPrefix: setting(
    z.string().regex(/^[A-Za-z0-9/-]{0,20}$/, 'takes letters, digits, - and /'),
    'INV-',
    'Text at the start of each invoice number.',
  ),
  invoiceNumbering: setting(
    z.enum(['company', 'month', 'customer']),
    'company',
    'How invoices are numbered, always without gaps. company: one series, as in INV-000042. month: the same series with ' +
      'the month before the number, as in INV-202312-042. customer: a series for each customer, as in INV-007-001.',
  ),
  creditNoteNumberPrefix: setting(
    z.string().regex(/^[A-Za-z0-9/-]{0,20}$/, 'takes letters, digits, - and /'),
    'CN-',
    'Text at the start of each credit note number.',
  ),
  invoiceDueDays: setting(
    wholeNumber(0, 365),
    7,
    'How many days after the start of a billing period its invoice is due.',
    'days',
  ),
  sellerName: setting(printedText(200), null, 'Name of the seller on invoices. null: the name of the company.'),
  sellerAddress: setting(printedText(500), null, 'Address of the seller on invoices.'),
  sellerTaxCode: setting(printedText(50), null, 'Tax code of the seller on invoices.'),

  // subscriptions
  renewalLeadDays: setting(
    wholeNumber(0, 27),
    3,
    'How many days before a billing period ends the invoice for the next one is issued.',
    'days',
  ),
  prorationConvention: setting(
    z.enum(['by_second', 'by_day_exclusive_end', 'by_day_inclusive', 'thirty_360', 'none']),
    'by_day_exclusive_end',
    'How the unused part of a billing period is measured. by_second: to the second. by_day_exclusive_end: in days, without the last one. ' +
      'by_day_inclusive: in days, with the last one. thirty_360: every month has 30 days. none: not at all, nothing is prorated.',
  ),
  fixedDaysOfMonth: setting(
    z.union([z.literal(0), z.literal(30)]),
    0,
    'How many days each month counts when part of a period is billed. 0: as many as it has.',
    'days',
  ),
  billingTiming: setting(
    z.enum(['in_advance', 'in_arrears']),
    'in_advance',
    'When a new subscription is billed for a period. in_advance: when it begins. in_arrears: when it has ended.',
  ),
  planChangeUpgrade: setting(
    z.enum(['at_once', 'at_period_end']),
    'at_once',
    'When a change to a more expensive plan takes effect, unless the request says otherwise.',
  ),
  planChangeDowngrade: setting(
    z.enum(['at_once', 'at_period_end']),
    'at_period_end',
    'When a change to a cheaper plan takes effect, unless the request says otherwise.',
  ),
  planChangeBilling: setting(
    z.enum(['prorate', 'charge_difference', 'grant_days', 'none']),
    'prorate',
    'What an immediate plan change costs. prorate: the unused time is credited and the remaining time billed at the new price. ' +
      'charge_difference: the price difference for the remaining time. grant_days: the unused money buys days of the new plan. ' +
      'none: nothing until the next period.',
  ),
  planChangeOtherCycle: setting(
    z.enum(['reset_anchor', 'keep_anchor_day', 'keep_anniversary']),
    'reset_anchor',
    'When periods begin after a change to another billing cycle. reset_anchor: at the change. keep_anchor_day: on the next ' +
      'billing day, after a shorter first period. keep_anniversary: counted from the first day of the subscription.',
  ),
  planChangeDayOfChange: setting(
    z.enum(['new_plan', 'old_plan']),
    'new_plan',
    'Which plan is charged for the day on which a plan changes.',
  ),
  cancelCredit: setting(
    z.enum(['none', 'prorate']),
    'none',
    'Whether unused time, and unused units of top-ups, are credited when a subscription is cancelled or an add-on removed immediately.',
  ),
  zeroInvoices: setting(z.boolean(), false, 'Whether a change that costs nothing gets an invoice over 0.'),
  pauseCredit: setting(
    z.enum(['none', 'prorate']),
    'prorate',
    'Whether unused time is credited when a subscription is paused immediately.',
  ),
  billingTime: setting(
    z.enum(['anniversary', 'calendar']),
    'anniversary',
    'When billing periods begin. anniversary: on the day on which the subscription began. calendar: on the first of the month or year.',
  ),
  firstInvoiceExpiryHours: setting(
    wholeNumber(1, 720),
    24,
    'How long a new subscription waits for its first payment before it expires.',
    'hours',
  ),
  accessBeforeFirstPayment: setting(
    z.boolean(),
    false,
    'Whether customers have access to what they subscribe to or buy before its first payment.',
  ),
  dunning: setting(
    dunningSchedule,
    { mode: 'offsets', days: [1, 3, 5, 7] },
    'When a failed charge is retried. offsets: days after the first failure. gaps: days between attempts.',
    'days',
  ),
  dunningKeepsAccess: setting(
    z.boolean(),
    true,
    'Whether customers keep access while a failed payment is retried. What they bought ends with the last attempt in any case.',
  ),
  refundKeepsAccess: setting(
    z.boolean(),
    false,
    'Whether customers keep access to what is refunded as a whole, up to its next period. A part of the money never ends it.',
  ),
  dunningEndAction: setting(
    z.enum(['expire', 'cancel', 'leave']),
    'expire',
    'What happens to a subscription when the last attempt fails.',
  ),
  overdueStates: setting(
    overdueStateList,
    [],
    'Your own names for late payers, by how many days their oldest unpaid invoice is overdue.',
    'days',
  ),
  usageThresholds: setting(
    amountsByCurrency,
    {},
    'Price of what a subscription has used and not been billed for, by currency, at which it is invoiced at once instead of at ' +
      'the end of the period. A subscription may have its own. 0, or no amount for the currency: usage waits for the end.',
    'minor units',
  ),
  overdueThresholds: setting(
    amountsByCurrency,
    {},
    'Overdue amount, by currency, from which an account gets such a name and payment requests.',
    'minor units',
  ),
  dunningCampaign: setting(
    campaignSettings.nullable(),
    null,
    'Payment requests by e-mail for everything an account owes, once that reaches the threshold of its currency: how many at ' +
      'most, and how many days apart. null, or no threshold for the currency: none are sent.',
    'days',
  ),
} as const;

export type SettingKey = keyof typeof settingCatalogue;
export type Settings = { readonly [Key in SettingKey]: z.output<(typeof settingCatalogue)[Key]['type']> };

export const settingKeys = Object.keys(settingCatalogue) as SettingKey[];

/** What holds for a company that set nothing. */
export const defaultSettings = Object.freeze(
  Object.fromEntries(settingKeys.map((key) => [key, settingCatalogue[key].default])),
) as Settings;

const Stored = z.record(z.string(), z.unknown());

/**
 * Fills the stored, sparse values up with the defaults. Pure, so that a statement which reads the column among others
 * can call it. Keys that no version knows (any more) are passed over.
 * @param values the column platform.company_settings.values; null where the company has no row
 * @throws Error when a stored value is not what the catalogue allows: money is never worked out from a guess
 */
export function resolveSettings(values: unknown): Settings {
  if (values === null || values === undefined) {
    return defaultSettings;
  }

  const stored = Stored.parse(values);
  const resolved: Record<string, unknown> = { ...defaultSettings };

  for (const key of settingKeys) {
    if (!Object.hasOwn(stored, key)) {
      continue;
    }

    const parsed = settingCatalogue[key].type.safeParse(stored[key]);

    if (!parsed.success) {
      throw new Error(`The stored setting ${key} is not usable: ${parsed.error.issues[0]?.message ?? 'invalid'}`);
    }

    resolved[key] = parsed.data;
  }

  return resolved as Settings;
}

/** Settings of the transaction's company, defaults filled in. */
export async function readSettings(tx: TenantTransaction): Promise<Settings> {
  const row = await tx.orm.companySettings.findUnique({
    where: { companyId: tx.companyId },
    select: { values: true },
  });

  return resolveSettings(row?.values);
}
