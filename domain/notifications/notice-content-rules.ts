import { z } from 'zod';

import { formatAmount, formatDay } from './notice-format-rules';

const instant = z.string().nullish();

/** What contexts say of themselves, as far as notices speak of it; the rest is for other channels. */
const NoticeData = z.object({
  planName: z.string(),
  quantity: z.number().int(),
  /** minor units, for one period and before tax */
  amount: z.number().int(),
  currency: z.string(),
  trialEnd: instant,
  currentPeriodEnd: instant,
  nextPeriodEnd: instant,
  nextAttemptAt: instant,
  effectiveAt: instant,
  invoice: z
    .object({
      number: z.string().nullable(),
      total: z.number().int(),
      due: z.number().int(),
      dueDate: instant,
      paymentUrl: z.string().nullable(),
    })
    .nullish(),
});

/** Placeholders of the templates; what does not apply is null. Amounts and days are written out for the reader. */
export interface NoticeFields {
  customerName: string;
  companyName: string;
  planName: string;
  quantity: string;
  isForSeveral: boolean;
  isFree: boolean;
  amount: string;
  trialEnd: string | null;
  periodEnd: string | null;
  nextPeriodEnd: string | null;
  nextAttemptAt: string | null;
  effectiveAt: string | null;
  invoiceNumber: string | null;
  invoiceTotal: string | null;
  /** Null when nothing is due of it. */
  invoiceDue: string | null;
  dueDate: string | null;
}

export interface NoticeReader {
  customerName: string;
  companyName: string;
  locale: string;
  timeZone: string;
}

/** @throws ZodError when the data lack what every notice speaks of */
export function noticeFields(
  data: unknown,
  { customerName, companyName, locale, timeZone }: NoticeReader,
): { fields: NoticeFields; paymentUrl: string | null } {
  const { invoice, ...told } = NoticeData.parse(data);
  const money = (amount: number) => formatAmount(amount, told.currency, locale);
  const day = (at: string | null | undefined) => (at == null ? null : formatDay(at, locale, timeZone));
  const isDue = invoice != null && invoice.due > 0;

  return {
    fields: {
      customerName: oneLine(customerName),
      companyName: oneLine(companyName),
      planName: oneLine(told.planName),
      quantity: String(told.quantity),
      isForSeveral: told.quantity > 1,
      isFree: told.amount === 0,
      amount: money(told.amount),
      trialEnd: day(told.trialEnd),
      periodEnd: day(told.currentPeriodEnd),
      nextPeriodEnd: day(told.nextPeriodEnd),
      nextAttemptAt: day(told.nextAttemptAt),
      effectiveAt: day(told.effectiveAt),
      invoiceNumber: invoice?.number ?? null,
      invoiceTotal: invoice == null ? null : money(invoice.total),
      invoiceDue: isDue ? money(invoice.due) : null,
      dueDate: day(invoice?.dueDate),
    },
    paymentUrl: isDue && /^https?:\/\//.test(invoice.paymentUrl ?? '') ? invoice.paymentUrl : null,
  };
}

/** Names come from people: one with a line break in it must not become a header or a paragraph of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
