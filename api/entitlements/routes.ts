import { createHash } from 'node:crypto';

import { z } from 'zod';

import { type EntitlementGrant, readEntitlements, validUntilOf } from '../../domain/entitlements/read-entitlements';
import { assertMaySee } from '../../domain/identity/principal';
import { formatInstant } from '../../platform/instant';
import type { ApiDependencies } from '../dependencies';
import { codeName, idParameter, instant } from '../http/pipeline/fields';
import { defineRoute, type Reply, type Route, signedIn } from '../http/pipeline/route';

const GrantSchema = z.strictObject({
  source: z.enum(['plan', 'addon']),
  subscriptionId: z.int(),
  planId: z.int().nullable(),
  addonId: z.int().nullable(),
  quantity: z.int().describe('Seats, or how many of the add-on.'),
  validUntil: instant.nullable(),
});
const EntitlementSchema = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    validUntil: instant.nullable().describe('null: goes on until something ends it.'),
    grants: z.array(GrantSchema).describe('What gives it.'),
  })
  .meta({ id: 'Entitlement' });
const EntitlementsSchema = z
  .strictObject({ customerId: z.int(), features: z.array(EntitlementSchema) })
  .meta({ id: 'Entitlements' });
const CheckSchema = z
  .strictObject({
    customerId: z.int(),
    feature: z.string(),
    isEntitled: z.boolean(),
    validUntil: instant.nullable(),
    grants: z.array(GrantSchema),
  })
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
        const features = entitlements.map(({ code, name, grants }) => ({
          code,
          name,
          ...viewGrants(grants, timeZone),
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
        const grants = entitlements.flatMap((one) => one.grants);

        return tagged({ customerId, feature, isEntitled: grants.length > 0, ...viewGrants(grants, timeZone) });
      },
    }),
  ];
}

function viewGrants(grants: readonly EntitlementGrant[], timeZone: string) {
  const written = (at: string | null) => (at === null ? null : formatInstant(new Date(at), timeZone));

  return {
    validUntil: written(validUntilOf(grants)),
    grants: grants.map((grant) => ({ ...grant, validUntil: written(grant.validUntil) })),
  };
}

/** With a tag of its contents, so that who asks often may keep what has not changed. */
function tagged(body: object): Reply {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);

  return { status: 200, body, headers: { ETag: `"${hash}"`, 'Cache-Control': 'private, no-cache' } };
}
