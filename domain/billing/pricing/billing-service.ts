import { z } from 'zod';

import { dbInteger, dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { type BillingAddon, type BillingParams, type BillingResult } from './billing-amount-types';
import { BillingStrategyService } from './billing-strategy-service';
import { insertInvoiceExpressions } from '../invoices/insert-invoice';
import { type InvoiceDraft, toDraftLines } from '../invoices/invoice-types';

/** Whom and what an invoice is for, beside its amounts. */
export interface InvoiceDto {
  billingAccountId: number;
  customerId: number;
  orderId?: number;
  orderNumber?: string;
  subscriptionId?: number;
  dueDate?: Date | null;
  notes?: string;
  productIds?: readonly (number | null)[];
  params: BillingParams;
  /** Billing mode of the company's settings: decides where the thing billed names no model (D15). */
  companyBillingMode?: string | null;
}

/** Prices what is billed with the strategy that fits it, and makes the invoice of it (S36). */
export class BillingService {
  constructor(private readonly strategies = new BillingStrategyService()) {}

  /**
   * Pure: the draft and its amounts, without writing anything. The order path writes it inside its own statement.
   * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
   */
  async draftWithStrategy(
    invoiceId: number,
    dto: InvoiceDto,
    businessModel?: string,
    addons?: readonly BillingAddon[],
  ): Promise<{ draft: InvoiceDraft; result: BillingResult }> {
    const params: BillingParams = {
      ...dto.params,
      addons: addons ?? dto.params.addons,
      metadata: { businessModel: businessModel ?? dto.params.metadata?.businessModel ?? null },
    };
    const result = await this.strategies.calculate(params, dto.companyBillingMode);
    const draft: InvoiceDraft = {
      invoiceId,
      billingAccountId: dto.billingAccountId,
      customerId: dto.customerId,
      invoiceType: result.billingMode === 'onetime' ? 'onetime' : 'recurring',
      orderId: dto.orderId ?? null,
      orderNumber: dto.orderNumber ?? null,
      subscriptionId: dto.subscriptionId ?? null,
      currency: result.currency,
      subtotal: result.subtotal,
      tax: result.tax,
      discount: result.discount,
      totalAmount: result.totalAmount,
      dueDate: dto.dueDate ?? null,
      periodStart: null,
      periodEnd: null,
      notes: dto.notes ?? null,
      metadata: {
        billingMode: result.billingMode,
        businessModel: params.metadata?.businessModel ?? null,
        addonCharges: result.addonCharges ?? [],
        nextBillingDate: result.nextBillingDate,
      },
      lines: toDraftLines(result, dto.productIds ?? []),
    };

    return { draft, result };
  }

  /**
   * Writes a draft invoice with the computed amounts and `invoice.created`, in the caller's transaction (S36, S41).
   * @throws AppError strategy_mismatch, currency_mismatch, amount_out_of_range
   */
  async createWithStrategy(
    tx: TenantSql,
    input: { dto: InvoiceDto; subject: string; now: Date },
    businessModel?: string,
    addons?: readonly BillingAddon[],
  ): Promise<{ invoiceId: number; result: BillingResult }> {
    const [reserved] = await tx.query(
      z.object({ id: dbInteger }),
      Prisma.sql`SELECT nextval('finance.invoices_id_seq') AS id`,
    );
    const invoiceId = reserved?.id ?? 0;
    const { draft, result } = await this.draftWithStrategy(invoiceId, input.dto, businessModel, addons);
    await tx.query(
      dbNothing,
      Prisma.sql`WITH ${insertInvoiceExpressions(tx.companyId, draft, input.now, Prisma.sql`SELECT 1`)} SELECT count(*)::int FROM invoice_lines`,
    );
    await appendEvents(tx, { subject: input.subject, events: [invoiceCreated(draft)], now: input.now });

    return { invoiceId, result };
  }
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
