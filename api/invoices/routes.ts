import { z } from 'zod';

import { type InvoiceFilter, listInvoices, readInvoice } from '../../domain/billing/invoices/list-invoices';
import { viewInvoice } from '../../domain/billing/invoices/invoice-view';
import { AppError } from '../../domain/errors';
import { namedCustomer, ownCustomer } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { createdWithin } from '../http/pipeline/created-within';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { createInvoiceChangeRoutes } from './change-routes';
import { InvoiceSchema, ListInvoicesQuery, ListSubscriptionInvoicesQuery, SubscriptionParams } from './schemas';

const tag = 'Invoices';

/** Invoices; customers see their own. */
export function createInvoicesRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const list = async (
    companyId: number,
    {
      limit,
      cursor,
      from,
      to,
      ...filter
    }: Omit<InvoiceFilter, 'before'> & {
      cursor?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
    },
  ) => {
    const before = decodeCursor(z.int(), cursor);
    const created = await createdWithin(database, companyId, { from, to });
    const rows = await database.withTenant(companyId, (tx) =>
      listInvoices(tx, { ...filter, ...created, before, limit: limit + 1 }),
    );

    return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewInvoice }) };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/invoices',
      operationId: 'listInvoices',
      summary: 'List invoices, newest first',
      tag,
      access: signedIn,
      query: ListInvoicesQuery,
      responses: { 200: pageOf(InvoiceSchema) },
      handler: ({ query, companyId, principal }) =>
        list(companyId, { ...query, customerId: namedCustomer(principal, query.customerId) }),
    }),
    defineRoute({
      method: 'get',
      path: '/invoices/subscription/:subscriptionId',
      operationId: 'listSubscriptionInvoices',
      summary: "List a subscription's invoices, newest first",
      tag,
      access: signedIn,
      params: SubscriptionParams,
      query: ListSubscriptionInvoicesQuery,
      responses: { 200: pageOf(InvoiceSchema) },
      handler: ({ params, query, companyId, principal }) =>
        list(companyId, { ...query, ...params, customerId: ownCustomer(principal) }),
    }),
    defineRoute({
      method: 'get',
      path: '/invoices/:id',
      operationId: 'readInvoice',
      summary: 'Read an invoice with its lines',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: InvoiceSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal }) {
        const row = await database.withTenant(companyId, (tx) =>
          readInvoice(tx, { invoiceId: id, customerId: ownCustomer(principal) }),
        );

        if (row === null) {
          throw new AppError('not_found', { detail: `There is no invoice ${id}.` });
        }

        return { status: 200, body: viewInvoice(row) };
      },
    }),
    ...createInvoiceChangeRoutes(deps),
  ];
}
