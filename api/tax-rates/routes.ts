import { createTaxRate } from '../../domain/catalogue/tax-rates/create-tax-rate';
import { listTaxRates } from '../../domain/catalogue/tax-rates/list-tax-rates';
import { readTaxRate } from '../../domain/catalogue/tax-rates/read-tax-rate';
import { viewTaxRate } from '../../domain/catalogue/tax-rates/tax-rate-view';
import { updateTaxRate } from '../../domain/catalogue/tax-rates/update-tax-rate';
import { resourceRoutes } from '../catalogue/resource-routes';
import type { ApiDependencies } from '../dependencies';
import { employees, type Route } from '../http/pipeline/route';
import { CreateTaxRateRequest, ListTaxRatesQuery, TaxRateSchema, UpdateTaxRateRequest } from './schemas';

/** What is charged on top of prices, by category and day. Without any, the setting taxRatePpm taxes everything. */
export function createTaxRatesRoutes(deps: ApiDependencies): Route[] {
  return resourceRoutes(deps, {
    path: 'tax-rates',
    tag: 'Tax rates',
    name: 'TaxRate',
    called: ['a tax rate', 'tax rates'],
    reserves: 'taxRate',
    readers: employees,
    schemas: {
      query: ListTaxRatesQuery,
      create: CreateTaxRateRequest,
      update: UpdateTaxRateRequest,
      answer: TaxRateSchema,
    },
    texts: {
      list: 'Active ones, unless another status is asked for.',
      read: 'Archived ones as well.',
      update: [
        'Rename a tax rate, move its days, archive it or bring it back',
        'Another rate is another tax rate from its day on. What was placed or issued keeps its taxes.',
      ],
      archive: ['Archive a tax rate', 'The same as status archived: nothing new is taxed by it.'],
    },
    createErrors: ['tax_rate_overlaps'],
    updateErrors: ['tax_rate_overlaps'],
    create: (tx, { body, id, now }) => createTaxRate(tx, { taxRate: { ...body, id }, now }),
    list: (tx, { query: filter, statuses, after, limit }) =>
      listTaxRates(tx, { filter: { ...filter, statuses }, after: Number(after ?? 0), limit }),
    read: readTaxRate,
    update: updateTaxRate,
    archived: { status: 'archived' },
    view: viewTaxRate,
  });
}
