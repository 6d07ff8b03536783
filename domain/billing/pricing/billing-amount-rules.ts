import { AppError } from '../../errors';
import { anchorDayOf, BILLING_PERIODS, nextBillingDateAfter } from '../../calendar/billing-period-rules';
import { type LocalDate } from '../../calendar/calendar-rules';
import { assertOneCurrency } from '../../money/money-rules';
import { combinedRate } from '../taxes/tax-rules';
import { type BillingMode, type BillingParams, type BillingResult, type SoldLine } from './billing-strategy';
import { priceLines, sumLines } from './pricer-rules';
import { taxesOver } from './taxes-over-rules';

/**
 * What every strategy does once it has seen that it may: items, the plan and add-ons become the lines of one document.
 * @throws AppError currency_mismatch, amount_out_of_range
 */
export function billUnder<Sold extends SoldLine>(
  billingMode: BillingMode,
  params: BillingParams<Sold>,
): BillingResult<Sold> {
  const { plan, items = [], addons = [], usage = [], currency } = params;
  const sold = [...items, ...(plan ? [plan] : []), ...addons, ...usage];
  assertOneCurrency([currency, ...sold.flatMap((one) => one.currency ?? [])]);

  const taxesOf = ({ taxes }: Sold) => taxes ?? [{ code: null, name: null, ratePpm: params.taxRatePpm }];
  const taxes = taxesOver(sold, taxesOf);
  const charges = sold.map((source) => ({ source, amount: amountOf(source), taxBehavior: source.taxBehavior }));
  const lines = priceLines(charges, params.adjustments ?? [], taxes).map((line) => ({
    ...line,
    quantity: quantityOf(line.source),
    taxRatePpm: combinedRate(taxesOf(line.source)),
    taxes: line.taxes.map(({ tax: { code, name, ratePpm }, base, amount }) => ({ code, name, ratePpm, base, amount })),
    nextBillingDate: nextDate(params, line.source),
  }));
  const { total, ...totals } = sumLines(lines);
  const [firstAddon, afterAddons] = [sold.length - addons.length - usage.length, sold.length - usage.length];
  const addonCharges = lines.slice(firstAddon, afterAddons).map(({ amount }) => amount);

  return {
    currency,
    ...totals,
    totalAmount: total,
    billingMode,
    nextBillingDate: lines.flatMap((line) => line.nextBillingDate ?? []).sort()[0] ?? null,
    ...(addonCharges.length > 0 || billingMode === 'addon_only' ? { addonCharges } : {}),
    lines,
  };
}

export function mismatch(strategy: string, reason: string): AppError {
  return new AppError('strategy_mismatch', { detail: `The ${strategy} strategy cannot price this: ${reason}.` });
}

function quantityOf({ quantity = 1 }: SoldLine): number {
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    throw new AppError('amount_out_of_range', { field: 'quantity', detail: 'A quantity is a whole number above 0.' });
  }

  return quantity;
}

/** Minor units that something sold comes to before discount, as its price has it. @throws AppError amount_out_of_range */
export function amountOf(sold: SoldLine): bigint {
  return sold.amount ?? sold.unitPrice * BigInt(quantityOf(sold));
}

/** One period on from the billed date, kept on the anchor day: 28 Feb with anchor 31 is followed by 31 Mar. */
function nextDate({ billingDate, anchorDay }: BillingParams, sold: SoldLine): LocalDate | null {
  if (sold.billingCycle === undefined) {
    return null;
  }
  const day = sold.anchorDay ?? anchorDay ?? anchorDayOf(billingDate);

  return nextBillingDateAfter(billingDate, day, BILLING_PERIODS[sold.billingCycle], billingDate);
}
