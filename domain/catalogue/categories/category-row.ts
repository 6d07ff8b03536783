import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';

export const categoryStatuses = ['active', 'archived'] as const;

export const CategoryRow = z.object({
  id: dbInteger,
  name: z.string(),
  /** Folded: what it is known by, for good. */
  nameText: z.string(),
  description: z.string().nullable(),
  /** Codes of those that its products have, sorted. */
  features: z.array(z.string()),
  status: z.enum(categoryStatuses),
  createdAt: dbInstant,
  updatedAt: dbInstant,
});
export type CategoryRow = z.output<typeof CategoryRow>;

export type CategoryFields = Pick<CategoryRow, 'name' | 'description' | 'features'>;

export const selectCategories = Prisma.sql`
  SELECT c.id, c.name, c.name_text AS "nameText", c.description, c.status, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
         (SELECT coalesce(jsonb_agg(f.code ORDER BY f.code COLLATE "C"), '[]') FROM product.category_features g
            JOIN product.features f ON f.company_id = g.company_id AND f.id = g.feature_id
           WHERE g.company_id = c.company_id AND g.category_id = c.id) AS features
    FROM product.categories c`;
