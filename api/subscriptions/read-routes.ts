import { z } from 'zod';

import { assertMaySee, namedCustomer, ownCustomer } from '../../domain/identity/principal';
import { readSubscriptionUsage } from '../../domain/subscriptions/paper/current-usage';
import { previewUpcomingInvoice } from '../../domain/subscriptions/paper/preview-subscription';
import {
  listHistory,
  listSubscriptions,
  type SubscriptionFilter,
  viewHistory,
} from '../../domain/subscriptions/row/read-subscriptions';
import { viewSubscription } from '../../domain/subscriptions/row/subscription-view';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, type Route, signedIn } from '../http/pipeline/route';
import { findSubscription } from './command-subscription';
import {
  HistorySchema,
  ListSubscriptionsQuery,
  OfCustomerParams,
  PreviewSchema,
  SubscriptionSchema,
  SubscriptionUsageSchema,
  tag,
} from './schemas';
import { viewPreview } from './view-preview';

export function createSubscriptionReadRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const list = async (
    companyId: number,
    { limit, cursor, ...filter }: Omit<SubscriptionFilter, 'before'> & { cursor?: string | undefined },
  ) => {
    const before = decodeCursor(z.int(), cursor);
    const rows = await database.withTenant(companyId, (tx) =>
      listSubscriptions(tx, { ...filter, before, limit: limit + 1 }),
    );

    return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view: viewSubscription }) };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/subscriptions',
      operationId: 'listSubscriptions',
      summary: 'List subscriptions, newest first',
      tag,
      access: signedIn,
      query: ListSubscriptionsQuery,
      responses: { 200: pageOf(SubscriptionSchema) },
      handler: ({ query, companyId, principal }) =>
        list(companyId, { ...query, customerId: namedCustomer(principal, query.customerId) }),
    }),
    defineRoute({
      method: 'get',
      path: '/subscriptions/customer/:customerId',
      operationId: 'listCustomerSubscriptions',
      summary: "List a customer's subscriptions, newest first",
      tag,
      access: signedIn,
      params: OfCustomerParams,
      query: ListSubscriptionsQuery.omit({ customerId: true }),
      responses: { 200: pageOf(SubscriptionSchema) },
      errors: ['not_found'],
      async handler({ params: { customerId }, query, companyId, principal }) {
        assertMaySee(principal, customerId);

        return list(companyId, { ...query, customerId });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/subscriptions/:id',
      operationId: 'readSubscription',
      summary: 'Read a subscription',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: SubscriptionSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal }) {
        const row = await findSubscription(deps, { companyId, subscriptionId: id, customerId: ownCustomer(principal) });

        return { status: 200, body: viewSubscription(row) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/subscriptions/:id/history',
      operationId: 'listSubscriptionHistory',
      summary: 'What has happened to a subscription, newest first',
      tag,
      access: signedIn,
      params: idParams,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(HistorySchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor }, companyId, principal }) {
        const { timeZone } = await findSubscription(deps, {
          companyId,
          subscriptionId: id,
          customerId: ownCustomer(principal),
        });
        const before = decodeCursor(z.int(), cursor);
        const rows = await database.withTenant(companyId, (tx) =>
          listHistory(tx, { subscriptionId: id, before, limit: limit + 1 }),
        );
        const view = (row: (typeof rows)[number]) => viewHistory(row, timeZone);

        return { status: 200, body: toPage(rows, { limit, positionOf: (row) => Number(row.id), view }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/subscriptions/:id/usage',
      operationId: 'readSubscriptionUsage',
      summary: 'What was used so far and will be billed',
      description:
        'By the prices that the subscription agreed on: of the periods that run, from their beginning on, and what came late to periods that are billed.',
      tag: 'Usage',
      access: signedIn,
      params: idParams,
      responses: { 200: SubscriptionUsageSchema },
      errors: ['not_found', 'amount_out_of_range'],
      async handler({ params: { id }, companyId, principal, now }) {
        await findSubscription(deps, { companyId, subscriptionId: id, customerId: ownCustomer(principal) });
        const usage = await database.withTenantSnapshot(companyId, (tx) =>
          readSubscriptionUsage(tx, { subscriptionId: id, now }),
        );

        return { status: 200, body: usage };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/subscriptions/:id/upcoming-invoice',
      operationId: 'readUpcomingInvoice',
      summary: 'What the next renewal will bill',
      description:
        'As things stand now: with the change that waits for the end of the period, and with account credit.',
      tag,
      access: signedIn,
      params: idParams,
      responses: { 200: PreviewSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, principal, now }) {
        const row = await findSubscription(deps, { companyId, subscriptionId: id, customerId: ownCustomer(principal) });
        const preview = await previewUpcomingInvoice(database, {
          companyId,
          subscriptionId: id,
          gateways: deps.gateways,
          now,
        });

        return { status: 200, body: viewPreview(preview, row.timeZone) };
      },
    }),
  ];
}
