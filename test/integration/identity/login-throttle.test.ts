import { AppError } from '../../../domain/errors';
import { logIn } from '../../../domain/identity/sessions/log-in';
import { failuresLastMs } from '../../../domain/identity/passwords/login-throttle-rules';
import { type Passwords, passwords } from '../../../domain/identity/passwords/passwords';
import { purgeLoginAttempts } from '../../../domain/identity/passwords/purge-login-attempts';
import { type Database, openDatabase } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany, testPassword, type TestUser } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000);
const unknown = 'nobody@example.test';

let testDatabase: TestDatabase;
let database: Database;
let otherProcess: Database;
let company: TestCompany;
let shopper: TestUser;
let compared: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  otherProcess = openDatabase({ url: testDatabase.appUrl, poolSize: 4 });
});

beforeEach(async () => {
  company = await openTestCompany(database);
  shopper = await company.addShopper();
  compared = 0;
});

afterAll(async () => {
  await otherProcess?.close();
  await testDatabase?.drop();
});

/** Real hashing costs seconds for so many attempts; what is compared here is the text. */
const quick: Passwords = {
  ...passwords,
  matchesPassword: (given, storedHash) => {
    compared += 1;

    return Promise.resolve(storedHash !== null && given === testPassword);
  },
};

interface Try {
  at?: Date;
  through?: Database;
  by?: Passwords;
  companyId?: number;
}

const attempt = (email: string, password: string, { at = now, through = database, by = quick, companyId }: Try = {}) =>
  logIn({ database: through, passwords: by }, { companyId: companyId ?? company.id, email, password, now: at }).then(
    () => 'ok',
    (error: AppError) =>
      error.code === 'rate_limited' ? `wait ${String(error.params['retryAfter'])} s` : String(error.code),
  );

async function failOften(email: string, times: number, at = now): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) {
    expect(await attempt(email, 'wrong', { at })).toBe('invalid_credentials');
  }
}

describe.each([
  ['an account', () => shopper.email],
  ['an unknown address', () => unknown],
])('wrong passwords for %s', (_, emailOf) => {
  it('are free five times; then each makes the next wait twice as long', async () => {
    const email = emailOf();
    await failOften(email, 5);

    expect(await attempt(email, 'wrong')).toBe('wait 1 s');
    expect(await attempt(email, 'wrong', { at: after(0.999) })).toBe('wait 1 s');
    expect(compared).toBe(5);

    await failOften(email, 1, after(1));
    expect(await attempt(email, 'wrong', { at: after(2) })).toBe('wait 1 s');
    await failOften(email, 1, after(3));
    expect(await attempt(email, 'wrong', { at: after(3) })).toBe('wait 4 s');
  });

  it('are no more than that however many come at once, through several processes', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, (_unused, nth) =>
        attempt(emailOf(), 'wrong', { through: nth % 2 === 0 ? database : otherProcess }),
      ),
    );

    expect(all.filter((answer) => answer === 'invalid_credentials')).toHaveLength(5);
    expect(all.filter((answer) => answer === 'wait 1 s')).toHaveLength(35);
    expect(compared).toBe(5);
  });

  it('wait a quarter of an hour at most, and are forgotten after a day without any', async () => {
    const email = emailOf();
    let at = now;

    for (let nth = 0; nth < 30; nth += 1) {
      await failOften(email, 1, at);
      at = new Date(at.getTime() + 900_000);
    }
    const last = new Date(at.getTime() - 900_000);

    expect(await attempt(email, 'wrong', { at: last })).toBe('wait 900 s');
    await failOften(email, 5, new Date(last.getTime() + failuresLastMs));
  });

  it('count for this company only', async () => {
    await failOften(emailOf(), 5);

    expect(await attempt(emailOf(), 'wrong', { companyId: (await openTestCompany(database)).id })).toBe(
      'invalid_credentials',
    );
  });
});

it('the right password waits as well, and begins anew when it is told in time', async () => {
  await failOften(shopper.email, 5);

  expect(await attempt(shopper.email, testPassword)).toBe('wait 1 s');
  expect(await attempt(shopper.email, testPassword, { at: after(1) })).toBe('ok');
  await failOften(shopper.email, 5, after(1));
});

it('right passwords are never counted', async () => {
  for (let nth = 0; nth < 8; nth += 1) {
    expect(await attempt(shopper.email, testPassword)).toBe('ok');
  }
});

it('an attempt that nobody looked at is none', async () => {
  const busy: Passwords = { ...passwords, matchesPassword: () => Promise.reject(new AppError('unavailable')) };
  await failOften(shopper.email, 4);

  for (let nth = 0; nth < 3; nth += 1) {
    expect(await attempt(shopper.email, testPassword, { by: busy })).toBe('unavailable');
  }
  expect(await attempt(shopper.email, testPassword)).toBe('ok');
});

it('the first wait of an account is one event; of an unknown address there is none', async () => {
  await failOften(shopper.email, 5);
  await failOften(shopper.email, 1, after(1));
  await failOften(unknown, 5);
  const events = await queryAsOwner(
    testDatabase.adminUrl,
    `SELECT subject, payload FROM platform.events WHERE company_id = $1 AND type = 'user.login_throttled'`,
    [company.id],
  );

  const { userId } = shopper.principal;
  expect(events).toEqual([{ subject: `user/${userId}`, payload: { userId, failures: 5 } }]);
});

it('addresses that were typed stand nowhere, and what counts no more is purged', async () => {
  await failOften(unknown, 1);
  await failOften(shopper.email, 1, after(60));
  const rows = () =>
    queryAsOwner(
      testDatabase.adminUrl,
      // A hash may hold any byte, zero too; letters would be seen as they are.
      `SELECT a::text, encode(a.account, 'escape') AS account FROM customer.login_attempts a WHERE company_id = $1`,
      [company.id],
    );

  expect(await rows()).toHaveLength(2);
  expect(JSON.stringify(await rows())).not.toContain('nobody');
  await purgeLoginAttempts(database, new Date(now.getTime() + failuresLastMs));
  expect(await rows()).toHaveLength(1);
});
