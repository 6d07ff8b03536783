import { z } from 'zod';
import {
  applyCreditInOrder,
  accountBalance,
  applyCredit,
  netOfChange,
} from '../../../domain/billing/account-credit-rules';
import { advance, anchorDayOf, BILLING_PERIODS, type DateSpan } from '../../../domain/billing/billing-period-rules';
import {
  type BilledLine,
  creditShare,
  creditUnusedService,
  totalCredit,
} from '../../../domain/billing/credit-line-rules';
import { chargeAmount, repairAmount } from '../../../domain/billing/invoice-line-rules';
import { lineTotal, priceChargeLines } from '../../../domain/billing/line-pricing-rules';
import { rateFromPercent } from '../../../domain/billing/money-rules';
import { type ProrationSettings } from '../../../domain/billing/proration-rules';
import { ratio } from '../../../domain/billing/ratio-rules';
import { taxInRefund, taxInRefundByLine } from '../../../domain/billing/refund-tax-rules';
import { DEFAULT_PLAN_CHANGE } from '../../../domain/subscriptions/plan-change-policy-rules';
import { changePlanAtOnce } from '../../../domain/subscriptions/plan-change-rules';
import { adapter } from '../case-adapter';
import { amountIn, countIn, numbersIn, periodIn, readMoney, writeMoney } from '../read-words';
import { cents, count, date, money, percent, span, text } from './field-schemas';

const proration: ProrationSettings = { convention: 'by_day_exclusive_end' };

const lineMoney = adapter(
  z.object({
    price: money,
    service_from: date,
    service_to: date,
    period_used_as_denominator: z.union([span, text]),
    line_kind: z.enum(['RECURRING', 'REPAIR_ADJ']),
    quantity: count.default(1),
  }),
  (inputs) => {
    const { service_from: start, service_to: end, period_used_as_denominator: period } = inputs;
    const line = {
      price: readMoney(inputs.price),
      quantity: BigInt(inputs.quantity),
      service: { start, end },
      denominator: Array.isArray(period) ? toSpan(period) : { start, end: advance(start, BILLING_PERIODS.monthly, 1) },
      proration: Array.isArray(period) ? proration : { ...proration, fixedDaysOfMonth: countIn(period) },
    };

    return { amount: writeMoney(inputs.line_kind === 'REPAIR_ADJ' ? repairAmount(line) : chargeAmount(line)) };
  },
);

const repairCapped = adapter(
  z.object({ paid: money, item_adjustment: money, service: span, change_on: date, new_plan_line: money }),
  (inputs) => {
    const service = toSpan(inputs.service);
    const earlierCredit = readMoney(inputs.item_adjustment.replace('-', ''));
    const line: BilledLine = {
      ...untaxedLine(readMoney(inputs.paid)),
      credited: { amount: earlierCredit, discount: 0n, tax: 0n },
    };
    const billed = { price: line.amount, service, denominator: service, proration };
    const repair = creditUnusedService(line, billed, { start: inputs.change_on, end: service.end });
    const { toAccount } = netOfChange(readMoney(inputs.new_plan_line), totalCredit([repair]));

    return {
      repair: writeMoney(repair.amount),
      credit_to_account: writeMoney(toAccount),
      earlier_credit: writeMoney(line.credited.amount),
    };
  },
);

const sameDayChange = adapter(z.object({ old: text, new: text, change_on: date }), (inputs) => {
  const [from = '', to = ''] = inputs.old.match(/\d{4}-\d{2}-\d{2}/g) ?? [];
  const current = { start: from, end: to };
  const oldPrice = readMoney(amountIn(inputs.old));
  const change = changePlanAtOnce({
    from: { price: oldPrice, period: periodIn(inputs.old) },
    to: { price: readMoney(amountIn(inputs.new)), period: periodIn(inputs.new) },
    current,
    currentLine: untaxedLine(oldPrice),
    changeOn: inputs.change_on,
    anchorDay: anchorDayOf(inputs.change_on),
    startedOn: current.start,
    policy: { ...DEFAULT_PLAN_CHANGE, proration },
  });
  const newLine = change.charge?.amount ?? 0n;
  const { toAccount } = netOfChange(newLine, totalCredit(change.credit ? [change.credit] : []));
  const next = applyCredit(toAccount, change.nextAmount);

  return {
    new_line: writeMoney(newLine),
    repair: writeMoney(change.credit?.amount ?? 0n),
    credit_to_account: writeMoney(toAccount),
    next_month: { line: writeMoney(change.nextAmount), credit_used: writeMoney(-next.used) },
  };
});

const creditOnInvoices = adapter(
  z.object({ credit: money, invoice: money.optional(), invoices: z.array(money).optional() }),
  (inputs) => {
    const credit = readMoney(inputs.credit);
    const invoices = (inputs.invoices ?? [inputs.invoice ?? '', inputs.invoice ?? '']).map(readMoney);
    const uses = applyCreditInOrder(credit, invoices);
    const payments = uses.map((use) => use.toPay);

    return {
      balance_after_first: writeMoney(accountBalance(invoices.slice(0, 1), credit, payments.slice(0, 1))),
      second_invoice: writeMoney(invoices[1] ?? 0n),
      payment_of_second: writeMoney(payments[1] ?? 0n),
      balance: writeMoney(accountBalance(invoices, credit, payments)),
    };
  },
);

const taxPaidByCredit = adapter(
  z.object({ recurring: money, tax: money, credit_available: money }),
  ({ recurring, tax, credit_available }) => {
    const line = { ...untaxedLine(readMoney(recurring)), tax: readMoney(tax) };
    const use = applyCredit(readMoney(numbersIn(credit_available)[0] ?? ''), lineTotal(line));

    return { credit_used: writeMoney(-use.used), payment: writeMoney(use.toPay) };
  },
);

const creditNote = adapter(
  z.object({ fee_cents: cents, unused_share: text, tax_percent: percent }),
  ({ fee_cents, unused_share, tax_percent }) => {
    const taxRatePpm = rateFromPercent(tax_percent);
    const { tax } = priceChargeLines([{ amount: fee_cents, taxRatePpm }]);
    const [unused = 0, whole = 0] = numbersIn(unused_share).map(Number);
    const credit = creditShare({ ...untaxedLine(fee_cents), tax, taxRatePpm }, ratio(unused, whole));

    return {
      credit_net: -credit.amount,
      credit_tax: -credit.tax,
      credit_total: totalCredit([credit]),
    };
  },
);

const partialRefund = adapter(
  z.object({ net: money, tax: money, refund_gross: money, line_refunds: z.array(money).optional() }),
  (inputs) => {
    const [net, tax] = [readMoney(inputs.net), readMoney(inputs.tax)];
    const lineRefunds = (inputs.line_refunds ?? []).map(readMoney);

    return {
      refunded_tax: writeMoney(taxInRefund(readMoney(inputs.refund_gross), net, tax)),
      line_tax: taxInRefundByLine(lineRefunds, net, tax).map(writeMoney),
    };
  },
);

export function untaxedLine(amount: bigint): BilledLine {
  return {
    lineId: 'line',
    amount,
    discount: 0n,
    tax: 0n,
    taxRatePpm: 0,
    discountTiming: 'after_tax',
    credited: { amount: 0n, discount: 0n, tax: 0n },
  };
}

function toSpan([start, end]: readonly [string, string]): DateSpan {
  return { start, end };
}

export const invoiceLineAdapters = {
  'invoice_line.money': lineMoney,
  'invoice_line.repair_capped_by_adjustment': repairCapped,
  'plan_change.same_day': sameDayChange,
  'credit.applied_to_invoice': creditOnInvoices,
  tax_item_paid_by_credit: taxPaidByCredit,
  'credit_note.rounding_and_tax': creditNote,
  'refund.partial_tax': partialRefund,
};
