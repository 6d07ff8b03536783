import { z } from 'zod';

import { createOverride } from '../../domain/entitlements/overrides/create-override';
import { removeOverride } from '../../domain/entitlements/overrides/end-override';
import { overrideEffects, overrideEnds, viewOverride } from '../../domain/entitlements/overrides/override-row';
import { listOverrides } from '../../domain/entitlements/overrides/read-overrides';
import { readCustomer } from '../../domain/customers/read-customer';
import type { ApiDependencies } from '../dependencies';
import { grantValue } from '../features/grant-schemas';
import { codeName, idParameter, idParams, instant, line, plannedInstant } from '../http/pipeline/fields';
import { decodeCursor, pageOf, pageParameters, toPage } from '../http/pipeline/page';
import { defineRoute, employees, managers, type Route } from '../http/pipeline/route';

const tag = 'Entitlements';
const path = '/customers/:id/entitlement-overrides';

const CreateOverrideRequest = z.strictObject({
  feature: codeName.describe('Its code.'),
  effect: z.enum(overrideEffects).describe('grant: this and nothing else. deny: nothing.'),
  value: grantValue
    .nullable()
    .default(null)
    .describe('How much; of a boolean feature, and of one that is denied, none.'),
  validUntil: plannedInstant.nullable().default(null).describe('Until it is removed, where not given.'),
  reason: line(200).describe('For whoever asks later.'),
});

const OverrideSchema = z
  .strictObject({
    id: z.int(),
    customerId: z.int(),
    feature: z.string(),
    effect: z.enum(overrideEffects),
    value: grantValue.nullable(),
    reason: z.string(),
    validUntil: instant.nullable(),
    createdBy: z.int().nullable().describe('A user.'),
    createdAt: instant.describe("The customer's time: that of a test clock where there is one."),
    endedAt: instant.nullable(),
    endedBy: z.int().nullable(),
    endReason: z.enum(overrideEnds).nullable(),
  })
  .meta({ id: 'EntitlementOverride' });

/** What one customer is given or denied by hand, whatever its subscriptions give. */
export function createOverrideRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path,
      operationId: 'createEntitlementOverride',
      summary: 'Give or deny one customer a feature',
      description:
        'It holds in place of what the subscriptions of the customer give, whatever becomes of them, until it ends; another one for the same feature replaces it.',
      tag,
      access: managers,
      params: idParams,
      body: CreateOverrideRequest,
      responses: { 201: OverrideSchema },
      errors: ['not_found', 'feature_not_found', 'invalid_date_sequence'],
      reserves: 'entitlementOverride',
      async handler({ params, body, companyId, principal, reservedId, now }) {
        const wanted = { ...body, id: reservedId, customerId: params.id, userId: principal?.userId ?? null };
        const row = await database.withTenantSql(companyId, (tx) => createOverride(tx, wanted, now));

        return { status: 201, body: viewOverride(row) };
      },
    }),
    defineRoute({
      method: 'get',
      path,
      operationId: 'listEntitlementOverrides',
      summary: 'What a customer is given or denied by hand, newest first',
      tag,
      access: employees,
      params: idParams,
      query: z.strictObject({
        ...pageParameters,
        status: z.enum(['active', 'all']).default('active').describe('all: also what is over.'),
      }),
      responses: { 200: pageOf(OverrideSchema) },
      errors: ['not_found'],
      async handler({ params: { id: customerId }, query: { limit, cursor, status }, companyId }) {
        const before = decodeCursor(z.int(), cursor);
        const rows = await database.withTenant(companyId, async (tx) => {
          await readCustomer(tx, customerId);

          return listOverrides(tx, { customerId, isOver: status === 'all', before: before ?? null, limit: limit + 1 });
        });

        return { status: 200, body: toPage(rows, { limit, positionOf: ({ id }) => id, view: viewOverride }) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: `${path}/:overrideId`,
      operationId: 'removeEntitlementOverride',
      summary: 'Take an override away',
      description: 'The subscriptions of the customer count again, at once.',
      tag,
      access: managers,
      params: z.strictObject({ id: idParameter, overrideId: idParameter }),
      responses: { 204: null },
      errors: ['not_found'],
      async handler({ params, companyId, principal, now }) {
        const of = { id: params.overrideId, customerId: params.id, userId: principal?.userId ?? null };
        await database.withTenantSql(companyId, (tx) => removeOverride(tx, of, now));

        return { status: 204 };
      },
    }),
  ];
}
