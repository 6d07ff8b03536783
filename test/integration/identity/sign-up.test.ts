import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { updateSettings } from '../../../domain/companies/update-settings';
import { readCustomer } from '../../../domain/customers/read-customer';
import type { Account } from '../../../domain/identity/account';
import { logIn } from '../../../domain/identity/sessions/log-in';
import { openCustomerAccount } from '../../../domain/identity/open-customer-account';
import { passwords } from '../../../domain/identity/passwords/passwords';
import { signUp } from '../../../domain/identity/sign-up';
import type { Database } from '../../../platform/db/database';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');

let testDatabase: TestDatabase;
let database: Database;
let company: TestCompany;
let passwordHash: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  company = await openTestCompany(database);
  passwordHash = await passwords.hashPassword('correct-password', { email: 'an@example.test' });
});

afterAll(() => testDatabase?.drop());

async function join(email: string, given: { id?: number; name?: string; companyId?: number } = {}): Promise<Account> {
  const { name = null, companyId = company.id } = given;
  const id = given.id ?? (await reserveId(database, 'user'));

  return database.withTenant(companyId, (tx) => signUp(tx, { id, email, passwordHash, name, now }));
}

const countRows = (email: string) =>
  database.withTenant(company.id, async (tx) => [
    await tx.orm.user.count({ where: { email } }),
    await tx.orm.customer.count({ where: { email } }),
    await tx.orm.billingAccount.count({ where: { customer: { email } } }),
    await tx.orm.outboxEvent.count({ where: { payload: { path: ['email'], equals: email } } }),
  ]);

it('makes user, customer and billing account, the account from the settings of the company', async () => {
  const changes = { currency: 'USD', timeZone: 'Europe/Amsterdam', locale: 'nl-NL' };
  const other = await openTestCompany(database);
  await database.withTenant(other.id, (tx) => updateSettings(tx, { changes, now }));

  const account = await join('an@example.test', { companyId: other.id, name: 'An' });
  const customer = await database.withTenant(other.id, (tx) => readCustomer(tx, account.customerId ?? 0));

  expect(account).toMatchObject({ companyId: other.id, role: 'customer', email: 'an@example.test', isActive: true });
  expect(customer).toMatchObject({
    name: 'An',
    email: 'an@example.test',
    userId: BigInt(account.userId),
    segment: 'standard',
    totalSpent: 0n,
    billingAccount: changes,
  });
});

it('tells of the user before the customer, and of the billing account last', async () => {
  const { userId, customerId } = await join('order@example.test');
  const events = await database.withTenant(company.id, (tx) =>
    tx.orm.outboxEvent.findMany({
      where: { subject: { in: [`user/${userId}`, `customer/${customerId}`] } },
      orderBy: { id: 'asc' },
    }),
  );

  expect(events.map(({ type, subject, subjectSeq }) => [type, subject, subjectSeq])).toEqual([
    ['user.created', `user/${userId}`, 1],
    ['customer.created', `customer/${customerId}`, 1],
    ['billing_account.created', `customer/${customerId}`, 2],
  ]);
  expect(events[1]?.payload).toMatchObject({ customerId, userId, name: 'order', email: 'order@example.test' });
  expect(JSON.stringify(events.map(({ payload }) => payload))).not.toContain('argon2');
});

it('does it once for one reserved id, however often and however concurrently it is tried', async () => {
  const id = await reserveId(database, 'user');
  const accounts = await Promise.all(Array.from({ length: 8 }, () => join('again@example.test', { id })));

  expect(new Set(accounts.map(({ customerId }) => customerId)).size).toBe(1);
  expect(await countRows('again@example.test')).toEqual([1, 1, 1, 2]);
});

it('gives an address to exactly one of many who ask for it at once', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => join('race@example.test')));
  const refused = attempts.filter((attempt) => attempt.status === 'rejected');

  expect(refused).toHaveLength(7);
  expect(refused.map(({ reason }) => [reason.code, reason.field])).toEqual(Array(7).fill(['email_taken', '/email']));
  expect(await countRows('race@example.test')).toEqual([1, 1, 1, 2]);
});

it('lets the same address join two companies, as two users', async () => {
  const other = await openTestCompany(database);
  const [here, there] = [await join('both@example.test'), await join('both@example.test', { companyId: other.id })];

  expect(here.userId).not.toBe(there.userId);
  expect(there.companyId).toBe(other.id);
});

describe('a customer whom the company entered itself', () => {
  it('is not taken over by whoever signs up with the address, and nothing is left of the attempt', async () => {
    const customerId = await company.addCustomer({ email: 'known@example.test' });

    await expect(join('known@example.test')).rejects.toMatchObject({ code: 'email_taken', field: '/email' });
    expect(await countRows('known@example.test')).toEqual([0, 1, 1, 1]);
    expect(await database.withTenant(company.id, (tx) => readCustomer(tx, customerId))).toMatchObject({ userId: null });
  });

  it('can sign in once an administrator has opened the account', async () => {
    const email = 'invited@example.test';
    const customerId = await company.addCustomer({ email });
    const open = async (id: number) =>
      database.withTenant(company.id, (tx) => openCustomerAccount(tx, { id, customerId, passwordHash, now }));
    const id = await reserveId(database, 'user');
    const account = await open(id);
    const parts = { database, passwords };

    expect(await open(id)).toEqual(account);
    await expect(open(await reserveId(database, 'user'))).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      logIn(parts, { companyId: company.id, email, password: 'correct-password', now }),
    ).resolves.toMatchObject({ account: { customerId, role: 'customer', userId: id } });
  });

  it('cannot be given the address of somebody who signs in already', async () => {
    const customerId = await company.addCustomer({ email: company.staff.email });
    const id = await reserveId(database, 'user');

    await expect(
      database.withTenant(company.id, (tx) => openCustomerAccount(tx, { id, customerId, passwordHash, now })),
    ).rejects.toMatchObject({ code: 'email_taken' });
  });
});
