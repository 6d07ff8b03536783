import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createUser } from '../../../domain/identity/create-user';
import { listUsers } from '../../../domain/identity/list-users';
import { staffRoles } from '../../../domain/identity/principal';
import { readUser } from '../../../domain/identity/read-user';
import { updateUser, type UserChanges } from '../../../domain/identity/update-user';
import type { Database } from '../../../platform/db/database';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');

let testDatabase: TestDatabase;
let database: Database;
let company: TestCompany;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  company = await openTestCompany(database);
});

afterAll(() => testDatabase?.drop());

const add = async (
  email: string,
  role: 'staff' | 'company_admin' | 'super_admin' = 'staff',
  name: string | null = null,
) => {
  const id = await reserveId(database, 'user');
  await database.withTenant(company.id, (tx) => createUser(tx, { id, email, passwordHash: 'x', name, role, now }));

  return id;
};
const change = (id: number, changes: UserChanges, actingUserId = company.admin.principal.userId) =>
  database.withTenant(company.id, (tx) => updateUser(tx, { id, actingUserId, changes, now }));
const list = (filters: Partial<Parameters<typeof listUsers>[1]> = {}) =>
  database.withTenant(company.id, (tx) => listUsers(tx, { roles: staffRoles, before: null, limit: 100, ...filters }));

it('are listed newest first, by part of name or address, by role and status, page after page', async () => {
  const names = ['50% off', '50 off', 'Under_score', 'Underscore'];
  const ids = [];

  for (const [index, name] of names.entries()) {
    ids.push(await add(`listed-${index}@example.test`, 'staff', name));
  }
  await change(ids[3] ?? 0, { status: 'disabled' });
  const found = async (filters: Parameters<typeof list>[0]) => (await list(filters)).map((row) => row.name);

  expect(await found({ q: 'LISTED-' })).toEqual([...names].reverse());
  expect(await found({ q: '50%' })).toEqual(['50% off']);
  expect(await found({ q: 'r_s' })).toEqual(['Under_score']);
  expect(await found({ q: 'listed-', status: 'disabled' })).toEqual(['Underscore']);
  expect(await found({ q: 'listed-', limit: 2 })).toEqual(['Underscore', 'Under_score']);
  expect(await found({ q: 'listed-', limit: 2, before: ids[2] ?? 0 })).toEqual(['50 off', '50% off']);
  expect((await list({ roles: ['company_admin'] })).map((row) => row.email)).toEqual([company.admin.email]);
});

it('are made once for a reserved id, and an address is taken once', async () => {
  const id = await reserveId(database, 'user');
  const make = (userId: number) =>
    database.withTenant(company.id, (tx) =>
      createUser(tx, { id: userId, email: 'once@example.test', passwordHash: 'x', name: null, role: 'staff', now }),
    );

  expect((await make(id)).id).toBe((await make(id)).id);
  await expect(make(await reserveId(database, 'user'))).rejects.toMatchObject({ code: 'email_taken', field: '/email' });
});

it('of the installation are out of reach of the administrators of a company', async () => {
  const id = await add('operator@example.test', 'super_admin');

  await expect(database.withTenant(company.id, (tx) => readUser(tx, id))).rejects.toMatchObject({ code: 'not_found' });
  await expect(change(id, { passwordHash: 'stolen' })).rejects.toMatchObject({ code: 'not_found' });
  expect(await list({ roles: ['super_admin'] })).toEqual([]);
});

it('of another company are out of reach', async () => {
  const other = await openTestCompany(database);

  await expect(change(other.staff.principal.userId, { status: 'disabled' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('cannot lock themselves out, but may rename themselves', async () => {
  const self = company.admin.principal.userId;

  await expect(change(self, { status: 'disabled' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(change(self, { role: 'staff' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(change(self, { name: 'Boss', role: 'company_admin' })).resolves.toMatchObject({ name: 'Boss' });
});

it('who disable or demote each other at once leave one who can undo it', async () => {
  const loss: UserChanges[] = [{ status: 'disabled' }, { role: 'staff' }];

  for (const [round, mine] of [...loss, ...loss].entries()) {
    const theirs = loss[round % 3 === 0 ? 0 : 1] ?? {};
    const [one, other] = [
      await add(`one-${round}@example.test`, 'company_admin'),
      await add(`other-${round}@example.test`, 'company_admin'),
    ];
    const outcomes = await Promise.allSettled([change(one, mine, other), change(other, theirs, one)]);
    const left = (await list({ roles: ['company_admin'], status: 'active' })).map(({ id }) => Number(id));

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'forbidden' } });
    expect([one, other].filter((id) => left.includes(id))).toHaveLength(1);
  }
});

it('who are customers do not become staff', async () => {
  const { principal } = await company.addShopper();

  await expect(change(principal.userId, { role: 'company_admin' })).rejects.toMatchObject({
    code: 'conflict',
    field: '/role',
  });
  await expect(change(principal.userId, { status: 'disabled' })).resolves.toMatchObject({ status: 'disabled' });
});
