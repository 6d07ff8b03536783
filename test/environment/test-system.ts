import type { QueryResultRow } from 'pg';

import { createAccessTokens } from '../../domain/identity/sessions/access-token';
import { systemClock } from '../../platform/clock';
import { type Database, openDatabase } from '../../platform/db/database';
import { queryAsOwner } from './admin';
import { type ApiClient, createApiClient } from './api-client';
import type { SystemDescription } from './start-system';
import { openTestCompany, type TestCompany } from './test-company';

export interface TestSystem extends SystemDescription {
  /** Calls without a token, for the default company. */
  api: ApiClient;
  /** Rows of a statement run as the owner, across companies. */
  query<Row extends QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** A token of the role super_admin, whose own company is the default one. */
  superAdminToken(): Promise<string>;
}

export interface SignedUpCompany extends TestCompany {
  /** Calls as the company's admin. */
  api: ApiClient;
  /** Calls as a visitor of the company, without a token. */
  visitor: ApiClient;
}

/** The system that the end-to-end tests share. */
export function testSystem(): TestSystem {
  const text = process.env['BMMS_TEST_SYSTEM'];

  if (text === undefined) {
    throw new Error('Only tests of the project end-to-end have a running system.');
  }
  const description = JSON.parse(text) as SystemDescription;

  return {
    ...description,
    api: createApiClient(description.url),
    query: (sql, values) => queryAsOwner(description.adminUrl, sql, values),
    async superAdminToken() {
      const [operator] = await queryAsOwner<{ id: string; companyId: string }>(
        description.adminUrl,
        `INSERT INTO customer.users (company_id, email, password_hash, role, created_at, updated_at)
         SELECT c.id, 'operator@bmms.test', u.password_hash, 'super_admin', now(), now()
           FROM platform.companies c JOIN customer.users u ON u.company_id = c.id AND u.email = 'admin@demo.test' WHERE c.slug = 'demo'
         ON CONFLICT (company_id, email) DO UPDATE SET updated_at = now() RETURNING id, company_id AS "companyId"`,
      );
      const tokens = createAccessTokens({ secret: description.jwtSecret, clock: systemClock });

      return tokens.issueAccessToken({
        userId: Number(operator?.id),
        companyId: Number(operator?.companyId),
        role: 'super_admin',
        email: 'operator@bmms.test',
        customerId: null,
      });
    },
  };
}

/** Opened on first use, shared by the companies of one test file, closed when the file is done. */
let opened: Database | undefined;

afterAll(() => opened?.close());

/**
 * A fresh company on the shared system, so that each test file has its own world.
 * @returns the company with a client for its admin and one for visitors
 */
export async function signUpCompany(options: Parameters<typeof openTestCompany>[1] = {}): Promise<SignedUpCompany> {
  const system = testSystem();
  opened ??= openDatabase({ url: system.appUrl, poolSize: 2 });
  const company = await openTestCompany(opened, { secret: system.jwtSecret, ...options });

  return {
    ...company,
    api: system.api.with({ token: company.admin.token }),
    visitor: system.api.with({ headers: { 'x-company': company.slug } }),
  };
}
