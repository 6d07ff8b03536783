import { z } from 'zod';

import type { Clock } from '../../../platform/clock';
import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';

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

/** How long a suspension may take to be noticed by a process. */
const rememberMs = 2_000;
const rememberAtMost = 10_000;

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

/** Keeps each answer for a moment; requests that ask at the same time share one question. */
function createMemory<Value>(clock: Clock): (key: string, ask: () => Promise<Value>) => Promise<Value> {
  const entries = new Map<string, { until: number; value: Promise<Value> }>();

  return (key, ask) => {
    const now = clock.now().getTime();
    const known = entries.get(key);

    if (known !== undefined && known.until > now && known.until <= now + rememberMs) {
      return known.value;
    }
    if (entries.size >= rememberAtMost) {
      entries.clear();
    }
    const value = ask();
    entries.set(key, { until: now + rememberMs, value });
    // A failed question is asked anew by the next request.
    value.catch(() => entries.delete(key));

    return value;
  };
}
