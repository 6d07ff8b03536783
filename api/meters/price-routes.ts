import { z } from 'zod';

import { priceModelSchema } from '../../domain/billing/pricing/price-model-schema';
import { meterStatuses } from '../../domain/usage/meters/meter-types';
import { readMeter } from '../../domain/usage/meters/read-meters';
import { viewMeterPrice } from '../../domain/usage/prices/meter-price-row';
import { archiveMeterPrice, createMeterPrice, listMeterPrices } from '../../domain/usage/prices/meter-prices';
import type { ApiDependencies } from '../dependencies';
import { agreedTaxBehavior, currency, idParameter, idParams, instant } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, employees, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone, withOrmAndCompanyZone } from '../http/pipeline/with-company-zone';
import { PriceModelComponent } from './price-model-component';

const tag = 'Usage';

const MeterPriceSchema = z
  .strictObject({
    id: z.int(),
    meterId: z.int(),
    planId: z.int().nullable().describe('The plan that bills the usage of its subscriptions by it.'),
    addonId: z.int().nullable().describe('The add-on that does.'),
    currency: z.string(),
    taxBehavior: agreedTaxBehavior,
    price: PriceModelComponent,
    status: z.enum(meterStatuses),
    createdAt: instant,
  })
  .meta({ id: 'MeterPrice' });

/** What meters cost: one price in each currency at a time, and those of before. */
export function createMeterPriceRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/meters/:id/prices',
      operationId: 'createMeterPrice',
      summary: 'Give a meter its price in a currency',
      description:
        'A price never changes: the one before is archived, and whatever was sold at it keeps it. With `planId` or `addonId` it is the price within that plan or add-on: subscriptions to the plan, and purchases of the add-on, that begin from then on bill the usage of each period at its end. Without either it is what the usage is shown with, and bills nothing.',
      tag,
      access: managers,
      params: idParams,
      body: z
        .strictObject({
          planId: z.int().min(1).optional().describe('Bill it with this plan.'),
          addonId: z.int().min(1).optional().describe('Bill it with this add-on.'),
          currency: currency
            .optional()
            .describe(
              "One that the plan or add-on has a price in; its own, or the company's setting, where not given.",
            ),
          taxBehavior: agreedTaxBehavior
            .optional()
            .describe(
              'inclusive: what it comes to holds the tax. As of the plan or add-on, or the company’s setting, where not given; for good.',
            ),
          price: priceModelSchema,
        })
        .refine(({ planId, addonId }) => planId === undefined || addonId === undefined, {
          path: ['addonId'],
          error: 'is not given together with planId',
        }),
      responses: { 201: MeterPriceSchema },
      errors: ['not_found', 'plan_not_found', 'addon_not_found', 'price_not_in_currency'],
      reserves: 'meterPrice',
      async handler({ params: { id: meterId }, body, companyId, reservedId: id, now }) {
        const view = await withOrmAndCompanyZone(database, companyId, async (tx, timeZone) =>
          viewMeterPrice(await createMeterPrice(tx, { ...body, id, meterId, now }), timeZone),
        );

        return { status: 201, body: view };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/meters/:id/prices',
      operationId: 'listMeterPrices',
      summary: 'List the prices of a meter, newest first, those of before too',
      tag,
      access: employees,
      params: idParams,
      query: z.strictObject(pageParameters),
      responses: { 200: pageOf(MeterPriceSchema) },
      errors: ['not_found'],
      async handler({ params: { id: meterId }, query: { limit, cursor }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          await readMeter(tx, meterId);
          const rows = await listMeterPrices(tx, { meterId, before, limit: limit + 1 });

          return toPage(rows, { limit, positionOf: ({ id }) => id, view: (row) => viewMeterPrice(row, timeZone) });
        });

        return { status: 200, body: page };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/meters/:id/prices/:priceId',
      operationId: 'archiveMeterPrice',
      summary: 'Archive a price: the meter has none in its currency',
      tag,
      access: managers,
      params: z.strictObject({ id: idParameter, priceId: idParameter }),
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params: { id: meterId, priceId: id }, companyId, now }) {
        await database.withTenant(companyId, (tx) => archiveMeterPrice(tx, { id, meterId, now }));

        return { status: 204 };
      },
    }),
  ];
}
