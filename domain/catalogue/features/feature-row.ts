import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const featureStatuses = ['active', 'archived'] as const;
/** There or not; so many of its unit; a balance for each period, drawn down by the usage of a meter. */
export const featureKinds = ['boolean', 'limit', 'metered'] as const;
export type FeatureKind = (typeof featureKinds)[number];

export const FeatureRow = z.object({
  id: dbInteger,
  code: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  kind: z.enum(featureKinds),
  /** What its number counts: seats, GB. */
  unit: z.string().nullable(),
  /** Code of the meter whose usage draws a metered one down. */
  meter: z.string().nullable(),
  status: z.enum(featureStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type FeatureRow = z.output<typeof FeatureRow>;

export type FeatureFields = Pick<FeatureRow, 'code' | 'name' | 'description' | 'kind' | 'unit' | 'meter'>;

export const selectFeatures = Prisma.sql`
  SELECT f.id, f.code, f.name, f.description, f.kind, f.unit,
         (SELECT m.code FROM usage.meters m WHERE m.company_id = f.company_id AND m.id = f.meter_id) AS meter, f.status, f.created_at AS "createdAt", f.updated_at AS "updatedAt"
    FROM product.features f`;
