import type { InstantSpan } from '../../calendar/zoned-calendar';
import { localDateAt } from '../../calendar/zoned-calendar';
import type { BuyerTaxData } from '../../customers/buyer-tax-data';
import type { Settings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { toSafeNumber } from '../../money/money-rules';
import type { TaxBehavior } from '../../money/tax-behavior-types';
import { applyCredit } from '../account/account-credit-rules';
import type { BillingParty } from '../account/billing-party';
import { BillingService } from '../pricing/billing-service';
import type { SoldLine } from '../pricing/billing-strategy';
import { type LineBasis, makeBasis, toServiceLine } from '../pricing/line-basis';
import type { Adjustment, PromotionDiscount } from '../pricing/pricer-rules';
import { type ProrationSettings, serviceAmount } from '../pricing/proration-rules';
import { taxPointAt } from '../taxes/tax-point-calendar';
import { chargeOf, standardCategory } from '../taxes/tax-rules';
import type { TaxPoint, TaxRate } from '../taxes/tax-types';
import type { InvoiceDraft, InvoicePurpose } from './invoice-types';
import type { LineUsage, MeteredCharge } from './metered-charge';

/** A stretch of service of one item of a subscription. Amounts are minor units, instants epoch milliseconds. */
export interface ServiceCharge {
  /** `plan`, `addon/<id>`, `addon/<id>/setup`: what is billed at most once at a time (D22) */
  item: string;
  /** 0, the price of the item; 1 and more, differences that are billed on top of it for the same days. */
  layer: number;
  /** null for an add-on */
  planId: number | null;
  /** null for a plan */
  addonKey: string | null;
  name: string;
  /** For good, rather than for a period: its service is the instant it is bought at. */
  isOnce: boolean;
  /** What an add-on begins with, beside its price. */
  isSetup?: true | undefined;
  quantity: number;
  /** What its taxes are found by; the standard one when absent. */
  taxCategory?: string;
  /** Whether its price holds them; exclusive when absent. */
  taxBehavior?: TaxBehavior | undefined;
  /** for one seat and one whole period */
  unitPrice: number;
  service: InstantSpan;
  /** The whole period that measures the service; equal to it for a whole period. */
  denominator: InstantSpan;
  /** How its days are counted; absent: as the company counts them now. */
  proration?: ProrationSettings | undefined;
}

/** What an invoice of a subscription is to say. */
export interface WantedInvoice {
  subscriptionId: number;
  purpose: Exclude<InvoicePurpose, 'sale'>;
  /** Its plan costs nothing, so that add-ons are all it bills (S394). */
  isFreeTier: boolean;
  party: BillingParty & { tax: BuyerTaxData };
  settings: Settings;
  taxRates: readonly TaxRate[];
  lines: readonly ServiceCharge[];
  /** What was used of stretches that are over; its lines come last. */
  usage: readonly (MeteredCharge & { taxCategory?: string | undefined })[];
  /** What its discounts take off these lines. */
  adjustmentsOf(sold: readonly SoldStretch[]): readonly Adjustment<SoldStretch>[];
  dueDate: Date;
  /** local date */
  nextBillingDate: string | null;
  /** One whose lines come to nothing is not issued. False for what a boundary waits for. */
  isLeftOutWhenEmpty: boolean;
  /**
   * Nobody is asked for it, and no account credit pays it: it stays a draft without a number, or is final and the caller gives
   * it up. Absent: it is asked for.
   */
  uncollected?: 'draft' | 'final' | undefined;
  now: Date;
}

const billing = new BillingService();

/** Priced by the strategy of what is billed, a plan or add-ons alone, from the prorated amounts (D15). Writes nothing. */
export async function draftSubscriptionInvoice(invoiceId: number, input: WantedInvoice): Promise<InvoiceDraft> {
  const { party, settings, lines, usage } = input;
  // The invoice is of the service that it begins; of what was used where there is none.
  const spans = (lines.length > 0 ? lines : usage).map(({ service }) => service);
  const startsAt = Math.min(...spans.map((span) => span.startsAt));
  const endsAt = Math.max(...spans.map((span) => span.endsAt));
  const taxPoint = taxPointAt(input.now.getTime(), { rates: input.taxRates, ...party.tax }, settings);
  const sold = lines.map((charge) => soldService(charge, input, taxPoint));
  const plan = sold.find(({ charge }) => charge.item === 'plan');
  const draft = await billing.draftWithStrategy(
    invoiceId,
    {
      billingAccountId: party.billingAccountId,
      customerId: party.customerId,
      subscriptionId: input.subscriptionId,
      dueDate: input.dueDate,
      taxedAs: { taxStatus: party.tax.taxStatus, taxExemptReason: party.tax.taxExemptReason },
      params: {
        currency: party.currency,
        taxRatePpm: settings.taxRatePpm,
        billingDate: localDateAt(startsAt, party.timeZone),
        ...(plan === undefined ? {} : { plan }),
        addons: sold.filter((one) => one !== plan),
        usage: usage.map((charge) => soldUsage(charge, taxPoint)),
        adjustments: input.adjustmentsOf(sold),
      },
      describe: ({ charge, basis, usage: measured }: SoldService) => ({
        planId: charge.planId,
        item: charge.item,
        basis,
        usage: measured,
        periodStart: new Date(charge.service.startsAt).toISOString(),
        periodEnd: new Date(charge.service.endsAt).toISOString(),
      }),
    },
    plan === undefined && usage.every(({ item }) => item !== 'plan')
      ? input.isFreeTier
        ? 'freemium'
        : 'freemium_addon'
      : 'subscription',
  );

  return {
    ...draft,
    purpose: input.purpose,
    periodStart: new Date(startsAt),
    periodEnd: new Date(endsAt),
    metadata: { ...draft.metadata, nextBillingDate: input.nextBillingDate },
  };
}

/** What a line bills, as strategies take it. */
export interface SoldService extends SoldLine {
  charge: Pick<ServiceCharge, 'item' | 'planId' | 'service'>;
  basis: LineBasis | null;
  usage: LineUsage | null;
}

/** A line for a stretch of service, which discounts are taken off; none is taken off usage. */
export interface SoldStretch extends SoldService {
  charge: ServiceCharge;
  basis: LineBasis;
}

/** An invoice as it was issued, with what promotions took off it. */
export interface IssuedInvoice {
  invoiceId: number;
  /** `draft`: kept for later. One that comes to 0 is paid, whoever is asked for others. */
  status: 'draft' | 'open' | 'paid';
  /** minor units */
  charge: { total: number; tax: number };
  discounts: readonly PromotionDiscount[];
}

function soldUsage(
  { item, service, description, amount, usage, ...taxed }: WantedInvoice['usage'][number],
  taxPoint: TaxPoint,
): SoldService {
  const price = BigInt(amount);
  const { taxCategory = standardCategory, taxBehavior = 'exclusive' } = taxed;

  return {
    charge: { item, planId: null, service },
    basis: null,
    usage,
    reference: item,
    description,
    unitPrice: price,
    quantity: 1,
    ...chargeOf({ amount: price, taxCategory, taxBehavior }, taxPoint),
  };
}

/** A stretch of service: all its seats, prorated together and rounded once. */
function soldService(
  charge: ServiceCharge,
  { settings, party }: Pick<WantedInvoice, 'settings' | 'party'>,
  taxPoint: TaxPoint,
): SoldStretch {
  const basis = makeBasis(charge, settings, party.timeZone);
  const { taxCategory = standardCategory, taxBehavior = 'exclusive' } = charge;

  return {
    charge,
    basis,
    usage: null,
    reference: charge.item,
    description: charge.name,
    unitPrice: BigInt(charge.unitPrice),
    quantity: charge.quantity,
    ...chargeOf({ amount: serviceAmount(toServiceLine(basis)), taxCategory, taxBehavior }, taxPoint),
  };
}

/** There is no line for a document: no service begins with it, and nothing was used. */
export function hasNoLines({ lines, usage }: Pick<WantedInvoice, 'lines' | 'usage'>): boolean {
  return lines.length + usage.length === 0;
}

/** A document of 0 before tax is none, unless the company wants it (setting zeroInvoices). No line is below 0. */
export function isLeftOut(
  { subtotal }: { readonly subtotal: number | bigint },
  { isLeftOutWhenEmpty, settings }: Pick<WantedInvoice, 'isLeftOutWhenEmpty' | 'settings'>,
): boolean {
  return isLeftOutWhenEmpty && !settings.zeroInvoices && BigInt(subtotal) === 0n;
}

/** Whether it is kept as a draft: only where there is something to ask for later. */
export function isKeptAsDraft(
  { totalAmount }: Pick<InvoiceDraft, 'totalAmount'>,
  { uncollected }: WantedInvoice,
): boolean {
  return uncollected === 'draft' && totalAmount > 0;
}

/** What the account's credit pays of it, minor units (D21). */
export function settleFromBalance(balance: number, { totalAmount }: Pick<InvoiceDraft, 'totalAmount'>) {
  const { used, toPay } = applyCredit(BigInt(balance), BigInt(totalAmount));
  const dueAmount = toSafeNumber(toPay);

  return {
    balanceApplied: toSafeNumber(used),
    dueAmount,
    status: dueAmount === 0 ? ('paid' as const) : ('open' as const),
  };
}

export function alreadyBilled(cause?: unknown): AppError {
  return new AppError('already_billed', { detail: 'Part of this service is on an invoice already.', cause });
}

/** What whoever has it issued is told of it. */
export function issuedInvoice(
  { invoiceId, totalAmount, tax, discounts = [] }: InvoiceDraft,
  status: IssuedInvoice['status'],
): IssuedInvoice {
  return { invoiceId, status, charge: { total: totalAmount, tax }, discounts };
}
