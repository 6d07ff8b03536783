import { AppError } from '../../errors';
import {
  type BillingAddon,
  type BillingDiscount,
  type BillingMode,
  type BillingParams,
  type BillingResult,
  type BillingResultLine,
} from './billing-amount-types';
import {
  anchorDayOf,
  BILLING_PERIODS,
  type BillingCycle,
  nextBillingDateAfter,
} from '../../calendar/billing-period-rules';
import { type LocalDate } from '../../calendar/calendar-rules';
import { type Discount } from './discount-rules';
import { type ChargeLine, priceChargeLines } from './line-pricing-rules';
import { assertOneCurrency, toMinorUnits, toSafeNumber } from '../../money/money-rules';

/** A retail sale: the sum of its items plus tax, nothing follows. @throws AppError strategy_mismatch */
export function calculateOnetime(params: BillingParams): BillingResult {
  if (params.plan || params.addons?.length) {
    throw mismatch('onetime', 'a plan or an add-on recurs and cannot be sold once');
  }

  return billUnder('onetime', params);
}

/** A plan's cycle, with the add-ons that are due with it (D15). @throws AppError strategy_mismatch */
export function calculateRecurring(params: BillingParams): BillingResult {
  if (params.items?.length) {
    throw mismatch('recurring', 'an item that is sold once has no cycle');
  }
  if (!params.plan && !params.addons?.length) {
    throw mismatch('recurring', 'there is neither a plan nor an add-on to bill');
  }

  return billUnder('recurring', params);
}

/** A free base with paid add-ons, each on its own cycle. @throws AppError strategy_mismatch */
export function calculateFreemium(params: BillingParams): BillingResult {
  if (params.items?.length) {
    throw mismatch('freemium', 'an item that is sold once is no add-on');
  }
  if (params.plan && params.plan.price !== 0) {
    throw mismatch('freemium', 'the base plan of a freemium product costs nothing');
  }

  return billUnder('addon_only', { ...params, plan: undefined });
}

interface UnpricedLine {
  readonly kind: BillingResultLine['kind'];
  readonly reference: string | null;
  readonly description: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly taxRatePpm: number;
  readonly nextBillingDate: LocalDate | null;
}

function billUnder(billingMode: BillingMode, params: BillingParams): BillingResult {
  const { plan, items = [], addons = [] } = params;
  const sold = [...items, ...(plan ? [plan] : []), ...addons];
  assertOneCurrency([params.currency, ...sold.flatMap(({ currency }) => (currency ? [currency] : []))]);

  const unpriced: UnpricedLine[] = [
    ...items.map((item) => toLine(params, 'item', item, item.reference, item.unitPrice, null)),
    ...(plan ? [toLine(params, 'plan', plan, plan.reference, plan.price, plan.billingCycle)] : []),
    ...addons.map((addon) => toLine(params, 'addon', addon, addon.key, addon.price, addon.billingPeriod)),
  ];
  const priced = priceChargeLines(unpriced.map(toCharge), { ...params, discount: toDiscount(params.discount) });
  const lines = unpriced.map((line, index): BillingResultLine => {
    const { amount = 0n, tax = 0n, discount = 0n, total = 0n } = priced.lines[index] ?? {};

    return {
      ...line,
      amount: toSafeNumber(amount),
      tax: toSafeNumber(tax),
      discount: toSafeNumber(discount),
      totalAmount: toSafeNumber(total),
    };
  });
  const addonCharges = lines.filter((line) => line.kind === 'addon').map((line) => line.amount);

  return {
    currency: params.currency,
    subtotal: toSafeNumber(priced.subtotal, 'subtotal'),
    tax: toSafeNumber(priced.tax, 'tax'),
    discount: toSafeNumber(priced.discount, 'discount'),
    totalAmount: toSafeNumber(priced.total, 'totalAmount'),
    billingMode,
    nextBillingDate: earliest(lines.flatMap((line) => line.nextBillingDate ?? [])),
    ...(addonCharges.length > 0 || billingMode === 'addon_only' ? { addonCharges } : {}),
    lines,
  };
}

function toLine(
  params: BillingParams,
  kind: UnpricedLine['kind'],
  sold: Pick<BillingAddon, 'description' | 'quantity' | 'taxRatePpm' | 'anchorDay'>,
  reference: string | undefined,
  unitPrice: number,
  cycle: BillingCycle | null,
): UnpricedLine {
  const quantity = sold.quantity ?? 1;
  if (!Number.isSafeInteger(quantity) || quantity < 1) {
    throw new AppError('amount_out_of_range', { field: 'quantity', detail: 'A quantity is a whole number above 0.' });
  }

  return {
    kind,
    reference: reference ?? null,
    description: sold.description ?? null,
    quantity,
    unitPrice,
    taxRatePpm: sold.taxRatePpm ?? params.taxRatePpm,
    nextBillingDate: cycle && nextDate(params.billingDate, sold.anchorDay ?? params.anchorDay, cycle),
  };
}

/** One period on from the billed date, kept on the anchor day: 28 Feb with anchor 31 is followed by 31 Mar. */
function nextDate(from: LocalDate, anchorDay: number | undefined, cycle: BillingCycle): LocalDate {
  return nextBillingDateAfter(from, anchorDay ?? anchorDayOf(from), BILLING_PERIODS[cycle], from);
}

function toCharge(line: UnpricedLine): ChargeLine {
  return {
    amount: toMinorUnits(line.unitPrice, 'price') * BigInt(line.quantity),
    taxRatePpm: line.taxRatePpm,
  };
}

function toDiscount(discount: BillingDiscount | null | undefined): Discount | null {
  if (!discount) {
    return null;
  }

  return discount.kind === 'amount'
    ? { kind: 'amount', amount: toMinorUnits(discount.amount, 'discount') }
    : { kind: 'percent', ratePpm: discount.ratePpm };
}

function earliest(dates: readonly LocalDate[]): LocalDate | null {
  return [...dates].sort()[0] ?? null;
}

function mismatch(strategy: string, reason: string): AppError {
  return new AppError('strategy_mismatch', { detail: `The ${strategy} strategy cannot price this: ${reason}.` });
}
