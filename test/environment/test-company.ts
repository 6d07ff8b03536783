import { randomBytes } from 'node:crypto';

import { reserveId } from '../../api/http/idempotency/reserve-id';
import { createCompany } from '../../domain/companies/create-company';
import type { Settings } from '../../domain/companies/setting-catalogue';
import { createCustomer } from '../../domain/customers/create-customer';
import { insertCustomer } from '../../domain/customers/insert-customer';
import { createAccessTokens } from '../../domain/identity/sessions/access-token';
import { createUser } from '../../domain/identity/create-user';
import { insertUser } from '../../domain/identity/insert-user';
import type { Principal, StaffRole } from '../../domain/identity/principal';
import { systemClock } from '../../platform/clock';
import { developmentSecrets } from '../../platform/config';
import type { Database } from '../../platform/db/database';

/** Password of every user that {@link openTestCompany} makes, and its hash with the cheapest parameters there are. */
export const testPassword = 'test-password-1';
const testPasswordHash =
  '$argon2id$v=19$m=8,t=1,p=1$IMuuCyZGRNcFr2CnGf0AUg$NbebhNUBJKzenXfdr4JAe1kSTGVyYxR3PB4KpEPUu1I';

/** A user of a test company, with a token as if signed in. */
export interface TestUser {
  principal: Principal;
  email: string;
  token: string;
  /** For what outlives a token. */
  freshToken(): Promise<string>;
}

export interface TestCompany {
  id: number;
  slug: string;
  admin: TestUser;
  manager: TestUser;
  staff: TestUser;
  /** A customer entered by staff: a customer record and its billing account, but no user. @returns its id */
  addCustomer(fields?: { name?: string; email?: string }): Promise<number>;
  /** A customer who has signed up: user, customer record, billing account, token. */
  addShopper(): Promise<TestUser & { customerId: number }>;
}

/**
 * A fresh company with one user of each staff role, written by the product's own operations. Tokens are signed with
 * `secret`, the development default where none is given.
 */
export async function openTestCompany(
  database: Database,
  options: { settings?: Partial<Settings>; name?: string; secret?: string; now?: Date } = {},
): Promise<TestCompany> {
  const { settings = {}, now = systemClock.now() } = options;
  const slug = `test-${randomBytes(5).toString('hex')}`;
  const id = await reserveId(database, 'company');
  const tokens = createAccessTokens({ secret: options.secret ?? developmentSecrets.jwt, clock: systemClock });

  await database.withTenant(id, (tx) =>
    createCompany(tx, { slug, name: options.name ?? `Company ${slug}`, settings, now }),
  );

  const sign = async (principal: Principal): Promise<TestUser> => {
    const freshToken = () => tokens.issueAccessToken(principal);

    return { principal, email: principal.email, token: await freshToken(), freshToken };
  };
  const addUser = async (role: StaffRole): Promise<TestUser> => {
    const userId = await reserveId(database, 'user');
    const email = `${role}@${slug}.test`;
    await database.withTenant(id, (tx) =>
      createUser(tx, { id: userId, email, passwordHash: testPasswordHash, name: role, role, now }),
    );

    return sign({ userId, companyId: id, role, email, customerId: null });
  };

  return {
    id,
    slug,
    admin: await addUser('company_admin'),
    manager: await addUser('shop_manager'),
    staff: await addUser('staff'),
    async addCustomer(fields = {}) {
      const customerId = await reserveId(database, 'customer');
      const { name = `Customer ${customerId}`, email = `customer-${customerId}@${slug}.test` } = fields;
      await database.withTenant(id, (tx) => createCustomer(tx, { id: customerId, name, email, now }));

      return customerId;
    },
    async addShopper() {
      const userId = await reserveId(database, 'user');
      const customerId = await reserveId(database, 'customer');
      const email = `shopper-${userId}@${slug}.test`;
      const name = `Shopper ${userId}`;
      await database.withTenant(id, async (tx) => {
        await insertUser(tx, { id: userId, email, passwordHash: testPasswordHash, name, role: 'customer', now });
        await insertCustomer(tx, { id: customerId, userId, name, email, now });
      });
      const user = await sign({ userId, companyId: id, role: 'customer', email, customerId });

      return { ...user, customerId };
    },
  };
}
