import { z } from 'zod';

import { listPaymentRequests, viewPaymentRequest } from '../../domain/billing/dunning/list-payment-requests';
import { readBalance, viewBalance } from '../../domain/billing/account/read-balance';
import { paymentMethodNames } from '../../domain/companies/payment-method-types';
import { readCustomer } from '../../domain/customers/read-customer';
import { AppError } from '../../domain/errors';
import { detachPaymentMethod, listPaymentMethods, viewPaymentMethod } from '../../domain/payments/list-payment-methods';
import { savePaymentMethod } from '../../domain/payments/save-payment-method';
import { rowId } from '../../domain/field-schema';
import type { ApiDependencies } from '../dependencies';
import { idParameter, idParams, instant, line } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { BalanceEntrySchema } from './credit-schemas';
import { requireCustomer } from './require-customer';

const tag = 'Customers';

const PaymentMethodSchema = z
  .strictObject({
    id: rowId,
    customerId: rowId,
    method: z.enum(paymentMethodNames),
    label: z.string().meta({ example: 'card …k_ok' }),
    isDefault: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'PaymentMethod' });

const BalanceSchema = z
  .strictObject({
    customerId: rowId,
    currency: z.string(),
    balance: z.int().describe('Account credit: it pays the next invoices first.'),
    dueAmount: z.int().describe('What is still to be paid of all invoices. At most 9,007,199,254,740,991 is shown.'),
    accountBalance: z.int().describe('dueAmount less balance: what the customer owes; negative when in credit.'),
    overdue: z.strictObject({
      amount: z.int().describe('What is unpaid beyond its due date. At most 9,007,199,254,740,991 is shown.'),
      since: instant.nullable().describe('When the oldest of it was due.'),
      days: z.int().describe('Local days since then.'),
      state: z.string().nullable().describe('By the settings overdueStates and overdueThresholds.'),
      timeline: z
        .array(z.strictObject({ state: z.string(), entersOn: z.iso.date() }))
        .describe('When each state is entered by age, while the oldest of it stays unpaid.'),
    }),
    campaign: z
      .strictObject({
        id: rowId,
        status: z.enum(['active', 'finished']).describe('finished: asked as often as may be.'),
        attempts: z.int().min(0).describe('Requests made so far.'),
        lastRequestOn: z.iso.date().nullable(),
        nextLookAt: instant.nullable().describe('When the account is looked at again; null when it has finished.'),
      })
      .nullable()
      .describe('The dunning campaign that asks for what is overdue (setting dunningCampaign).'),
    entries: z.array(BalanceEntrySchema),
  })
  .meta({ id: 'Balance' });

const PaymentRequestSchema = z
  .strictObject({
    id: rowId,
    dunningCampaignId: rowId,
    customerId: rowId,
    attempt: z.int().min(1),
    amount: z.int().describe('All that was overdue, in minor units.'),
    currency: z.string(),
    requestedOn: z.iso.date().describe("In the account's time zone."),
    invoices: z.array(
      z.strictObject({
        invoiceId: rowId,
        invoiceNumber: z.string().nullable(),
        dueAmount: z.int().describe('At that time.'),
      }),
    ),
    createdAt: instant,
  })
  .meta({ id: 'PaymentRequest' });

/** What a customer's money is: account credit, and what is saved to be charged. A customer sees only their own. */
export function createCustomerMoneyRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const list = async (companyId: number, customerId: number) => {
    const { rows, account } = await database.withTenant(companyId, async (tx) => ({
      rows: await listPaymentMethods(tx, customerId),
      account: (await readCustomer(tx, customerId)).billingAccount,
    }));

    return { data: rows.map((row) => viewPaymentMethod(row, account?.timeZone)), nextCursor: null };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/customers/:id/balance',
      operationId: 'readCustomerBalance',
      summary: "Read a customer's account credit with its latest movements, and what is overdue",
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: BalanceSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal, now }) {
        await requireCustomer(database, { companyId, customerId: id, principal });
        const row = await database.withTenant(companyId, (tx) => readBalance(tx, { customerId: id, now }));

        if (row === null) {
          throw new AppError('not_found', { detail: `There is no customer ${id}.` });
        }

        return { status: 200, body: viewBalance(row) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/customers/:id/payment-requests',
      operationId: 'listPaymentRequests',
      summary: 'List what a customer was asked to pay by dunning campaigns, newest first',
      tag,
      access: signedIn,
      params: idParams,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(PaymentRequestSchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor }, companyId, principal }) {
        const before = decodeCursor(z.int(), cursor);
        await requireCustomer(database, { companyId, customerId: id, principal });
        const rows = await database.withTenant(companyId, (tx) =>
          listPaymentRequests(tx, { customerId: id, before, limit: limit + 1 }),
        );

        return {
          status: 200,
          body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewPaymentRequest }),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/customers/:id/payment-methods',
      operationId: 'listPaymentMethods',
      summary: 'List what is saved of a customer to be charged',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: z.strictObject({ data: z.array(PaymentMethodSchema), nextCursor: z.null() }) },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal }) {
        await requireCustomer(database, { companyId, customerId: id, principal });

        return { status: 200, body: await list(companyId, id) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/customers/:id/payment-methods',
      operationId: 'savePaymentMethod',
      summary: 'Save a token to be charged later',
      description: 'The first one is the default. The same token is saved once.',
      tag,
      access: signedIn,
      params: idParams,
      body: z.strictObject({ paymentToken: line(255), paymentMethod: z.enum(paymentMethodNames).default('card') }),
      responses: { 201: PaymentMethodSchema },
      errors: ['not_found', 'payment_method_unavailable', 'payment_token_unknown'],
      async handler({ params: { id }, body, companyId, principal, now }) {
        await requireCustomer(database, { companyId, customerId: id, principal });
        const saved = await database.withTenantSql(companyId, (tx) =>
          savePaymentMethod(tx, {
            customerId: id,
            method: body.paymentMethod,
            token: body.paymentToken,
            gateways: deps.gateways,
            now,
          }),
        );
        const { data } = await list(companyId, id);

        return { status: 201, body: data.find((one) => one.id === saved) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/customers/:id/payment-methods/:methodId',
      operationId: 'detachPaymentMethod',
      summary: 'Take a saved method away',
      tag,
      access: signedIn,
      params: z.strictObject({ id: idParameter, methodId: idParameter }),
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id, methodId }, companyId, principal, now }) {
        await requireCustomer(database, { companyId, customerId: id, principal });
        await database.withTenant(companyId, (tx) =>
          detachPaymentMethod(tx, { customerId: id, paymentMethodId: methodId, now }),
        );

        return { status: 204 };
      },
    }),
  ];
}
