import { z } from 'zod';
import { creditShare, fitCredits } from '../../../domain/billing/credit-notes/credit-line-rules';
import { priceLines } from '../../../domain/billing/pricing/pricer-rules';
import { ONE } from '../../../domain/money/ratio-rules';
import { splitByLargestRemainder } from '../../../domain/money/split-rules';
import { adapter } from '../case-adapter';
import { readMoney, writeMoney } from '../read-words';
import { money } from './field-schemas';

const partsPerMillion = 1_000_000n;

/**
 * The credit note of a refund, as `credit-refund.ts` writes it: the amount given back, tax included, over what is left of
 * the lines. The lines of the invoice stand in the proportion in which it is split over them.
 */
const partialTax = adapter(
  z.object({
    tax_inclusive: z.literal(false),
    net: money,
    tax: money,
    refund_gross: money,
    line_refunds: z.array(money),
  }),
  (inputs) => {
    const [net, tax] = [readMoney(inputs.net), readMoney(inputs.tax)];
    const ratePpm = Number((tax * partsPerMillion) / net);
    const amounts = splitByLargestRemainder(net, inputs.line_refunds.map(readMoney));
    const lines = amounts.map((amount, index) => ({ source: String(index), amount }));
    const billed = priceLines(lines, [], [{ ratePpm }]).map((line) => ({
      lineId: line.source,
      amount: line.amount,
      discount: 0n,
      tax: line.tax,
      taxRatePpm: ratePpm,
      discountTiming: 'after_tax' as const,
      credited: { amount: 0n, discount: 0n, tax: 0n },
    }));
    const whole = billed.map((line) => ({ credit: creditShare(line, ONE) }));
    const credits = fitCredits(whole, readMoney(inputs.refund_gross));
    const taxes = credits.map(({ credit }) => -credit.tax);

    return {
      refunded_tax: writeMoney(taxes.reduce((sum, part) => sum + part, 0n)),
      line_tax: taxes.map(writeMoney),
    };
  },
);

export const refundAdapters = { 'refund.partial_tax': partialTax };
