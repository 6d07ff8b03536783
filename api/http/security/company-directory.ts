import { z } from 'zod';

import type { Clock } from '../../../platform/clock';
import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { createMemory } from './remember';

export interface KnownCompany {
  id: number;
  slug: string;
  isSuspended: boolean;
  /** As it was a moment ago: whoever is told no looks again. */
  takes: { orders: boolean; subscriptions: boolean };
}

/** Companies by slug and id, remembered for a few seconds because every request asks. */
export interface CompanyDirectory {
  findBySlug(slug: string): Promise<KnownCompany | null>;
  findById(id: number): Promise<KnownCompany | null>;
}

const Row = z.object({
  id: dbInteger,
  slug: z.string(),
  status: z.string(),
  accepts_orders: z.boolean(),
  accepts_subscriptions: z.boolean(),
});
const Named = z.object({ id: dbInteger });

export function createCompanyDirectory(options: { database: Database; clock: Clock }): CompanyDirectory {
  const { database } = options;
  const remember = createMemory<KnownCompany | null>(options.clock);
  const toCompany = (row: z.output<typeof Row> | undefined): KnownCompany | null =>
    row === undefined
      ? null
      : {
          id: row.id,
          slug: row.slug,
          isSuspended: row.status === 'suspended',
          takes: { orders: row.accepts_orders, subscriptions: row.accepts_subscriptions },
        };
  const findById = (id: number): Promise<KnownCompany | null> =>
    remember(`id ${id}`, async () => {
      const rows = await database
        .eachAlone(id)
        .query(
          Row,
          Prisma.sql`SELECT id, slug, status, accepts_orders, accepts_subscriptions FROM platform.companies WHERE id = ${id}::bigint`,
        );

      return toCompany(rows[0]);
    });

  return {
    findBySlug: (slug) =>
      remember(`slug ${slug}`, async () => {
        const [named] = await database.system.query(Named, Prisma.sql`SELECT id FROM system.find_company(${slug})`);

        return named === undefined ? null : findById(named.id);
      }),
    findById,
  };
}
