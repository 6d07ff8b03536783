import { z } from 'zod';

import type { TenantTransaction } from '../../platform/db/database';
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
  currency: setting(currencyCode, 'VND', 'Currency of new billing accounts and of new prices that name none.'),
  timeZone: setting(timeZoneName, 'Asia/Ho_Chi_Minh', 'Zone of new billing accounts: their days begin and end in it.'),
  locale: setting(localeTag, 'vi-VN', 'Language and number format of invoices and messages of new billing accounts.'),
  taxRatePpm: setting(wholeNumber(0, 1_000_000), 100_000, 'Tax on everything sold: 100,000 is 10 %.', 'ppm'),
  discountTiming: setting(
    z.enum(['before_tax', 'after_tax']),
    'after_tax',
    'after_tax: tax is on the full subtotal. before_tax: the discount lowers what is taxed.',
  ),

  // business
  billingMode: setting(
    z.enum(['onetime', 'recurring', 'freemium']).nullable(),
    null,
    'Billing strategy for what does not say its business model itself; null: sold once.',
  ),
  freeTier: setting(z.boolean(), true, 'Plans with price 0 may be subscribed to.'),
  addonEnabled: setting(z.boolean(), true, 'Add-ons may be bought.'),
  subscriptionEnabled: setting(z.boolean(), true, 'Plans may be subscribed to.'),

  // paying
  paymentMethods: setting(
    offeredPaymentMethods,
    ['vnpay', 'card', 'cod'],
    'Ways to pay that are offered to customers, in the order in which they are shown.',
  ),
  orderPaymentWindowMinutes: setting(
    wholeNumber(1, 1_440),
    15,
    'How long an order waits for its payment, and holds its stock, before it is cancelled.',
    'minutes',
  ),
  paymentExpiryMarginSeconds: setting(
    wholeNumber(0, 600),
    60,
    'How much earlier than the order window a payment page closes, so that no payment arrives too late.',
    'seconds',
  ),

  shopUrl: setting(
    webAddress,
    null,
    'Address of the shop. Pages about paying lead back to it; null: there is no such link.',
  ),

  // invoices
  invoiceNumberPrefix: setting(
    z.string().regex(/^[A-Za-z0-9/-]{0,20}$/, 'takes letters, digits, - and /'),
    'INV-',
    'What invoice numbers begin with.',
  ),
  invoiceNumbering: setting(
    z.enum(['company', 'month', 'customer']),
    'company',
    'How invoices are numbered, without gaps. company: one series, INV-000042. month: the same with the month, ' +
      'INV-202312-042. customer: one series for each customer, INV-007-001.',
  ),
  creditNoteNumberPrefix: setting(
    z.string().regex(/^[A-Za-z0-9/-]{0,20}$/, 'takes letters, digits, - and /'),
    'CN-',
    'What credit note numbers begin with.',
  ),
  invoiceDueDays: setting(wholeNumber(0, 365), 7, 'Days from the start of a period until its invoice is due.', 'days'),
  sellerName: setting(printedText(200), null, 'Seller on invoices; null: the name of the company.'),
  sellerAddress: setting(printedText(500), null, 'Address of the seller on invoices.'),
  sellerTaxCode: setting(printedText(50), null, 'Tax code of the seller on invoices.'),

  // subscriptions
  renewalLeadDays: setting(
    wholeNumber(0, 27),
    3,
    'Days before a period ends at which the invoice of the next one is issued.',
    'days',
  ),
  prorationConvention: setting(
    z.enum(['by_second', 'by_day_exclusive_end', 'by_day_inclusive', 'thirty_360', 'none']),
    'by_day_exclusive_end',
    'How the unused part of a period is counted when a plan changes.',
  ),
  fixedDaysOfMonth: setting(
    z.union([z.literal(0), z.literal(30)]),
    0,
    'Days that every month is counted as when part of a period is billed; 0: the days it has.',
    'days',
  ),
  billingTiming: setting(
    z.enum(['in_advance', 'in_arrears']),
    'in_advance',
    'in_advance: a period is billed when it begins. in_arrears: when it has ended. For new subscriptions.',
  ),
  planChangeUpgrade: setting(
    z.enum(['at_once', 'at_period_end']),
    'at_once',
    'When a change to a dearer plan holds, unless the request says so itself.',
  ),
  planChangeDowngrade: setting(
    z.enum(['at_once', 'at_period_end']),
    'at_period_end',
    'When a change to a cheaper plan holds, unless the request says so itself.',
  ),
  planChangeBilling: setting(
    z.enum(['prorate', 'charge_difference', 'grant_days', 'none']),
    'prorate',
    'What a change at once costs now. prorate: the unused part is credited and the rest billed at the new price. ' +
      'charge_difference: the difference for the rest. grant_days: what is unused buys days of the new plan. none: nothing.',
  ),
  planChangeOtherCycle: setting(
    z.enum(['reset_anchor', 'keep_anchor_day', 'keep_anniversary']),
    'reset_anchor',
    'Where periods of another length begin. reset_anchor: at the change. keep_anchor_day: on the next anchor day, after ' +
      'a stub. keep_anniversary: in the row counted from the first day.',
  ),
  planChangeDayOfChange: setting(
    z.enum(['new_plan', 'old_plan']),
    'new_plan',
    'Which plan the day of a change is charged to.',
  ),
  cancelCredit: setting(
    z.enum(['none', 'prorate']),
    'none',
    'Whether the unused part of a period is credited when a subscription is cancelled at once.',
  ),
  zeroInvoices: setting(z.boolean(), false, 'Whether a change that costs nothing is documented by an invoice of 0.'),
  pauseCredit: setting(
    z.enum(['none', 'prorate']),
    'prorate',
    'Whether the unused part of a period is credited when a subscription is paused at once.',
  ),
  billingTime: setting(
    z.enum(['anniversary', 'calendar']),
    'anniversary',
    'anniversary: periods begin on the day of the start. calendar: on the first of the month or year.',
  ),
  addonAlignTo: setting(
    z.enum(['own', 'subscription']),
    'own',
    'own: an add-on has its own periods. subscription: its periods end with those of the plan.',
  ),
  accessBeforeFirstPayment: setting(
    z.boolean(),
    false,
    'Paid features are open from the start, not only after the first payment.',
  ),
  firstInvoiceExpiryHours: setting(
    wholeNumber(1, 720),
    24,
    'How long the first invoice of a subscription may stay unpaid before the subscription expires.',
    'hours',
  ),
  dunning: setting(
    dunningSchedule,
    { mode: 'offsets', days: [1, 3, 5, 7] },
    'When a failed charge is tried again. offsets: days after the first failure. gaps: days between tries.',
    'days',
  ),
  dunningEndAction: setting(
    z.enum(['expire', 'cancel', 'leave']),
    'expire',
    'What becomes of a subscription when the last try fails.',
  ),
  overdueStates: setting(
    overdueStateList,
    [],
    'What an account is called when its oldest unpaid invoice has been due for so many days, as in a list of debtors.',
    'days',
  ),
  overdueThresholds: setting(
    amountsByCurrency,
    {},
    'Least overdue amount, by currency, from which an account gets such a name, and is asked to pay by a campaign.',
    'minor units',
  ),
  dunningCampaign: setting(
    campaignSettings.nullable(),
    null,
    'Asks accounts to pay all that is overdue once it has reached the threshold of its currency: so many times at most, ' +
      'with more than so many days between. null, or no threshold for the currency: no such requests.',
    'days',
  ),
  dunningKeepsAccess: setting(z.boolean(), true, 'Paid features stay open while a failed charge is tried again.'),
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
