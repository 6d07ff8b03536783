import { z } from 'zod';

import type { Clock } from '../../../platform/clock';
import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { createMemory } from './remember';

export interface KnownCompany {
  id: number;
  slug: string;
  isSuspended: boolean;
}

/** Companies by slug and id, remembered for a few seconds because every request asks. */
export interface CompanyDirectory {
  findBySlug(slug: string): Promise<KnownCompany | null>;
  findById(id: number): Promise<KnownCompany | null>;
}

const Row = z.object({ id: dbInteger, slug: z.string(), status: z.string() });

export function createCompanyDirectory(options: { database: Database; clock: Clock }): CompanyDirectory {
  const { database } = options;
  const remember = createMemory<KnownCompany | null>(options.clock);
  const toCompany = (row: z.output<typeof Row> | undefined): KnownCompany | null =>
    row === undefined ? null : { id: row.id, slug: row.slug, isSuspended: row.status === 'suspended' };

  return {
    findBySlug: (slug) =>
      remember(`slug ${slug}`, async () => {
        const rows = await database.system.query(
          Row,
          Prisma.sql`SELECT id, slug, status FROM system.find_company(${slug})`,
        );

        return toCompany(rows[0]);
      }),
    findById: (id) =>
      remember(`id ${id}`, async () => {
        const rows = await database
          .eachAlone(id)
          .query(Row, Prisma.sql`SELECT id, slug, status FROM platform.companies WHERE id = ${id}::bigint`);

        return toCompany(rows[0]);
      }),
  };
}
