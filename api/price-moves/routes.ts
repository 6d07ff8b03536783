import { z } from 'zod';

import { tellPriceMove } from '../../clients/price-move-client';
import { readAddon } from '../../domain/catalogue/addons/read-addon';
import { readPlan } from '../../domain/catalogue/plans/read-plan';
import type { Priced } from '../../domain/catalogue/price-versions/price-version-row';
import { createPriceMove } from '../../domain/subscriptions/price-moves/create-price-move';
import {
  listMovedSubscriptions,
  viewMovedSubscription,
} from '../../domain/subscriptions/price-moves/moved-subscriptions';
import { previewPriceMove } from '../../domain/subscriptions/price-moves/preview-price-move';
import { listPriceMoves, readPriceMove, viewPriceMove } from '../../domain/subscriptions/price-moves/price-move-row';
import { commandPriceMove, type PriceMoveCommand } from '../../domain/subscriptions/price-moves/set-price-move-status';
import type { TenantSql } from '../../platform/db/database';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, employees, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone } from '../http/pipeline/with-company-zone';
import {
  CreatePriceMoveRequest,
  ListMovedQuery,
  MovedSubscriptionSchema,
  PriceMovePreviewSchema,
  PriceMoveSchema,
} from './schemas';

const tag = 'Price moves';

/** Who has a plan or an add-on, moved to another price of it: in bulk, with a preview and notice, by a workflow of its own. */
export function createPriceMovesRoutes(deps: ApiDependencies): Route[] {
  const { database } = deps;
  const command = (name: PriceMoveCommand, summary: string, description: string): Route =>
    defineRoute({
      method: 'post',
      path: `/price-moves/:id/${name}`,
      operationId: `${name}PriceMove`,
      summary,
      description,
      tag,
      access: managers,
      params: idParams,
      responses: { 200: PriceMoveSchema },
      errors: ['not_found', 'price_move_state'],
      async handler({ params: { id }, companyId, now }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewPriceMove(await commandPriceMove(tx, { id, command: name, now }), timeZone),
        );
        await tellPriceMove(deps, { companyId, id });

        return { status: 200, body: view };
      },
    });

  return [
    ...routesOf(deps, {
      path: 'plans',
      name: '',
      called: 'a plan',
      who: 'subscribers of a plan',
      ofPriced: (planId) => ({ planId }),
      read: readPlan,
    }),
    ...routesOf(deps, {
      path: 'addons',
      name: 'Addon',
      called: 'an add-on',
      who: 'those who have an add-on',
      ofPriced: (addonId) => ({ addonId }),
      read: readAddon,
    }),
    defineRoute({
      method: 'get',
      path: '/price-moves/:id',
      operationId: 'readPriceMove',
      summary: 'Read a price move, and how far it is',
      tag,
      access: employees,
      params: idParams,
      responses: { 200: PriceMoveSchema },
      errors: ['not_found'],
      async handler({ params: { id }, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewPriceMove(await readPriceMove(tx, id), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/price-moves/:id/subscriptions',
      operationId: 'listMovedSubscriptions',
      summary: 'List whom a price move asks, and what was answered',
      tag,
      access: employees,
      params: idParams,
      query: ListMovedQuery,
      responses: { 200: pageOf(MovedSubscriptionSchema) },
      errors: ['not_found'],
      async handler({ params: { id: priceMoveId }, query: { limit, cursor, status = null }, companyId }) {
        const after = decodeCursor(z.int(), cursor) ?? 0;
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          await readPriceMove(tx, priceMoveId);
          const rows = await listMovedSubscriptions(tx, { priceMoveId, status, after, limit: limit + 1 });

          return toPage(rows, {
            limit,
            positionOf: ({ subscriptionId }) => subscriptionId,
            view: (row) => viewMovedSubscription(row, timeZone),
          });
        });

        return { status: 200, body: page };
      },
    }),
    command('pause', 'Pause a price move', 'Nobody is asked any more until it is resumed.'),
    command('resume', 'Resume a price move', 'It goes on where it was; nobody is asked twice.'),
    command(
      'cancel',
      'Cancel a price move',
      'Nobody is asked any more, and what was announced and still waits is taken back: it is `cancelling` until that is done. Prices that hold already stay. Also when it is completed, for as long as something waits.',
    ),
  ];
}

/** Begins and lists the moves of what has prices. */
function routesOf(
  deps: ApiDependencies,
  {
    path,
    name,
    called,
    who,
    ofPriced,
    read,
  }: {
    path: string;
    /** In operation ids; '' of plans, which were first. */
    name: string;
    /** In sentences: `a plan`. */
    called: string;
    who: string;
    ofPriced(id: number): Priced;
    /** @throws AppError not_found */
    read(tx: TenantSql, id: number): Promise<unknown>;
  },
): Route[] {
  const { database } = deps;

  return [
    defineRoute({
      method: 'post',
      path: `/${path}/:id/price-moves`,
      operationId: `create${name}PriceMove`,
      summary: `Move ${who} to another price of it`,
      description:
        'Each at its renewal (that of an add-on is its own), or now and billed as the company has it for changes of plan (else by `prorationBehavior`); with notice, each customer is told and its price does not change before. `?preview=true` answers whom it concerns and what they pay before and after, and changes nothing. Watch it at its address.',
      tag,
      access: managers,
      params: idParams,
      query: z.strictObject({ preview: z.enum(['true', 'false']).default('false') }),
      body: CreatePriceMoveRequest,
      responses: { 200: PriceMovePreviewSchema, 201: PriceMoveSchema },
      errors: ['not_found', 'currency_mismatch', 'no_change', 'price_move_state'],
      reserves: 'priceMove',
      async handler({ params, query, body, companyId, principal, reservedId: id, now }) {
        const request = { ...body, of: ofPriced(params.id) };

        if (query.preview === 'true') {
          const preview = await database.withTenantSql(companyId, async (tx) => {
            await read(tx, params.id);

            return previewPriceMove(tx, request);
          });

          return { status: 200, body: preview };
        }
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          await read(tx, params.id);
          const userId = principal?.userId ?? null;

          return viewPriceMove(await createPriceMove(tx, { id, request, userId, now }), timeZone);
        });
        await tellPriceMove(deps, { companyId, id });

        return { status: 201, body: view, headers: { location: `/api/v1/price-moves/${id}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: `/${path}/:id/price-moves`,
      operationId: `list${name}PriceMoves`,
      summary: `List the price moves of ${called}, newest first`,
      tag,
      access: employees,
      params: idParams,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(PriceMoveSchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          await read(tx, id);
          const rows = await listPriceMoves(tx, { of: ofPriced(id), before, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => row.id, view: (row) => viewPriceMove(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
  ];
}
