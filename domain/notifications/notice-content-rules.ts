import { z } from 'zod';

import { formatMoneyFor } from '../money/localized-money';
import { formatDay } from './notice-format-rules';

const instant = z.string().nullish();

/** What contexts say of themselves, as far as notices speak of it; the rest is for other channels. */
const NoticeData = z.object({
  /** Null when it is about an account and not a subscription. */
  planName: z.string().nullable(),
  quantity: z.number().int(),
  /** minor units; of a subscription for one period and before tax, of a request all that is overdue */
  amount: z.number().int(),
  currency: z.string(),
  trialEnd: instant,
  currentPeriodEnd: instant,
  nextPeriodEnd: instant,
  nextAttemptAt: instant,
  effectiveAt: instant,
  invoice: z
    .object({
      id: z.number().int(),
      number: z.string().nullable(),
      total: z.number().int(),
      due: z.number().int(),
      dueDate: instant,
    })
    .nullish(),
  /** Of a request to pay: what it asks for, oldest first. */
  invoices: z
    .array(
      z.object({
        invoiceId: z.number().int(),
        number: z.string().nullable(),
        due: z.number().int(),
        dueDate: instant,
      }),
    )
    .default([]),
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
  /** One line for each invoice that is asked for; with its address to pay at when there are several. */
  invoiceLines: string | null;
}

export interface NoticeReader {
  customerName: string;
  companyName: string;
  locale: string;
  timeZone: string;
  /** The page of ours where an invoice can be paid for as long as it waits. */
  payLink(invoiceId: number): string;
}

/** @throws ZodError when the data lack what every notice speaks of */
export function noticeFields(
  data: unknown,
  { customerName, companyName, locale, timeZone, payLink }: NoticeReader,
): { fields: NoticeFields; paymentUrl: string | null } {
  const { invoice, invoices, ...told } = NoticeData.parse(data);
  const money = (amount: number) => formatMoneyFor(amount, told.currency, locale);
  const day = (at: string | null | undefined) => (at == null ? null : formatDay(at, locale, timeZone));
  const isDue = invoice != null && invoice.due > 0;
  const links = invoices.map(({ invoiceId }) => payLink(invoiceId));
  const lines = invoices.map((one, nth) =>
    [
      [one.number, money(one.due), day(one.dueDate)].filter((part) => part !== null).join(' · '),
      ...(invoices.length > 1 ? [links[nth] ?? ''] : []),
    ].join('\n'),
  );
  const [onlyLink = null] = invoices.length === 1 ? links : [];

  return {
    fields: {
      customerName: oneLine(customerName),
      companyName: oneLine(companyName),
      planName: oneLine(told.planName ?? ''),
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
      invoiceLines: lines.length === 0 ? null : lines.join('\n'),
    },
    paymentUrl: isDue ? payLink(invoice.id) : onlyLink,
  };
}

/** Names come from people: one with a line break in it must not become a header or a paragraph of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
