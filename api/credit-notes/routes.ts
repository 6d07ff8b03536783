import { z } from 'zod';

import { listCreditNotes, viewCreditNote } from '../../domain/billing/credit-notes/list-credit-notes';
import { namedCustomer } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { CreditNoteSchema, ListCreditNotesQuery } from './schemas';

/** Credit notes; customers see their own. They are written at `/invoices/:id/credit-notes`. */
export function createCreditNotesRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/credit-notes',
      operationId: 'listCreditNotes',
      summary: 'List credit notes, newest first',
      tag: 'Invoices',
      access: signedIn,
      query: ListCreditNotesQuery,
      responses: { 200: pageOf(CreditNoteSchema) },
      async handler({ query: { limit, cursor, ...filter }, companyId, principal }) {
        const before = decodeCursor(z.int(), cursor);
        const customerId = namedCustomer(principal, filter.customerId);
        const rows = await database.withTenant(companyId, (tx) =>
          listCreditNotes(tx, { ...filter, customerId, before, limit: limit + 1 }),
        );

        return {
          status: 200,
          body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewCreditNote }),
        };
      },
    }),
  ];
}
