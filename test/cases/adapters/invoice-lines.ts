import { z } from 'zod';
import { accountBalance, applyCredit, type CreditUse } from '../../../domain/billing/account/account-credit-rules';
import { advance, BILLING_PERIODS, type DateSpan } from '../../../domain/calendar/billing-period-rules';
import {
  type BilledLine,
  creditShare,
  creditUnusedService,
  totalCredit,
} from '../../../domain/billing/credit-notes/credit-line-rules';
import { lineTotal, priceLine } from '../../../domain/billing/pricing/pricer-rules';
import {
  type ProrationSettings,
  serviceAmount,
  type ServiceLine,
} from '../../../domain/billing/pricing/proration-rules';
import { ratio } from '../../../domain/money/ratio-rules';
import { adapter } from '../case-adapter';
import { PaperSubscription } from '../paper-subscription';
import { amountIn, countIn, cycleIn, dateIn, numbersIn, readMoney, readPercent, writeMoney } from '../read-words';
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

    return { amount: writeMoney(inputs.line_kind === 'REPAIR_ADJ' ? unusedOf(line) : serviceAmount(line)) };
  },
);

/** What a credit note takes back of a line that was billed for the whole period. */
function unusedOf(line: ServiceLine): bigint {
  const whole = { ...line, service: line.denominator };

  return creditUnusedService(untaxedLine(serviceAmount(whole)), whole, line.service).amount;
}

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
    const { creditLeft: toAccount } = applyCredit(totalCredit([repair]), readMoney(inputs.new_plan_line));

    return {
      repair: writeMoney(repair.amount),
      credit_to_account: writeMoney(toAccount),
      earlier_credit: writeMoney(line.credited.amount),
    };
  },
);

const sameDayChange = adapter(z.object({ old: text, new: text, change_on: date }), (inputs) => {
  const start = dateIn(inputs.old);
  const old = new PaperSubscription({ start, price: readMoney(amountIn(inputs.old)), cycle: cycleIn(inputs.old) });
  const changed = old.until(inputs.change_on).changePlan(readMoney(amountIn(inputs.new)), cycleIn(inputs.new), true);
  const [repair] = changed.credits;
  const [, newLine, nextLine] = changed.until(advance(inputs.change_on, BILLING_PERIODS.yearly, 1)).charges;
  if (!repair || !newLine || !nextLine) {
    throw new Error('The change has billed nothing.');
  }
  const { creditLeft: toAccount } = applyCredit(-repair.amount, newLine.amount);

  return {
    new_line: writeMoney(newLine.amount),
    repair: writeMoney(repair.amount),
    credit_to_account: writeMoney(toAccount),
    next_month: {
      line: writeMoney(nextLine.amount),
      credit_used: writeMoney(-applyCredit(toAccount, nextLine.amount).used),
    },
  };
});

const creditOnInvoices = adapter(
  z.object({ credit: money, invoice: money.optional(), invoices: z.array(money).optional() }),
  (inputs) => {
    const invoices = (inputs.invoices ?? [inputs.invoice ?? '', inputs.invoice ?? '']).map(readMoney);
    const uses: CreditUse[] = [];
    for (const total of invoices) {
      uses.push(applyCredit(uses.at(-1)?.creditLeft ?? readMoney(inputs.credit), total));
    }
    // What credit leaves open is paid.
    const balanceAfter = (use: CreditUse | undefined) => writeMoney(accountBalance([], use?.creditLeft ?? 0n));

    return {
      balance_after_first: balanceAfter(uses[0]),
      second_invoice: writeMoney(invoices[1] ?? 0n),
      payment_of_second: writeMoney(uses[1]?.toPay ?? 0n),
      balance: balanceAfter(uses.at(-1)),
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
    const taxRatePpm = readPercent(tax_percent);
    const { tax } = priceLine({ source: null, amount: fee_cents }, [], [{ ratePpm: taxRatePpm }]);
    const [unused = 0, whole = 0] = numbersIn(unused_share).map(Number);
    const credit = creditShare({ ...untaxedLine(fee_cents), tax, taxRatePpm }, ratio(unused, whole));

    return {
      credit_net: -credit.amount,
      credit_tax: -credit.tax,
      credit_total: totalCredit([credit]),
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
};
