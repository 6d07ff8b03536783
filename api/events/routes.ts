import { z } from 'zod';

import { eventTypes, synonymOf } from '../../domain/events/event-types';
import { listEvents, viewEvent } from '../../domain/events/list-events';
import type { ApiDependencies } from '../dependencies';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, employees, type Route } from '../http/pipeline/route';
import { withCompanyZone } from '../http/pipeline/with-company-zone';
import { EventSchema, ListEventsQuery } from './schemas';

/** What happened, for people to look up. */
export function createEventsRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/events',
      operationId: 'listEvents',
      summary: 'List events, oldest first',
      description:
        'For people: `subject=order/1042` tells what happened to an order. Across subjects an event may still appear below an id that was read before, so programs do not follow ids.',
      tag: 'Events',
      access: employees,
      query: ListEventsQuery,
      responses: { 200: pageOf(EventSchema) },
      async handler({ query: { limit, cursor, subject, type, after }, companyId }) {
        const filter = { subject, type: eventTypes.find((name) => name === type || synonymOf(name) === type) };
        const start = decodeCursor(z.int(), cursor) ?? after ?? 0;
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listEvents(tx, { filter, after: start, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => row.id, view: (row) => viewEvent(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
  ];
}
