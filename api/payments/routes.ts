import { z } from 'zod';

import { requestRefund } from '../../clients/payment-client';
import { AppError } from '../../domain/errors';
import { namedCustomer, ownCustomer } from '../../domain/identity/principal';
import { listPayments, readPaymentRow } from '../../domain/payments/list-payments';
import { type PaymentRow, viewPayment } from '../../domain/payments/payment-view';
import { RefundRequest } from '../../domain/payments/payment-command-schema';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route, signedIn } from '../http/pipeline/route';
import { createVnpayRoutes } from './vnpay-routes';
import { ListPaymentsQuery, NoBody, PaymentSchema, TestFailRequest } from './schemas';
import { settleByTest } from './settle-by-test';

const tag = 'Payments';

/** Payments: reads, refunds, the providers' callbacks, and the documents' test endpoints outside production. */
export function createPaymentsRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const find = async (companyId: number, paymentId: number, customerId?: number): Promise<PaymentRow> => {
    const row = await readPaymentRow(database.eachAlone(companyId), { paymentId, customerId });

    if (row === null) {
      throw new AppError('not_found', { detail: `There is no payment ${paymentId}.` });
    }

    return row;
  };

  return [
    ...createVnpayRoutes(deps),
    defineRoute({
      method: 'get',
      path: '/payments',
      operationId: 'listPayments',
      summary: 'List payments, newest first',
      description: 'Customers see their own.',
      tag,
      access: signedIn,
      query: ListPaymentsQuery,
      responses: { 200: pageOf(PaymentSchema) },
      async handler({ query: { limit, cursor, ...filter }, companyId, principal }) {
        const before = decodeCursor(z.int(), cursor);
        const customerId = namedCustomer(principal, filter.customerId);
        const rows = await database.withTenantSql(companyId, (tx) =>
          listPayments(tx, { ...filter, customerId, before, limit: limit + 1 }),
        );

        return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewPayment }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/payments/:id',
      operationId: 'readPayment',
      summary: 'Read a payment with its refunds',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: PaymentSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal }) {
        return { status: 200, body: viewPayment(await find(companyId, id, ownCustomer(principal))) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/payments/:id/refund',
      operationId: 'refundPayment',
      summary: 'Give money back',
      description:
        'All that is left of the payment, or a part of it. The answer shows the refund; a slow provider leaves it `pending`.',
      tag,
      access: managers,
      params: idParams,
      body: RefundRequest,
      responses: { 200: PaymentSchema },
      errors: ['not_found', 'payment_state', 'refund_exceeds_payment'],
      reserves: 'refund',
      async handler({ params: { id }, body, companyId, reservedId }) {
        await find(companyId, id);
        await requestRefund(deps, {
          companyId,
          paymentId: id,
          request: { refundId: reservedId, ...body },
          until: answerDeadline(deps),
        });

        return { status: 200, body: viewPayment(await find(companyId, id)) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/payments/:id/test/success',
      operationId: 'testPaymentSuccess',
      summary: 'Pretend that a payment succeeded',
      description: 'Not in production.',
      tag,
      access: 'public',
      params: idParams,
      body: NoBody,
      responses: { 200: PaymentSchema },
      errors: ['not_found'],
      developmentOnly: true,
      async handler({ params: { id }, companyId }) {
        return {
          status: 200,
          body: viewPayment(await settleByTest(deps, { companyId, paymentId: id, outcome: 'success', reason: null })),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/payments/:id/test/fail',
      operationId: 'testPaymentFail',
      summary: 'Pretend that a payment failed',
      description: 'Not in production.',
      tag,
      access: 'public',
      params: idParams,
      body: TestFailRequest,
      responses: { 200: PaymentSchema },
      errors: ['not_found'],
      developmentOnly: true,
      async handler({ params: { id }, body, companyId }) {
        return {
          status: 200,
          body: viewPayment(
            await settleByTest(deps, { companyId, paymentId: id, outcome: 'failed', reason: body.reason }),
          ),
        };
      },
    }),
  ];
}
