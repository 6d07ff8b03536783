import { z } from 'zod';

import { createPlan } from '../../domain/catalogue/plans/create-plan';
import { listPlans } from '../../domain/catalogue/plans/list-plans';
import { viewPlan } from '../../domain/catalogue/plans/plan-view';
import { presentPlan, readPlan } from '../../domain/catalogue/plans/read-plan';
import { updatePlan } from '../../domain/catalogue/plans/update-plan';
import { readableEntry, shownStatuses } from '../../domain/catalogue/visibility-rules';
import { isEmployee } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';
import { CreatePlanRequest, ListPlansQuery, PlanSchema, UpdatePlanRequest } from './schemas';

const tag = 'Plans';

/** What is subscribed to (S104, S106, S109–S111). */
export function createPlansRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/plans',
      operationId: 'createPlan',
      summary: 'Add a plan',
      tag,
      access: managers,
      body: CreatePlanRequest,
      responses: { 201: PlanSchema },
      errors: ['already_exists'],
      reserves: 'plan',
      async handler({ body, companyId, reservedId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewPlan(await createPlan(tx, { plan: { ...body, id: reservedId }, now }), timeZone),
        );

        return { status: 201, body: view, headers: { location: `/api/v1/plans/${view.id}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/plans',
      operationId: 'listPlans',
      summary: 'List and search plans',
      description: 'Active ones, unless an employee asks for another status.',
      tag,
      access: 'public',
      query: ListPlansQuery,
      responses: { 200: pageOf(PlanSchema) },
      async handler({ query: { limit, cursor, status, trialEnabled, ...filter }, principal, companyId }) {
        const statuses = shownStatuses(status, isEmployee(principal));
        const after = decodeCursor(z.int(), cursor) ?? 0;
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listPlans(tx, {
            filter: {
              ...filter,
              statuses,
              trialEnabled: trialEnabled === undefined ? undefined : trialEnabled === 'true',
            },
            after,
            limit: limit + 1,
          });

          return toPage(rows, { limit, positionOf: (row) => row.id, view: (row) => viewPlan(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/plans/:id',
      operationId: 'readPlan',
      summary: 'Read a plan',
      description: 'Drafts and archived ones are for employees; subscriptions go on naming theirs.',
      tag,
      access: 'public',
      params: idParams,
      responses: { 200: PlanSchema },
      errors: ['not_found'],
      async handler({ params: { id }, principal, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewPlan(presentPlan(readableEntry(await readPlan(tx, id), isEmployee(principal))), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/plans/:id',
      operationId: 'updatePlan',
      summary: 'Change, publish, archive or bring back a plan',
      description: 'Running subscriptions keep the name, price and cycle they were made with.',
      tag,
      access: managers,
      params: idParams,
      body: UpdatePlanRequest,
      responses: { 200: PlanSchema },
      errors: ['not_found', 'already_exists'],
      async handler({ params: { id }, body, companyId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewPlan(await updatePlan(tx, { id, changes: body, now }), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/plans/:id',
      operationId: 'archivePlan',
      summary: 'Archive a plan',
      description: 'Nothing is deleted: running subscriptions go on, and the plan can be brought back.',
      tag,
      access: managers,
      params: idParams,
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, now }) {
        await database.withTenant(companyId, (tx) => updatePlan(tx, { id, changes: { status: 'archived' }, now }));

        return { status: 204 };
      },
    }),
  ];
}
