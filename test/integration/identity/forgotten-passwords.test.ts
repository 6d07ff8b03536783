import { createAccountLinks } from '../../../domain/identity/account-links';
import { claimAttempt } from '../../../domain/identity/passwords/login-throttle';
import { passwords } from '../../../domain/identity/passwords/passwords';
import { resetPassword } from '../../../domain/identity/passwords/reset-password';
import { logIn } from '../../../domain/identity/sessions/log-in';
import { updateUser } from '../../../domain/identity/update-user';
import { passwordBound } from '../../../domain/notifications/account-link-rules';
import { noticeToUser } from '../../../domain/notifications/notice-to-user';
import { createSignedLinks } from '../../../domain/notifications/signed-links';
import type { Database } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');
const signedLinks = createSignedLinks({
  secret: 'links-of-tests-only-0123456789abcdef',
  publicUrl: 'http://shop.example',
});
const password = 'chosen-anew-by-its-owner-7';

let testDatabase: TestDatabase;
let database: Database;
let company: TestCompany;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ poolSize: 12 });
  database = testDatabase.database;
  company = await openTestCompany(database);
});

afterAll(() => testDatabase?.drop());

/** Somebody who has to wait, after too many wrong passwords. */
async function throttled() {
  const { principal, email } = await company.addShopper();

  for (let nth = 0; nth < 5; nth += 1) {
    await database.withTenantSql(company.id, (tx) => claimAttempt(tx, { email, now }));
  }
  expect(await signIn(email)).toBe('rate_limited');

  return { userId: principal.userId, email };
}

const signIn = (email: string) =>
  logIn({ database, passwords }, { companyId: company.id, email, password, now }).then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );

it('are asked for by many requests at once and written about once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { principal, email } = await company.addShopper();
    const ask = () =>
      database.withTenantSql(company.id, (tx) =>
        noticeToUser(tx, { kind: 'password_reset', user: { email }, isAskedFor: true, now }),
      );
    await Promise.all(Array.from({ length: 12 }, ask));
    const told = await queryAsOwner(
      testDatabase.adminUrl,
      "SELECT 1 FROM platform.notices WHERE user_id = $1 AND kind = 'password_reset'",
      [principal.userId],
    );

    expect(told).toHaveLength(1);
  }
});

it('are replaced by one that lets its owner in at once, whatever was guessed before', async () => {
  const { userId, email } = await throttled();
  const [user] = await queryAsOwner<{ password_hash: string }>(
    testDatabase.adminUrl,
    'SELECT password_hash FROM customer.users WHERE id = $1',
    [userId],
  );
  const bound = passwordBound({ email, passwordHash: user?.password_hash ?? '' });
  const link = signedLinks.linkTo('reset-password', [company.id, userId, now.getTime()], bound);
  const links = createAccountLinks(signedLinks, database);
  await resetPassword({ database, passwords, links }, { token: link.split('/').at(-1) ?? '', password, now });

  expect(await signIn(email)).toBe('ok');
});

it('are replaced by an administrator, with the same effect', async () => {
  const { userId, email } = await throttled();
  const passwordHash = await passwords.hashPassword(password, { email });
  await database.withTenant(company.id, (tx) =>
    updateUser(tx, { id: userId, actingUserId: company.admin.principal.userId, changes: { passwordHash }, now }),
  );

  expect(await signIn(email)).toBe('ok');
});
