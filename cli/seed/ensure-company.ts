import { createCompany } from '../../domain/companies/create-company';
import { findCompany } from '../../domain/companies/find-company';
import { initialSettings } from '../../domain/companies/initial-settings';
import type { Config } from '../../platform/config';
import type { Database } from '../../platform/db/database';
import { nextId } from '../next-id';

/** Id of the company with this slug, which is created when there is none; settings come from the environment (D15). */
export async function ensureCompany(input: {
  config: Config;
  database: Database;
  slug: string;
  name: string;
  isSandbox?: boolean;
  now: Date;
}): Promise<number> {
  const { config, database, slug, name, isSandbox, now } = input;
  const known = await findCompany(database.system, slug);

  if (known !== null) {
    return known.id;
  }

  const id = await nextId(database.system, 'platform.companies');
  const settings = initialSettings(config);
  await database.withTenant(id, (tx) => createCompany(tx, { slug, name, isSandbox, settings, now }));

  return id;
}
