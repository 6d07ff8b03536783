import { z } from 'zod';

import { viewAddon } from '../../domain/catalogue/addons/addon-view';
import { createAddon } from '../../domain/catalogue/addons/create-addon';
import { listAddons } from '../../domain/catalogue/addons/list-addons';
import { presentAddon, readAddon } from '../../domain/catalogue/addons/read-addon';
import { updateAddon } from '../../domain/catalogue/addons/update-addon';
import { readableEntry, shownStatuses } from '../../domain/catalogue/visibility-rules';
import { isEmployee } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { idParams } from '../http/pipeline/fields';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';
import { AddonSchema, CreateAddonRequest, ListAddonsQuery, UpdateAddonRequest } from './schemas';

const tag = 'Add-ons';

/** What is bought on top of a plan (S236, S241, S243). */
export function createAddonsRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/addons',
      operationId: 'createAddon',
      summary: 'Add an add-on',
      tag,
      access: managers,
      body: CreateAddonRequest,
      responses: { 201: AddonSchema },
      errors: ['already_exists'],
      reserves: 'addon',
      async handler({ body, companyId, reservedId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewAddon(await createAddon(tx, { addon: { ...body, id: reservedId }, now }), timeZone),
        );

        return { status: 201, body: view, headers: { location: `/api/v1/addons/${view.id}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/addons',
      operationId: 'listAddons',
      summary: 'List and search add-ons',
      description: 'Active ones, unless an employee asks for another status.',
      tag,
      access: 'public',
      query: ListAddonsQuery,
      responses: { 200: pageOf(AddonSchema) },
      async handler({ query: { limit, cursor, status, ...filter }, principal, companyId }) {
        const statuses = shownStatuses(status, isEmployee(principal));
        const after = decodeCursor(z.int(), cursor) ?? 0;
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const rows = await listAddons(tx, { filter: { ...filter, statuses }, after, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: (row) => row.id, view: (row) => viewAddon(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/addons/:id',
      operationId: 'readAddon',
      summary: 'Read an add-on',
      description: 'Those that are no longer sold are for employees; purchases go on naming theirs.',
      tag,
      access: 'public',
      params: idParams,
      responses: { 200: AddonSchema },
      errors: ['not_found'],
      async handler({ params: { id }, principal, companyId }) {
        const view = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          viewAddon(presentAddon(readableEntry(await readAddon(tx, id), isEmployee(principal))), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'patch',
      path: '/addons/:id',
      operationId: 'updateAddon',
      summary: 'Change an add-on, take it off sale or bring it back',
      description: 'What was bought keeps its price.',
      tag,
      access: managers,
      params: idParams,
      body: UpdateAddonRequest,
      responses: { 200: AddonSchema },
      errors: ['not_found'],
      async handler({ params: { id }, body, companyId, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewAddon(await updateAddon(tx, { id, changes: body, now }), timeZone),
        );

        return { status: 200, body: view };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/addons/:id',
      operationId: 'archiveAddon',
      summary: 'Take an add-on off sale',
      description: 'The same as isActive false: nothing is deleted, and what was bought goes on.',
      tag,
      access: managers,
      params: idParams,
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id }, companyId, now }) {
        await database.withTenant(companyId, (tx) => updateAddon(tx, { id, changes: { isActive: false }, now }));

        return { status: 204 };
      },
    }),
  ];
}
