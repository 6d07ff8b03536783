import { viewAddon } from '../../domain/catalogue/addons/addon-view';
import { createAddon } from '../../domain/catalogue/addons/create-addon';
import { listAddons } from '../../domain/catalogue/addons/list-addons';
import { presentAddon, readAddon } from '../../domain/catalogue/addons/read-addon';
import { updateAddon } from '../../domain/catalogue/addons/update-addon';
import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { resourceRoutes } from '../catalogue/resource-routes';
import { createPriceVersionsRoute } from '../catalogue/price-versions-route';
import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { AddonSchema, CreateAddonRequest, ListAddonsQuery, UpdateAddonRequest } from './schemas';

/** What is bought on top of a plan (S236, S241, S243). */
export function createAddonsRoutes(deps: ApiDependencies): Route[] {
  return [
    ...resourceRoutes(deps, {
      path: 'addons',
      tag: 'Add-ons',
      name: 'Addon',
      called: ['an add-on', 'add-ons'],
      reserves: 'addon',
      schemas: { query: ListAddonsQuery, create: CreateAddonRequest, update: UpdateAddonRequest, answer: AddonSchema },
      texts: {
        read: 'Those that are no longer sold are for employees; purchases go on naming theirs.',
        update: ['Change an add-on, take it off sale or bring it back', 'What was bought keeps its price.'],
        archive: [
          'Take an add-on off sale',
          'The same as isActive false: nothing is deleted, and what was bought goes on.',
        ],
      },
      createErrors: ['tax_category_not_found', 'meter_not_found', 'meter_not_prepayable'],
      updateErrors: ['tax_category_not_found', 'meter_not_found', 'meter_not_prepayable'],
      create: (tx, { body, id, ...by }) => createAddon(tx, { addon: { ...body, id }, ...by }),
      list: (tx, { query: filter, statuses, after, limit }) =>
        listAddons(tx, { filter: { ...filter, statuses }, after: Number(after ?? 0), limit }),
      read: async (tx, id, isEmployee) => presentAddon(readableEntry(await readAddon(tx, id), isEmployee)),
      update: updateAddon,
      archived: { isActive: false },
      view: viewAddon,
    }),
    createPriceVersionsRoute(deps, {
      path: 'addons',
      tag: 'Add-ons',
      operationId: 'listAddonPrices',
      called: 'an add-on',
      ofPriced: (addonId) => ({ addonId }),
      read: readAddon,
    }),
  ];
}
