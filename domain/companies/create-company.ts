import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import type { CompanyRow } from './company-view';
import { readCompany } from './read-company';
import type { Settings } from './setting-catalogue';

export interface NewCompany {
  slug: string;
  name: string;
  isSandbox?: boolean | undefined;
  /** What differs from the defaults from the start (D15). */
  settings?: Partial<Settings>;
}

/**
 * Makes the company whose id the transaction runs under, with business model `multi` (D28). Idempotent by that id;
 * `isNew` is false on a retry.
 * @throws AppError already_exists on /slug when another company has it
 */
export async function createCompany(
  tx: TenantTransaction,
  input: NewCompany & { now: Date },
): Promise<{ row: CompanyRow; isNew: boolean }> {
  const { slug, name, isSandbox = false, settings = {}, now } = input;
  const times = { createdAt: now, updatedAt: now };
  const created = await tx.orm.company.createManyAndReturn({
    data: [{ id: tx.companyId, slug, name, isSandbox, ...times }],
    skipDuplicates: true,
  });

  if (created.length === 0) {
    return { row: await findEqual(tx, slug), isNew: false };
  }

  await tx.orm.companySettings.create({
    data: { companyId: tx.companyId, values: settings as Prisma.InputJsonObject, updatedAt: now },
  });
  await appendEvents(tx, {
    subject: `company/${tx.companyId}`,
    events: [{ type: 'company.created', payload: { companyId: tx.companyId, slug, name, businessModel: 'multi' } }],
    now,
  });

  return { row: await readCompany(tx), isNew: true };
}

/** A retry finds its own company; another one with the slug shows only as a conflict, since its row is out of reach. */
async function findEqual(tx: TenantTransaction, slug: string): Promise<CompanyRow> {
  const own = await tx.orm.company.findUnique({ where: { id: tx.companyId }, select: { slug: true } });

  if (own?.slug !== slug) {
    throw new AppError('already_exists', { field: '/slug', detail: `A company with the slug ${slug} exists already.` });
  }

  return readCompany(tx);
}
