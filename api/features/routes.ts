import { z } from 'zod';

import { createFeature } from '../../domain/catalogue/features/create-feature';
import { viewFeature } from '../../domain/catalogue/features/feature-view';
import { listFeatures } from '../../domain/catalogue/features/list-features';
import { presentFeature, readFeature } from '../../domain/catalogue/features/read-feature';
import { updateFeature } from '../../domain/catalogue/features/update-feature';
import { readableEntry, shownStatuses } from '../../domain/catalogue/visibility-rules';
import { isEmployee } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';
import { CreateFeatureRequest, FeatureSchema, ListFeaturesQuery, UpdateFeatureRequest } from './schemas';

const tag = 'Features';

/** What plans and add-ons unlock (S105). */
export function createFeaturesRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/features',
      operationId: 'createFeature',
      summary: 'Add a feature',
      tag,
      access: managers,
      body: CreateFeatureRequest,
      responses: { 201: FeatureSchema },
      errors: ['already_exists'],
      reserves: 'feature',
      async handler({ body, companyId, reservedId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewFeature(await createFeature(tx, { feature: { ...body, id: reservedId }, now }), timeZone),
        );

        return { status: 201, body: view, headers: { location: `/api/v1/features/${view.id}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/features',
      operationId: 'listFeatures',
      summary: 'List and search features',
      description: 'Active ones, unless an employee asks for another status.',
      tag,
      access: 'public',
      query: ListFeaturesQuery,
      responses: { 200: pageOf(FeatureSchema) },
      async handler({ query: { limit, cursor, status, q }, principal, companyId }) {
        const statuses = shownStatuses(status, isEmployee(principal));
        const after = decodeCursor(z.int(), cursor) ?? 0;
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listFeatures(tx, { filter: { statuses, q }, after, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => row.id, view: (row) => viewFeature(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/features/:id',
      operationId: 'readFeature',
      summary: 'Read a feature',
      description: 'Archived ones are for employees.',
      tag,
      access: 'public',
      params: idParams,
      responses: { 200: FeatureSchema },
      errors: ['not_found'],
      async handler({ params: { id }, principal, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewFeature(presentFeature(readableEntry(await readFeature(tx, id), isEmployee(principal))), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/features/:id',
      operationId: 'updateFeature',
      summary: 'Change, archive or bring back a feature',
      tag,
      access: managers,
      params: idParams,
      body: UpdateFeatureRequest,
      responses: { 200: FeatureSchema },
      errors: ['not_found'],
      async handler({ params: { id }, body, companyId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewFeature(await updateFeature(tx, { id, changes: body, now }), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/features/:id',
      operationId: 'archiveFeature',
      summary: 'Archive a feature',
      description: 'Plans and add-ons that have it keep it.',
      tag,
      access: managers,
      params: idParams,
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, now }) {
        await database.withTenant(companyId, (tx) => updateFeature(tx, { id, changes: { status: 'archived' }, now }));

        return { status: 204 };
      },
    }),
  ];
}
