import { readableEntry } from '../../domain/catalogue/visibility-rules';
import { createMeter } from '../../domain/usage/meters/create-meter';
import { viewMeter } from '../../domain/usage/meters/meter-row';
import { listMeters, presentMeter, readMeter } from '../../domain/usage/meters/read-meters';
import { updateMeter } from '../../domain/usage/meters/update-meter';
import { resourceRoutes } from '../catalogue/resource-routes';
import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { CreateMeterRequest, ListMetersQuery, MeterSchema, UpdateMeterRequest } from './schemas';

/** What usage is measured by. */
export function createMetersRoutes(deps: ApiDependencies): Route[] {
  return resourceRoutes(deps, {
    path: 'meters',
    tag: 'Usage',
    name: 'Meter',
    called: ['a meter', 'meters'],
    reserves: 'meter',
    schemas: { query: ListMetersQuery, create: CreateMeterRequest, update: UpdateMeterRequest, answer: MeterSchema },
    texts: {
      read: 'Archived ones are for employees.',
      update: [
        'Rename, archive or bring back a meter',
        'What it counts never changes, because usage that was billed would be another: make a new meter instead.',
      ],
      archive: ['Archive a meter', 'Its events are kept; new ones that no other meter counts are rejected.'],
    },
    create: (tx, { body: { filters = {}, ...body }, id, now }) =>
      createMeter(tx, { meter: { ...body, filters, id }, now }),
    list: (tx, { query: filter, statuses, after, limit }) =>
      listMeters(tx, { filter: { ...filter, statuses }, after: Number(after ?? 0), limit }),
    read: async (tx, id, isEmployee) => presentMeter(readableEntry(await readMeter(tx, id), isEmployee)),
    update: updateMeter,
    archived: { status: 'archived' },
    view: viewMeter,
  });
}
