import { createUser } from '../../domain/identity/create-user';
import { passwords } from '../../domain/identity/passwords/passwords';
import { signUp } from '../../domain/identity/sign-up';
import type { Config } from '../../platform/config';
import type { Database } from '../../platform/db/database';
import { nextId } from '../next-id';
import { ensureCompany } from './ensure-company';
import { seedCatalogue } from './seed-catalogue';
import { seedServices } from './seed-services';

/** Known to everybody: for a machine of one's own only. */
export const demoCompany = {
  slug: 'demo',
  name: 'Demo',
  password: 'demo-password-1',
  administrator: { email: 'admin@demo.test', name: 'Demo Administrator' },
  customer: { email: 'customer@demo.test', name: 'Demo Customer' },
} as const;

/**
 * Puts the demo company in place: its two people, its catalogue, and the wanted state of the services. What is there
 * already stays as it is, so it may run at every start.
 * @throws Error in production, where nobody may have a password that is printed in a manual
 */
export async function seedDemo(input: {
  config: Config;
  database: Database;
  now: Date;
}): Promise<{ companyId: number }> {
  const { config, database, now } = input;

  if (config.isProduction) {
    throw new Error('NODE_ENV=production seeds nothing.');
  }

  const { slug, name } = demoCompany;
  const companyId = await ensureCompany({ config, database, slug, name, isSandbox: true, now });
  await ensureUser(database, companyId, 'administrator', now);
  await ensureUser(database, companyId, 'customer', now);
  await seedCatalogue(database, companyId, now);
  await seedServices(database, now);

  return { companyId };
}

async function ensureUser(
  database: Database,
  companyId: number,
  which: 'administrator' | 'customer',
  now: Date,
): Promise<void> {
  const { email, name } = demoCompany[which];
  const known = await database.withTenant(companyId, (tx) =>
    tx.orm.user.findUnique({ where: { companyId_email: { companyId, email } }, select: { id: true } }),
  );

  if (known !== null) {
    return;
  }

  const id = await nextId(database.system, 'customer.users');
  const user = { id, email, name, passwordHash: await passwords.hashPassword(demoCompany.password, { email }), now };
  await database.withTenant(companyId, async (tx) => {
    if (which === 'customer') {
      await signUp(tx, user);
    } else {
      await createUser(tx, { ...user, role: 'company_admin' });
    }
  });
}
