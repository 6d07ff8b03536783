import { z } from 'zod';

import { BILLING_PERIODS, type BillingCycle } from '../calendar/billing-period-rules';
import { formatMoneyFor } from '../money/localized-money';
import { formatCycle, formatDay, formatEndTime, formatLastDay, formatTime } from './notice-format-rules';

const instant = z.string().nullish();
const text = z.string().nullish();
const amount = z.number().int();
const cycle = z.enum(Object.keys(BILLING_PERIODS) as [BillingCycle, ...BillingCycle[]]).nullish();

/** What contexts say of themselves, as far as notices speak of it; the rest is for other channels. Amounts are minor units. */
const NoticeData = z.object({
  planName: text,
  quantity: amount.default(1),
  /** Of a subscription for one period, before tax; of a request all that is overdue. */
  amount: amount.nullish(),
  /** Of a subscription for one period as it is charged: with its tax. */
  charge: z.object({ total: amount, tax: amount }).nullish(),
  /** What add-ons begin with, once, likewise. */
  setupCharge: z.object({ total: amount, tax: amount }).nullish(),
  billingCycle: cycle,
  /** What is used of it is billed besides. */
  isMetered: z.boolean().default(false),
  /** A saved method pays, so nobody is asked to. */
  isCharged: z.boolean().default(false),
  currency: z.string().nullish(),
  trialEnd: instant,
  currentPeriodEnd: instant,
  nextPeriodEnd: instant,
  nextAttemptAt: instant,
  effectiveAt: instant,
  resumesAt: instant,
  /** What is billed while collection is paused is asked for afterwards. */
  isOwedLater: z.boolean().default(false),
  payBy: instant,
  invoice: z.object({ id: amount, number: text, total: amount, due: amount, dueDate: instant }).nullish(),
  /** Of a request to pay: what it asks for, oldest first. */
  invoices: z.array(z.object({ invoiceId: amount, number: text, due: amount, dueDate: instant })).default([]),
  order: z
    .object({
      number: z.string(),
      subtotal: amount,
      discount: amount,
      tax: amount,
      total: amount,
      shippingAddress: text,
      lines: z.array(z.object({ name: z.string(), quantity: amount, subtotal: amount })).nullable(),
    })
    .nullish(),
  isCashOnDelivery: z.boolean().default(false),
  /** The time to pay ran out. */
  isExpired: z.boolean().default(false),
  carrier: text,
  trackingNumber: text,
  refundAmount: amount.nullish(),
  creditNote: z.object({ number: z.string(), amount, toBalance: amount }).nullish(),
});

/** Placeholders of the templates; what does not apply is null. Amounts and days are written out for the reader. */
export interface NoticeFields {
  customerName: string;
  companyName: string;
  email: string | null;
  planName: string | null;
  quantity: string;
  isForSeveral: boolean;
  isFree: boolean;
  isMetered: boolean;
  isCharged: boolean;
  /** As it is charged, where that is known. */
  amount: string | null;
  isTaxed: boolean;
  /** What is to be paid once besides, as it is charged. */
  setupFee: string | null;
  /** each month, every 2 years … */
  cycle: string | null;
  /**
   * Days on which something begins, and last days of what ends, which is what `…Last` tells; `…Time` where it ends within that
   * day, and not with it.
   */
  trialLast: string | null;
  trialTime: string | null;
  periodEnd: string | null;
  periodLast: string | null;
  nextPeriodLast: string | null;
  nextAttemptAt: string | null;
  effectiveAt: string | null;
  effectiveLast: string | null;
  effectiveTime: string | null;
  resumesAt: string | null;
  isOwedLater: boolean;
  payBy: string | null;
  invoiceNumber: string | null;
  invoiceTotal: string | null;
  /** Null when nothing is due of it. */
  invoiceDue: string | null;
  dueLast: string | null;
  dueTime: string | null;
  /** One line for each invoice that is asked for; with its link when there are several. */
  invoiceLines: string | null;
  orderNumber: string | null;
  orderLines: string | null;
  subtotal: string | null;
  discount: string | null;
  tax: string | null;
  total: string | null;
  shippingAddress: string | null;
  isCashOnDelivery: boolean;
  isExpired: boolean;
  carrier: string | null;
  trackingNumber: string | null;
  refundAmount: string | null;
  creditNoteNumber: string | null;
  creditAmount: string | null;
  toBalance: string | null;
  /** A button follows. */
  hasLink: boolean;
}

export interface NoticeReader {
  customerName: string;
  companyName: string;
  locale: string;
  timeZone: string;
  /** The page of ours where an invoice can be paid for as long as it waits. */
  payLink(invoiceId: number): string;
  /** Of a notice about an account: the address that its user signs in with, and the page it leads to. */
  account?: { email: string; link: string | null };
}

/** @throws Error when the data are not what notices speak of */
export function noticeFields(data: unknown, reader: NoticeReader): { fields: NoticeFields; link: string | null } {
  const { customerName, companyName, locale, timeZone, payLink, account } = reader;
  const { invoice, invoices, order, creditNote, ...told } = NoticeData.parse(data);
  const money = (minor: number | null | undefined): string | null => {
    if (minor == null) {
      return null;
    }
    if (told.currency == null) {
      throw new Error('The notice names an amount and no currency.');
    }

    return formatMoneyFor(minor, told.currency, locale);
  };
  const unlessZero = (minor: number | null | undefined) => (minor == null || minor === 0 ? null : money(minor));
  const on = (at: string | null | undefined) => (at == null ? null : formatDay(at, locale, timeZone));
  const last = (end: string | null | undefined) => (end == null ? null : formatLastDay(end, locale, timeZone));
  const within = (end: string | null | undefined) => (end == null ? null : formatEndTime(end, locale, timeZone));
  const isDue = invoice != null && invoice.due > 0 && !told.isCharged;
  const requested = invoices.map(({ invoiceId, number, due, dueDate }) => ({
    link: payLink(invoiceId),
    line: [number, money(due), last(dueDate)].filter((part) => part != null).join(' · '),
  }));
  const payable = requested.length === 1 ? requested[0]?.link : isDue ? payLink(invoice.id) : null;
  const link = account?.link ?? payable ?? null;

  return {
    link,
    fields: {
      customerName: oneLine(customerName),
      companyName: oneLine(companyName),
      email: account?.email ?? null,
      planName: lineOrNull(told.planName),
      quantity: String(told.quantity),
      isForSeveral: told.quantity > 1,
      isFree: (told.charge?.total ?? told.amount) === 0,
      isMetered: told.isMetered,
      isCharged: told.isCharged,
      amount: money(told.charge?.total ?? told.amount),
      isTaxed: (told.charge?.tax ?? 0) > 0,
      setupFee: unlessZero(told.setupCharge?.total),
      cycle: told.billingCycle == null ? null : formatCycle(BILLING_PERIODS[told.billingCycle], locale),
      trialLast: last(told.trialEnd),
      trialTime: within(told.trialEnd),
      periodEnd: on(told.currentPeriodEnd),
      periodLast: last(told.currentPeriodEnd),
      nextPeriodLast: last(told.nextPeriodEnd),
      nextAttemptAt: on(told.nextAttemptAt),
      effectiveAt: on(told.effectiveAt),
      effectiveLast: last(told.effectiveAt),
      effectiveTime: within(told.effectiveAt),
      resumesAt: on(told.resumesAt),
      isOwedLater: told.isOwedLater,
      payBy: told.payBy == null ? null : formatTime(told.payBy, locale, timeZone),
      invoiceNumber: invoice?.number ?? null,
      invoiceTotal: money(invoice?.total),
      invoiceDue: unlessZero(invoice?.due),
      dueLast: last(invoice?.dueDate),
      dueTime: within(invoice?.dueDate),
      invoiceLines:
        requested.map((one) => (requested.length > 1 ? `${one.line}\n${one.link}` : one.line)).join('\n') || null,
      orderNumber: order?.number ?? null,
      orderLines:
        order?.lines
          ?.map((line) => `${oneLine(line.name)} × ${line.quantity} · ${money(line.subtotal) ?? ''}`)
          .join('\n') ?? null,
      subtotal: money(order?.subtotal),
      discount: unlessZero(order?.discount),
      tax: unlessZero(order?.tax),
      total: money(order?.total),
      shippingAddress: lineOrNull(order?.shippingAddress),
      isCashOnDelivery: told.isCashOnDelivery,
      isExpired: told.isExpired,
      carrier: lineOrNull(told.carrier),
      trackingNumber: lineOrNull(told.trackingNumber),
      refundAmount: unlessZero(told.refundAmount),
      creditNoteNumber: creditNote?.number ?? null,
      creditAmount: money(creditNote?.amount),
      toBalance: unlessZero(creditNote?.toBalance),
      hasLink: link !== null,
    },
  };
}

const lineOrNull = (given: string | null | undefined): string | null => (given == null ? null : oneLine(given));

/** Names come from people: one with a line break in it must not become a header or a paragraph of its own. */
function oneLine(given: string): string {
  return given.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
