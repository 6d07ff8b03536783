import { createPromotion } from '../../domain/promotions/create-promotion';
import { listPromotions } from '../../domain/promotions/list-promotions';
import { viewPromotion } from '../../domain/promotions/promotion-view';
import { readPromotion } from '../../domain/promotions/read-promotion';
import { updatePromotion } from '../../domain/promotions/update-promotion';
import { resourceRoutes } from '../catalogue/resource-routes';
import { withInstants } from '../catalogue/rule-members';
import type { ApiDependencies } from '../dependencies';
import { employees, type Route } from '../http/pipeline/route';
import { createPromotionCodeRoutes } from './code-routes';
import { CreatePromotionRequest, ListPromotionsQuery, PromotionSchema, UpdatePromotionRequest } from './schemas';

/** Discounts by code (S127, S128): for employees only, because who reads a promotion knows whom it is for. */
export function createPromotionsRoutes(deps: ApiDependencies): Route[] {
  return [
    ...resourceRoutes(deps, {
      path: 'promotions',
      tag: 'Promotions',
      name: 'Promotion',
      called: ['a promotion', 'promotions'],
      reserves: 'promotion',
      readers: employees,
      schemas: {
        query: ListPromotionsQuery,
        create: CreatePromotionRequest,
        update: UpdatePromotionRequest,
        answer: PromotionSchema,
      },
      texts: {
        list: 'Active ones, unless another status is asked for.',
        read: 'With how often it was used.',
        update: [
          'Change, archive or bring back a promotion',
          'Orders keep the discount they were placed with, subscriptions the one that was applied. A limit may fall below what was used: then nobody uses it any more.',
        ],
        archive: [
          'Archive a promotion',
          'The same as status archived: its codes are no longer known, and it can be brought back.',
        ],
      },
      create: (tx, { body, id, now }) => createPromotion(tx, { promotion: { ...withInstants(body), id }, now }),
      list: (tx, { query: filter, statuses, after, limit }) =>
        listPromotions(tx, { filter: { ...filter, statuses }, after: Number(after ?? 0), limit }),
      read: readPromotion,
      update: (tx, { id, changes, now }) => updatePromotion(tx, { id, changes: withInstants(changes), now }),
      archived: { status: 'archived' },
      view: viewPromotion,
    }),
    ...createPromotionCodeRoutes(deps),
  ];
}
