import { z } from 'zod';

import { isCurrency } from '../money/currency-rules';
import { paymentMethodNames } from './payment-method-types';

/** Value types of the setting catalogue that need more than a line. */

/** IANA name that this host knows; a bare offset such as +07:00 has no daylight-saving rule and is refused. */
export const timeZoneName = z
  .string()
  .max(64)
  .refine((name) => /^[A-Za-z]/.test(name) && canMake(() => new Intl.DateTimeFormat('en-US', { timeZone: name })), {
    message: 'is not a time zone such as Asia/Ho_Chi_Minh',
  });

/** BCP 47 tag. */
export const localeTag = z
  .string()
  .min(2)
  .max(35)
  .refine((tag) => canMake(() => Intl.getCanonicalLocales(tag)), { message: 'is not a locale such as vi-VN' });

/** ISO 4217 code in capitals. */
export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'is not a currency code such as VND')
  .refine((code) => isCurrency(code), { message: 'is not a currency code such as VND' });

const dunningDay = z.number().int().min(1).max(365);

/**
 * When a failed charge is tried again (D23): `offsets` are days after the first failure and rise, `gaps` are days
 * between one try and the next. An empty list means no retry.
 */
export const dunningSchedule = z
  .strictObject({ mode: z.enum(['offsets', 'gaps']), days: z.array(dunningDay).max(20) })
  .refine(({ mode, days }) => mode === 'gaps' || days.every((day, index) => day > (days[index - 1] ?? 0)), {
    message: 'must rise from one try to the next',
    path: ['days'],
  });

/** Names an account gets by how long it has owed; days after the oldest due date. */
export const overdueStateList = z
  .array(z.strictObject({ name: z.string().trim().min(1).max(50), afterDays: z.number().int().min(0).max(3_650) }))
  .max(10)
  .refine((states) => new Set(states.map(({ name }) => name)).size === states.length, {
    message: 'names a state twice',
  });

/** How often, and how far apart, an account that owes is asked to pay by balance. */
export const campaignSettings = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20),
  daysBetween: z.number().int().min(0).max(365),
});

/** Minor units by currency. */
export const amountsByCurrency = z.record(currencyCode, z.number().int().min(0).max(Number.MAX_SAFE_INTEGER));

export const offeredPaymentMethods = z
  .array(z.enum(paymentMethodNames))
  .min(1)
  .refine((methods) => new Set(methods).size === methods.length, { message: 'names a method twice' });

/** Free text on invoices: one line without control characters, or null. */
export const printedText = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}]*$/u, 'holds control characters')
    .nullable();

/** Where people are sent: http or https, without credentials in it; or null. */
export const webAddress = z
  .url({ protocol: /^https?$/, message: 'is not an address such as https://shop.example' })
  .max(500)
  .refine((text) => canMake(() => new URL(text)) && new URL(text).username === '', { message: 'holds credentials' })
  .nullable();

function canMake(make: () => unknown): boolean {
  try {
    make();

    return true;
  } catch {
    return false;
  }
}
