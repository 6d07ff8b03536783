import { createFeature } from '../../domain/catalogue/features/create-feature';
import { viewFeature } from '../../domain/catalogue/features/feature-view';
import { listFeatures } from '../../domain/catalogue/features/list-features';
import { presentFeature, readFeature } from '../../domain/catalogue/features/read-feature';
import { updateFeature } from '../../domain/catalogue/features/update-feature';
import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { resourceRoutes } from '../catalogue/resource-routes';
import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { CreateFeatureRequest, FeatureSchema, ListFeaturesQuery, UpdateFeatureRequest } from './schemas';

/** What plans and add-ons unlock (S105). */
export function createFeaturesRoutes(deps: ApiDependencies): Route[] {
  return resourceRoutes(deps, {
    path: 'features',
    tag: 'Features',
    name: 'Feature',
    called: ['a feature', 'features'],
    reserves: 'feature',
    schemas: {
      query: ListFeaturesQuery,
      create: CreateFeatureRequest,
      update: UpdateFeatureRequest,
      answer: FeatureSchema,
    },
    texts: {
      read: 'Archived ones are for employees.',
      update: ['Change, archive or bring back a feature'],
      archive: ['Archive a feature', 'Plans and add-ons that have it keep it.'],
    },
    createErrors: ['meter_not_found'],
    create: (tx, { body, id, now }) => createFeature(tx, { feature: { ...body, id }, now }),
    list: (tx, { query: { q }, statuses, after, limit }) =>
      listFeatures(tx, { filter: { statuses, q }, after: Number(after ?? 0), limit }),
    read: async (tx, id, isEmployee) => presentFeature(readableEntry(await readFeature(tx, id), isEmployee)),
    update: updateFeature,
    archived: { status: 'archived' },
    view: viewFeature,
  });
}
