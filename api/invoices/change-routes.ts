import { z } from 'zod';

import { viewInvoice } from '../../domain/billing/invoices/invoice-view';
import { listCreditNotes, viewCreditNote } from '../../domain/billing/credit-notes/list-credit-notes';
import { readInvoice } from '../../domain/billing/invoices/list-invoices';
import { AppError } from '../../domain/errors';
import { ownCustomer } from '../../domain/identity/principal';
import { readPaymentRow } from '../../domain/payments/list-payments';
import { viewPayment } from '../../domain/payments/payment-view';
import { createTokenSeal } from '../../domain/payments/token-seal';
import { toNumber } from '../../platform/db/columns';
import {
  CreateCreditNoteRequest,
  PayInvoiceRequest,
  RecordPaymentRequest,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import type { ApiDependencies } from '../dependencies';
import { CreditNoteSchema } from '../credit-notes/schemas';
import { idParams } from '../http/pipeline/fields';
import { defineRoute, managers, type Route, signedIn } from '../http/pipeline/route';
import { PaymentSchema } from '../payments/schemas';
import { commandSubscription } from '../subscriptions/command-subscription';
import { InvoiceSchema } from './schemas';

const tag = 'Invoices';

/** Paying and voiding invoices of subscriptions, through the workflow that owns them. An order is paid at `/orders/:id/pay`. */
export function createInvoiceChangeRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const { sealToken } = createTokenSeal(deps.config.JWT_SECRET);
  const find = async (companyId: number, invoiceId: number, customerId?: number) => {
    const row = await database.withTenant(companyId, (tx) =>
      readInvoice(tx, { invoiceId, customerId: customerId ?? null }),
    );

    if (row === null) {
      throw new AppError('not_found', { detail: `There is no invoice ${invoiceId}.` });
    }

    return row;
  };
  const subscriptionOf = async (companyId: number, invoiceId: number, customerId?: number) => {
    const { subscriptionId, status, orderId } = await find(companyId, invoiceId, customerId);

    if (subscriptionId === null) {
      throw new AppError('invoice_state', {
        detail: `The invoice belongs to order ${orderId}; pay or cancel the order.`,
        params: { state: status },
      });
    }

    return toNumber(subscriptionId);
  };

  const readPayment = async (companyId: number, paymentId: number) => {
    const payment = await database.withTenantSql(companyId, (tx) => readPaymentRow(tx, { paymentId }));

    if (payment === null) {
      throw new Error(`Payment ${paymentId} was made but cannot be read.`);
    }

    return payment;
  };

  return [
    defineRoute({
      method: 'post',
      path: '/invoices/:id/pay',
      operationId: 'payInvoice',
      summary: 'Pay an invoice of a subscription, also one that was given up',
      description:
        'With an address to pay at, or a token that is charged now. An earlier payment that waits is superseded.',
      tag,
      access: signedIn,
      params: idParams,
      body: PayInvoiceRequest,
      responses: { 200: PaymentSchema },
      errors: [
        'not_found',
        'invoice_state',
        'charge_in_flight',
        'payment_method_unavailable',
        'payment_token_required',
      ],
      reserves: 'payment',
      async handler({ params: { id }, body, companyId, principal, reservedId, effectKey, ip }) {
        const subscriptionId = await subscriptionOf(companyId, id, ownCustomer(principal));
        await commandSubscription(deps, {
          companyId,
          subscriptionId,
          effectKey: effectKey ?? `pay:${reservedId}`,
          command: {
            type: 'pay_invoice',
            invoiceId: id,
            paymentId: reservedId,
            customerIp: ip,
            ...body,
            paymentToken: body.paymentToken === null ? null : sealToken(body.paymentToken),
          },
        });

        return { status: 200, body: viewPayment(await readPayment(companyId, reservedId)) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/invoices/:id/payments',
      operationId: 'recordPayment',
      summary: 'Record money that came for an invoice of a subscription',
      description:
        'A bank transfer or cash, of all or part of what is due. Paid in full, everything follows as from any payment; a part leaves the invoice open with what is left due; what is more than due becomes account credit.',
      tag,
      access: managers,
      params: idParams,
      body: RecordPaymentRequest,
      responses: { 201: PaymentSchema },
      errors: ['not_found', 'invoice_state', 'charge_in_flight', 'invalid_date_sequence', 'amount_out_of_range'],
      reserves: 'payment',
      async handler({ params: { id }, body, companyId, reservedId, effectKey }) {
        const subscriptionId = await subscriptionOf(companyId, id);
        await commandSubscription(deps, {
          companyId,
          subscriptionId,
          effectKey: effectKey ?? `record:${reservedId}`,
          command: { type: 'record_payment', invoiceId: id, paymentId: reservedId, ...body },
        });

        return { status: 201, body: viewPayment(await readPayment(companyId, reservedId)) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/invoices/:id/void',
      operationId: 'voidInvoice',
      summary: 'Take an invoice of a subscription back',
      description: 'Unpaid it becomes void; what was paid of it becomes account credit, by a credit note.',
      tag,
      access: managers,
      params: idParams,
      body: z.strictObject({}),
      responses: { 200: InvoiceSchema },
      errors: ['not_found', 'invoice_state', 'charge_in_flight'],
      async handler({ params: { id }, companyId, effectKey }) {
        const subscriptionId = await subscriptionOf(companyId, id);
        await commandSubscription(deps, {
          companyId,
          subscriptionId,
          effectKey,
          command: { type: 'void_invoice', invoiceId: id },
        });

        return { status: 200, body: viewInvoice(await find(companyId, id)) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/invoices/:id/credit-notes',
      operationId: 'creditInvoice',
      summary: 'Take part of an invoice of a subscription back',
      description: 'What is still due of it shrinks first; money that was received becomes account credit.',
      tag,
      access: managers,
      params: idParams,
      body: CreateCreditNoteRequest,
      responses: { 201: CreditNoteSchema },
      errors: ['not_found', 'invoice_state', 'amount_out_of_range', 'charge_in_flight'],
      reserves: 'creditNote',
      async handler({ params: { id }, body, companyId, reservedId, effectKey }) {
        const subscriptionId = await subscriptionOf(companyId, id);
        await commandSubscription(deps, {
          companyId,
          subscriptionId,
          effectKey,
          command: { type: 'credit_invoice', invoiceId: id, creditNoteId: reservedId, ...body },
        });
        const [note] = await database.withTenant(companyId, (tx) =>
          listCreditNotes(tx, { id: reservedId, before: null, limit: 1 }),
        );

        if (note === undefined) {
          throw new Error(`Invoice ${id} was credited but its credit note cannot be read.`);
        }

        return { status: 201, body: viewCreditNote(note) };
      },
    }),
  ];
}
