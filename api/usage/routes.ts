import { assertMaySee } from '../../domain/identity/principal';
import { ingestEvents } from '../../domain/usage/events/ingest-events';
import { readBalances } from '../../domain/usage/prepaid/read-balances';
import { readPricedUsage, viewPricedUsage } from '../../domain/usage/read-priced-usage';
import type { ApiDependencies } from '../dependencies';
import { createdWithin } from '../http/pipeline/created-within';
import { defineRoute, employees, type Route, signedIn } from '../http/pipeline/route';
import {
  BalancesQuery,
  BalancesSchema,
  IngestAnswer,
  IngestRequest,
  usageParams,
  UsageQuery,
  UsageSchema,
} from './schemas';

const tag = 'Usage';

/** What customers used: sent in batches, read at any moment with its price. */
export function createUsageRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/usage/events',
      operationId: 'ingestUsage',
      summary: 'Record a batch of usage, 1 to 1,000 events',
      description:
        'Each event stands for itself: `events` says of each whether it was accepted, is a duplicate, or was rejected and why. A batch whose answer was lost can simply be sent again, because an id counts once; no Idempotency-Key is needed. Recorded events never change: send corrections as further events. What was used before a subscription ended is taken up to three days after its end, and billed on a final invoice then; later events (`usage_too_late`) and those of a time after the end (`usage_after_end`) are rejected, each by itself.',
      tag,
      access: employees,
      body: IngestRequest,
      responses: { 200: IngestAnswer },
      async handler({ body: { events: sent }, companyId, now }) {
        const events = await database.withTenantSql(companyId, (tx) => ingestEvents(tx, { events: sent, now }));
        const having = (status: string): number => events.filter((event) => event.status === status).length;

        return {
          status: 200,
          body: {
            accepted: having('accepted'),
            duplicates: having('duplicate'),
            rejected: having('rejected'),
            events,
          },
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/usage/:customerId',
      operationId: 'readUsage',
      summary: 'Read what a customer used, with its price at this moment',
      tag,
      access: signedIn,
      params: usageParams,
      query: UsageQuery,
      responses: { 200: UsageSchema },
      errors: ['not_found', 'meter_not_found', 'invalid_date_sequence', 'amount_out_of_range'],
      async handler({ params: { customerId }, query: { meter, ...days }, companyId, principal, now }) {
        assertMaySee(principal, customerId);
        const { createdFrom: from, createdBefore: to } = await createdWithin(database, companyId, days);
        const usage = await database.withTenantSnapshot(companyId, (tx) =>
          readPricedUsage(tx, { customerId, meter, from, to, now }),
        );

        return { status: 200, body: viewPricedUsage(usage) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/usage/:customerId/balances',
      operationId: 'readUsageBalances',
      summary: 'Read what is left of units that a customer bought ahead',
      description: 'Counted from the events at this moment: what expires first is drawn first.',
      tag,
      access: signedIn,
      params: usageParams,
      query: BalancesQuery,
      responses: { 200: BalancesSchema },
      errors: ['not_found', 'meter_not_found'],
      async handler({ params: { customerId }, query: { meter, all }, companyId, principal, now }) {
        assertMaySee(principal, customerId);
        const body = await database.withTenantSnapshot(companyId, (tx) =>
          readBalances(tx, { customerId, meter, isAll: all === 'true', now }),
        );

        return { status: 200, body };
      },
    }),
  ];
}
