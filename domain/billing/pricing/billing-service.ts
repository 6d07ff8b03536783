import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { toSafeNumber } from '../../money/money-rules';
import { insertInvoiceExpressions } from '../invoices/insert-invoice';
import { type InvoiceDraft, type InvoiceDraftLine, type TaxedAs } from '../invoices/invoice-types';
import type { LineTax } from '../taxes/tax-types';
import { type BillingParams, type BillingResult, type BillingResultLine, type SoldLine } from './billing-strategy';
import { BillingStrategyService } from './billing-strategy-service';
import { type Adjustment, takenByPromotions } from './pricer-rules';

/** Whom and what an invoice is for, beside its amounts. */
export interface InvoiceDto<Sold extends SoldLine, Line extends Partial<InvoiceDraftLine>> {
  billingAccountId: number;
  customerId: number;
  orderId?: number;
  orderNumber?: string;
  subscriptionId?: number;
  dueDate?: Date | null;
  notes?: string;
  taxedAs?: TaxedAs;
  params: BillingParams<Sold>;
  /** Billing mode of the company's settings: decides where the thing billed names no model (D15). */
  companyBillingMode?: string | null;
  /** What the line of something sold says beside its price. */
  describe: (sold: Sold) => Line;
}

/** Prices what is billed with the strategy that fits it, and makes the invoice of it (S36). */
export class BillingService {
  constructor(private readonly strategies = new BillingStrategyService()) {}

  /**
   * Pure: the draft and its amounts, without writing anything. The order path writes it inside its own statement.
   * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
   */
  async draftWithStrategy<Sold extends SoldLine, Line extends Partial<InvoiceDraftLine>>(
    invoiceId: number,
    dto: InvoiceDto<Sold, Line>,
    businessModel?: string,
    addons?: readonly Sold[],
  ): Promise<InvoiceDraft<InvoiceDraftLine & Line>> {
    const params: BillingParams<Sold> = {
      ...dto.params,
      addons: addons ?? dto.params.addons,
      metadata: { businessModel: businessModel ?? dto.params.metadata?.businessModel ?? null },
    };
    const result = await this.strategies.calculate(params, dto.companyBillingMode);
    const { adjustments = [] } = params;

    return {
      invoiceId,
      billingAccountId: dto.billingAccountId,
      customerId: dto.customerId,
      invoiceType: result.billingMode === 'onetime' ? 'onetime' : 'recurring',
      orderId: dto.orderId ?? null,
      orderNumber: dto.orderNumber ?? null,
      subscriptionId: dto.subscriptionId ?? null,
      currency: result.currency,
      ...totalsOf(result),
      dueDate: dto.dueDate ?? null,
      periodStart: null,
      periodEnd: null,
      notes: dto.notes ?? null,
      ...(dto.taxedAs === undefined ? {} : { taxedAs: dto.taxedAs }),
      metadata: {
        billingMode: result.billingMode,
        businessModel: params.metadata?.businessModel ?? null,
        addonCharges: (result.addonCharges ?? []).map((charge) => toSafeNumber(charge)),
        nextBillingDate: result.nextBillingDate,
        ...timingOf(adjustments),
      },
      ...(adjustments.length === 0
        ? {}
        : {
            discounts: takenByPromotions(
              result.lines.flatMap((line) => line.adjustments),
              'shown',
            ),
          }),
      lines: result.lines.map((line, index) => ({
        lineNo: index + 1,
        ...lineOf(line),
        ...dto.describe(line.source),
      })),
    };
  }

  /**
   * Writes a draft invoice with the computed amounts and `invoice.created`, in the caller's transaction (S36, S41).
   * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
   */
  async createWithStrategy<Sold extends SoldLine, Line extends Partial<InvoiceDraftLine>>(
    tx: TenantSql,
    input: { dto: InvoiceDto<Sold, Line>; subject: string; now: Date },
    businessModel?: string,
    addons?: readonly Sold[],
  ): Promise<InvoiceDraft<InvoiceDraftLine & Line>> {
    const [reserved] = await tx.query(
      z.object({ id: dbInteger }),
      Prisma.sql`SELECT nextval('finance.invoices_id_seq') AS id`,
    );
    if (reserved === undefined) {
      throw new Error('There is no next id of an invoice.');
    }
    const draft = await this.draftWithStrategy(reserved.id, input.dto, businessModel, addons);
    await tx.write(
      Prisma.sql`WITH ${insertInvoiceExpressions(tx.companyId, draft, input.now, Prisma.sql`SELECT 1`)} SELECT count(*)::int FROM invoice_lines`,
    );
    await appendEvents(tx, { subject: input.subject, events: [invoiceCreated(draft)], now: input.now });

    return draft;
  }
}

/** A document takes its discounts off at one time, which credits of its lines go by (D21). */
function timingOf(adjustments: readonly Adjustment<never>[]) {
  const [first] = adjustments;

  return first === undefined ? {} : { discountTiming: first.timing };
}

/** Money leaves the rules here; what no number can hold is refused by the name of its field. */
function totalsOf({ subtotal, tax, discount, totalAmount }: BillingResult) {
  return {
    subtotal: toSafeNumber(subtotal, 'subtotal'),
    tax: toSafeNumber(tax, 'tax'),
    discount: toSafeNumber(discount, 'discount'),
    totalAmount: toSafeNumber(totalAmount, 'totalAmount'),
  };
}

function lineOf({ source, quantity, amount, discount, tax, taxRatePpm, taxes, adjustments }: BillingResultLine) {
  const promotionDiscounts = takenByPromotions(adjustments, 'amount');

  return {
    description: source.description ?? source.reference ?? '',
    productId: null,
    quantity,
    unitAmount: toSafeNumber(source.unitPrice, 'price'),
    taxBehavior: source.taxBehavior ?? 'exclusive',
    subtotal: toSafeNumber(amount),
    discount: toSafeNumber(discount),
    taxRatePpm,
    tax: toSafeNumber(tax),
    taxes: isCompanysOwn(taxes) ? null : taxes.map(toLineTax),
    ...(promotionDiscounts.length === 0 ? {} : { promotionDiscounts }),
    periodStart: null,
    periodEnd: null,
  };
}

/** Of the company's rate alone the line says everything already. */
function isCompanysOwn(taxes: BillingResultLine['taxes']): boolean {
  return taxes.length === 1 && taxes[0]?.code === null;
}

function toLineTax({ base, amount, ...tax }: BillingResultLine['taxes'][number]): LineTax {
  return { ...tax, base: toSafeNumber(base), amount: toSafeNumber(amount) };
}

/** `invoice.created`, onetime or recurring (S358). */
export function invoiceCreated(draft: InvoiceDraft) {
  return {
    type: 'invoice.created' as const,
    payload: {
      invoiceId: draft.invoiceId,
      customerId: draft.customerId,
      orderId: draft.orderId,
      subscriptionId: draft.subscriptionId,
      invoiceType: draft.invoiceType,
      status: 'draft',
      subtotal: draft.subtotal,
      tax: draft.tax,
      discount: draft.discount,
      totalAmount: draft.totalAmount,
      currency: draft.currency,
    },
  };
}
