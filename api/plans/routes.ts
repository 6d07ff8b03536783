import { createPlan } from '../../domain/catalogue/plans/create-plan';
import { listPlans } from '../../domain/catalogue/plans/list-plans';
import { viewPlan } from '../../domain/catalogue/plans/plan-view';
import { presentPlan, readPlan } from '../../domain/catalogue/plans/read-plan';
import { updatePlan } from '../../domain/catalogue/plans/update-plan';
import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { resourceRoutes } from '../catalogue/resource-routes';
import { createPriceVersionsRoute } from '../catalogue/price-versions-route';
import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { CreatePlanRequest, ListPlansQuery, PlanSchema, UpdatePlanRequest } from './schemas';

/** What is subscribed to (S104, S106, S109–S111). */
export function createPlansRoutes(deps: ApiDependencies): Route[] {
  return [
    ...resourceRoutes(deps, {
      path: 'plans',
      tag: 'Plans',
      name: 'Plan',
      called: ['a plan', 'plans'],
      reserves: 'plan',
      schemas: { query: ListPlansQuery, create: CreatePlanRequest, update: UpdatePlanRequest, answer: PlanSchema },
      texts: {
        read: 'Drafts and archived ones are for employees; subscriptions go on naming theirs.',
        update: [
          'Change, publish, archive or bring back a plan',
          'Running subscriptions keep the name, price and cycle they were made with.',
        ],
        archive: [
          'Archive a plan',
          'Nothing is deleted: running subscriptions go on, and the plan can be brought back.',
        ],
      },
      createErrors: ['tax_category_not_found'],
      updateErrors: ['already_exists', 'tax_category_not_found'],
      create: (tx, { body, id, ...by }) => createPlan(tx, { plan: { ...body, id }, ...by }),
      list: (tx, { query: { trialEnabled, ...filter }, statuses, after, limit }) =>
        listPlans(tx, {
          filter: {
            ...filter,
            statuses,
            trialEnabled: trialEnabled === undefined ? undefined : trialEnabled === 'true',
          },
          after: Number(after ?? 0),
          limit,
        }),
      read: async (tx, id, isEmployee) => presentPlan(readableEntry(await readPlan(tx, id), isEmployee)),
      update: updatePlan,
      archived: { status: 'archived' },
      view: viewPlan,
    }),
    createPriceVersionsRoute(deps, {
      path: 'plans',
      tag: 'Plans',
      operationId: 'listPlanPrices',
      called: 'a plan',
      ofPriced: (planId) => ({ planId }),
      read: readPlan,
    }),
  ];
}
