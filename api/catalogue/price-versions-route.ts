import { z } from 'zod';

import { listPriceVersions } from '../../domain/catalogue/price-versions/list-price-versions';
import { PlanPhase } from '../../domain/catalogue/plans/plan-phase-rules';
import { type Priced, viewPriceVersion } from '../../domain/catalogue/price-versions/price-version-row';
import type { TenantSql } from '../../platform/db/database';
import type { ApiDependencies } from '../dependencies';
import { idParams, instant, taxBehavior } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, employees, type Route } from '../http/pipeline/route';
import { withCompanyZone } from '../http/pipeline/with-company-zone';

const PriceVersionSchema = z
  .strictObject({
    id: z.int(),
    version: z.int().describe('1, 2, … of this plan or add-on, in all its currencies.'),
    price: z.int().describe('Minor units for one period, or once.'),
    currency: z.string(),
    taxBehavior,
    billingCycle: z.string().describe('Of an add-on its billing period.'),
    phases: z
      .array(PlanPhase)
      .nullable()
      .describe('Of a plan: what a new subscription began with. null: of an add-on, and where they were not kept yet.'),
    setupFee: z.int().describe('Of an add-on: minor units, once for each purchase; 0: none.'),
    validFrom: instant,
    validTo: instant.nullable().describe('null: it is the price of today in its currency.'),
    userId: z.int().nullable().describe('Who set it; null for the system.'),
  })
  .meta({ id: 'PriceVersion' });

/** What a plan or an add-on costs, and has cost, since when and by whom. Subscribers keep the price that they agreed on. */
export function createPriceVersionsRoute(
  { database }: ApiDependencies,
  resource: {
    path: string;
    tag: string;
    operationId: string;
    /** In sentences: `a plan`. */
    called: string;
    ofPriced(id: number): Priced;
    /** @throws AppError not_found */
    read(tx: TenantSql, id: number): Promise<unknown>;
  },
): Route {
  return defineRoute({
    method: 'get',
    path: `/${resource.path}/:id/prices`,
    operationId: resource.operationId,
    summary: `List the prices of ${resource.called}, newest first`,
    description: 'Each change of price, currency or cycle is a version. Who has subscribed keeps the price agreed on.',
    tag: resource.tag,
    access: employees,
    params: idParams,
    query: z.strictObject(pageParameters),
    responses: { 200: pageOf(PriceVersionSchema) },
    errors: ['not_found'],
    async handler({ params: { id }, query: { limit, cursor }, companyId }) {
      const before = decodeCursor(z.int(), cursor);
      const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
        await resource.read(tx, id);
        const rows = await listPriceVersions(tx, { of: resource.ofPriced(id), before, limit: limit + 1 });

        return toPage(rows, {
          limit,
          positionOf: ({ version }) => version,
          view: (row) => viewPriceVersion(row, timeZone),
        });
      });

      return { status: 200, body: page };
    },
  });
}
