import { updateCompany } from '../../../domain/companies/update-company';
import { endSession } from '../../../domain/identity/sessions/end-session';
import { logIn } from '../../../domain/identity/sessions/log-in';
import { passwords } from '../../../domain/identity/passwords/passwords';
import { parseRefreshToken, refreshTokenMs } from '../../../domain/identity/sessions/refresh-token';
import { refreshSession } from '../../../domain/identity/sessions/refresh-session';
import { startSession } from '../../../domain/identity/sessions/start-session';
import { updateUser } from '../../../domain/identity/update-user';
import type { Database } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany, testPassword, type TestUser } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);

let testDatabase: TestDatabase;
let database: Database;
let company: TestCompany;
let shopper: TestUser & { customerId: number };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
});

beforeEach(async () => {
  company = await openTestCompany(database);
  shopper = await company.addShopper();
});

afterAll(() => testDatabase?.drop());

const begin = async (user: TestUser = shopper): Promise<string> => {
  const { userId } = user.principal;

  return (await database.withTenant(company.id, (tx) => startSession(tx, { userId, now }))).refreshToken;
};
const refresh = async (refreshToken: string, at = now): Promise<string> =>
  (await refreshSession(database, { refreshToken, now: at })).refreshToken;
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  );

describe('signing in', () => {
  const attempt = (email: string, password: string, compared: (string | null)[] = []) =>
    logIn(
      {
        database,
        passwords: {
          ...passwords,
          matchesPassword: (given, storedHash) => {
            compared.push(storedHash);

            return passwords.matchesPassword(given, storedHash);
          },
        },
      },
      { companyId: company.id, email, password, now },
    );

  it('takes the right password and says who it is', async () => {
    await expect(attempt(shopper.email, testPassword)).resolves.toMatchObject({
      account: { ...shopper.principal, isActive: true },
    });
  });

  it('answers a wrong password and an unknown address alike, after the same work', async () => {
    const compared: (string | null)[] = [];

    expect(await codeOf(attempt(shopper.email, 'wrong', compared))).toBe('invalid_credentials');
    expect(await codeOf(attempt('nobody@example.test', 'wrong', compared))).toBe('invalid_credentials');
    expect(compared).toEqual([expect.stringContaining('$argon2id$'), null]);
  });

  it('does not find users of another company', async () => {
    const other = await openTestCompany(database);

    expect(await codeOf(attempt(other.admin.email, testPassword))).toBe('invalid_credentials');
  });

  it('refuses a disabled user, and says so only to who knows the password', async () => {
    await disable(shopper);

    expect(await codeOf(attempt(shopper.email, testPassword))).toBe('forbidden');
    expect(await codeOf(attempt(shopper.email, 'wrong'))).toBe('invalid_credentials');
  });

  it('drops the tokens of that user which have ended', async () => {
    await begin();
    await database.withTenant(company.id, (tx) =>
      startSession(tx, { userId: shopper.principal.userId, now: later(refreshTokenMs + 1) }),
    );

    expect(await countTokens()).toBe(1);
  });
});

const countTokens = async (): Promise<number> => {
  const [row] = await queryAsOwner<{ count: number }>(
    testDatabase.adminUrl,
    'SELECT count(*)::int AS count FROM customer.refresh_tokens WHERE company_id = $1',
    [company.id],
  );

  return row?.count ?? -1;
};

const setStatus = (user: TestUser, status: 'active' | 'disabled') =>
  database.withTenant(company.id, (tx) =>
    updateUser(tx, {
      id: user.principal.userId,
      actingUserId: company.admin.principal.userId,
      changes: { status },
      now,
    }),
  );
const disable = (user: TestUser) => setStatus(user, 'disabled');

describe('a refresh token', () => {
  it('gives a new one each time, which works in turn', async () => {
    const first = await begin();
    const second = await refresh(first);
    const third = await refresh(second);

    expect(new Set([first, second, third]).size).toBe(3);
    await expect(refreshSession(database, { refreshToken: third, now })).resolves.toMatchObject({
      account: shopper.principal,
    });
  });

  it('is kept as a hash only', async () => {
    const token = await begin();
    const secret = parseRefreshToken(token)?.secret ?? '';
    const rows = await queryAsOwner(testDatabase.adminUrl, 'SELECT t::text FROM customer.refresh_tokens t');

    expect(secret).toHaveLength(43);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('that is used again ends the session, also for the one that took its place', async () => {
    const first = await begin();
    const second = await refresh(first);

    expect(await codeOf(refresh(first))).toBe('token_reused');
    expect(await codeOf(refresh(second))).toBe('unauthenticated');
    expect(await codeOf(refresh(first))).toBe('token_reused');
  });

  it('leaves other sessions of the user alone when its own ends', async () => {
    const [mine, elsewhere] = [await begin(), await begin()];
    await refresh(mine);
    await codeOf(refresh(mine));

    expect(await codeOf(refresh(elsewhere))).toBe('ok');
  });

  it('is won by exactly one of many refreshes at once', async () => {
    for (const width of [2, 2, 2, 8]) {
      const token = await begin();
      const codes = await Promise.all(Array.from({ length: width }, () => codeOf(refresh(token))));

      expect(codes.sort()).toEqual(['ok', ...Array<string>(width - 1).fill('token_reused')]);
    }
  });

  it('ends after thirty days', async () => {
    expect(await codeOf(refresh(await begin(), later(refreshTokenMs - 1)))).toBe('ok');
    expect(await codeOf(refresh(await begin(), later(refreshTokenMs)))).toBe('unauthenticated');
  });

  it('is worth nothing when any part of it is changed', async () => {
    const other = await openTestCompany(database);
    const token = await begin();
    const { companyId, id, secret } = parseRefreshToken(token)!;
    const flipped = (secret.startsWith('A') ? 'B' : 'A') + secret.slice(1);

    for (const forged of [
      `${other.id}.${id}.${secret}`,
      `${companyId}.${id + 1}.${secret}`,
      `${companyId}.${id}.${flipped}`,
      `999999999.${id}.${secret}`,
      'rubbish',
    ]) {
      expect(await codeOf(refresh(forged))).toBe('unauthenticated');
    }
    expect(await codeOf(refresh(token))).toBe('ok');
  });

  it('carries a changed role into the next access token', async () => {
    const token = await begin(company.staff);
    await database.withTenant(company.id, (tx) =>
      updateUser(tx, {
        id: company.staff.principal.userId,
        actingUserId: company.admin.principal.userId,
        changes: { role: 'shop_manager' },
        now,
      }),
    );

    await expect(refreshSession(database, { refreshToken: token, now })).resolves.toMatchObject({
      account: { role: 'shop_manager' },
    });
  });
});

describe('a session', () => {
  it('ends at logout with every token of its sign-in, and only that', async () => {
    const [mine, elsewhere] = [await begin(), await begin()];
    const next = await refresh(mine);
    const logOut = async (text: string) => {
      const token = parseRefreshToken(text)!;
      await database.withTenant(company.id, (tx) => endSession(tx, { token, now }));
    };
    await logOut(next);
    await logOut(next);

    expect(await codeOf(refresh(next))).toBe('unauthenticated');
    expect(await codeOf(refresh(elsewhere))).toBe('ok');
  });

  it('ends when the user is disabled, and stays so when they are enabled again', async () => {
    const token = await begin();
    await disable(shopper);
    expect(await codeOf(refresh(token))).toBe('unauthenticated');
    await setStatus(shopper, 'active');
    expect(await codeOf(refresh(token))).toBe('unauthenticated');
    expect(await codeOf(begin())).toBe('ok');
  });

  it('of a user who was disabled behind its back is refused without spending the token', async () => {
    const token = await begin();
    const set = (status: string) =>
      queryAsOwner(testDatabase.adminUrl, 'UPDATE customer.users SET status = $2 WHERE id = $1', [
        shopper.principal.userId,
        status,
      ]);
    await set('disabled');
    expect(await codeOf(refresh(token))).toBe('forbidden');
    await set('active');
    expect(await codeOf(refresh(token))).toBe('ok');
  });

  it('rests while the company is suspended and goes on afterwards', async () => {
    const token = await begin();
    const set = (status: 'active' | 'suspended') =>
      database.withTenant(company.id, (tx) => updateCompany(tx, { status, now }));
    await set('suspended');
    expect(await codeOf(refresh(token))).toBe('company_suspended');
    await set('active');
    expect(await codeOf(refresh(token))).toBe('ok');
  });

  it('ends when an administrator sets a new password', async () => {
    const token = await begin();
    const passwordHash = await passwords.hashPassword('another-password', shopper.principal);
    await database.withTenant(company.id, (tx) =>
      updateUser(tx, {
        id: shopper.principal.userId,
        actingUserId: company.admin.principal.userId,
        changes: { passwordHash },
        now,
      }),
    );

    expect(await codeOf(refresh(token))).toBe('unauthenticated');
  });
});
