import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const featureStatuses = ['active', 'archived'] as const;

export const FeatureRow = z.object({
  id: dbInteger,
  code: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  status: z.enum(featureStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type FeatureRow = z.output<typeof FeatureRow>;

export type FeatureFields = Pick<FeatureRow, 'code' | 'name' | 'description'>;

export const selectFeatures = Prisma.sql`
  SELECT f.id, f.code, f.name, f.description, f.status, f.created_at AS "createdAt", f.updated_at AS "updatedAt"
    FROM product.features f`;
