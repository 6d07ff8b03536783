import { createHash } from 'node:crypto';

import { z } from 'zod';

import { featureKinds } from '../../domain/catalogue/features/feature-row';
import { readEntitlements } from '../../domain/entitlements/read-entitlements';
import { overrideEffects } from '../../domain/entitlements/overrides/override-row';
import { viewEntitlement } from '../../domain/entitlements/view-entitlement';
import { assertMaySee } from '../../domain/identity/principal';
import type { ApiDependencies } from '../dependencies';
import { grantValue } from '../features/grant-schemas';
import { codeName, decimal, idParameter, instant } from '../http/pipeline/fields';
import { defineRoute, type Reply, type Route, signedIn } from '../http/pipeline/route';

const measured = {
  kind: z.enum(featureKinds),
  unit: z.string().nullable(),
  isEntitled: z.boolean().describe('A metered feature whose balance is used up is not.'),
  limit: z.int().nullable().describe('null: there or not, or without a limit.'),
  isUnlimited: z.boolean(),
  used: decimal
    .nullable()
    .describe('Of a metered feature: by its meter, in the current period, and of units bought ahead; else null.'),
  remaining: decimal.nullable(),
  prepaid: decimal
    .nullable()
    .describe('Of it, what is left of units that were bought ahead; null where there are none.'),
  resetsAt: instant.nullable().describe('When a metered balance begins anew.'),
  validUntil: instant.nullable().describe('null: goes on until something ends it.'),
  override: z
    .strictObject({ id: z.int(), effect: z.enum(overrideEffects), validUntil: instant.nullable() })
    .nullable()
    .describe('What was decided for this customer, in place of what subscriptions give.'),
  grants: z
    .array(
      z.strictObject({
        source: z.enum(['plan', 'addon', 'override']),
        subscriptionId: z.int().nullable(),
        planId: z.int().nullable(),
        addonId: z.int().nullable(),
        overrideId: z.int().nullable(),
        quantity: z.int().describe('Seats, or how many of the add-on.'),
        value: grantValue,
        perUnit: z.boolean(),
        validUntil: instant.nullable(),
      }),
    )
    .describe('What gives it. Numbers of several sources add up.'),
};
const EntitlementSchema = z
  .strictObject({ code: z.string(), name: z.string(), ...measured })
  .meta({ id: 'Entitlement' });
const EntitlementsSchema = z
  .strictObject({ customerId: z.int(), features: z.array(EntitlementSchema) })
  .meta({ id: 'Entitlements' });
const CheckSchema = z
  .strictObject({ customerId: z.int(), feature: z.string(), ...measured })
  .meta({ id: 'EntitlementCheck' });

const tag = 'Entitlements';
const caching = 'Answers an ETag; send it in If-None-Match, and 304 says that nothing has changed.';

/** What a customer may use now: of plans, of trials, of add-ons. */
export function createEntitlementsRoutes({ database }: ApiDependencies): Route[] {
  const read = (companyId: number, of: { customerId: number; code: string | null; now: Date }) =>
    readEntitlements(database.eachAlone(companyId), of);

  return [
    defineRoute({
      method: 'get',
      path: '/entitlements/:customerId',
      operationId: 'readEntitlements',
      summary: 'The features that a customer may use now',
      description: caching,
      tag,
      access: signedIn,
      params: z.strictObject({ customerId: idParameter }),
      responses: { 200: EntitlementsSchema, 304: null },
      errors: ['not_found'],
      async handler({ params: { customerId }, companyId, principal, now }) {
        assertMaySee(principal, customerId);
        const { entitlements, timeZone } = await read(companyId, { customerId, code: null, now });
        const features = entitlements.map((one) => ({
          code: one.feature.code,
          name: one.feature.name,
          ...viewEntitlement(one, timeZone),
        }));

        return tagged({ customerId, features });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/entitlements/:customerId/:feature',
      operationId: 'checkEntitlement',
      summary: 'Whether a customer may use a feature now',
      description: `A feature that does not exist is 404, never “no”. ${caching}`,
      tag,
      access: signedIn,
      params: z.strictObject({ customerId: idParameter, feature: codeName }),
      responses: { 200: CheckSchema, 304: null },
      errors: ['not_found', 'feature_not_found'],
      async handler({ params: { customerId, feature }, companyId, principal, now }) {
        assertMaySee(principal, customerId);
        const { entitlements, timeZone } = await read(companyId, { customerId, code: feature, now });
        const views = entitlements.map((one) => viewEntitlement(one, timeZone));

        return tagged({ customerId, feature, ...views[0] });
      },
    }),
  ];
}

/** With a tag of its contents, so that who asks often may keep what has not changed. */
function tagged(body: object): Reply {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);

  return { status: 200, body, headers: { ETag: `"${hash}"`, 'Cache-Control': 'private, no-cache' } };
}
