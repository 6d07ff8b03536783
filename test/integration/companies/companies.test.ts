import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { findCompany } from '../../../domain/companies/find-company';
import { listCompanies } from '../../../domain/companies/list-companies';
import { readCompany } from '../../../domain/companies/read-company';
import { readSettings } from '../../../domain/companies/setting-catalogue';
import { updateCompany } from '../../../domain/companies/update-company';
import { foundCompany } from '../../../domain/identity/found-company';
import type { Database } from '../../../platform/db/database';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
});

afterAll(() => testDatabase?.drop());

const found = async (slug: string, given: { id?: number; email?: string } = {}) => {
  const id = given.id ?? (await reserveId(database, 'company'));
  const admin =
    given.email === undefined
      ? undefined
      : { id: await reserveId(database, 'user'), email: given.email, name: null, passwordHash: 'x' };

  return database.withTenant(id, (tx) =>
    foundCompany(tx, { company: { slug, name: `Company ${slug}`, settings: { taxRatePpm: 80_000 } }, admin, now }),
  );
};
const eventsOf = (id: number) =>
  database.withTenant(id, (tx) =>
    tx.orm.outboxEvent.findMany({ where: { subject: `company/${id}` }, orderBy: { id: 'asc' } }),
  );

it('starts with model multi, active, with its first administrator and the settings it was given', async () => {
  const company = await found('hanoi-tea', { email: 'boss@hanoi-tea.test' });
  const users = await database.withTenant(company.id, (tx) => tx.orm.user.findMany());

  expect(company).toMatchObject({ slug: 'hanoi-tea', status: 'active', businessModel: 'multi', isSandbox: false });
  expect(users).toEqual([expect.objectContaining({ email: 'boss@hanoi-tea.test', role: 'company_admin' })]);
  expect(await database.withTenant(company.id, readSettings)).toMatchObject({ taxRatePpm: 80_000, currency: 'VND' });
  expect((await eventsOf(company.id)).map(({ type }) => type)).toEqual(['company.created']);
});

it('is made once for one reserved id, with one administrator', async () => {
  const id = await reserveId(database, 'company');
  await Promise.all(Array.from({ length: 6 }, () => found('retried', { id, email: 'boss@retried.test' })));
  const [users, events] = [
    await database.withTenant(id, (tx) => tx.orm.user.count()),
    (await eventsOf(id)).map(({ type }) => type),
  ];

  expect({ users, events }).toEqual({ users: 1, events: ['company.created'] });
});

it('does not share a slug, and a refused one leaves nothing behind', async () => {
  await found('taken');
  const id = await reserveId(database, 'company');

  await expect(found('taken', { id, email: 'boss@taken.test' })).rejects.toMatchObject({
    code: 'already_exists',
    field: '/slug',
  });
  await expect(database.withTenant(id, readCompany)).rejects.toMatchObject({ code: 'not_found' });
  expect(await database.withTenant(id, (tx) => tx.orm.user.count())).toBe(0);
});

it('is listed in the order of founding, page after page, and found by its slug', async () => {
  const made = [await found('page-1'), await found('page-2'), await found('page-3')];
  const before = (made[0]?.id ?? 0) - 1;
  const first = await listCompanies(database.system, { after: before, limit: 2 });
  const second = await listCompanies(database.system, { after: first.at(-1)?.id ?? 0, limit: 2 });

  expect([...first, ...second]).toEqual(made);
  expect(await findCompany(database.system, 'page-2')).toEqual({ id: made[1]?.id, slug: 'page-2', status: 'active' });
  expect(await findCompany(database.system, 'page-')).toBeNull();
});

it('is renamed, suspended and reopened, each change told once', async () => {
  const { id } = await found('changing');
  const change = (changes: { name?: string; status?: 'active' | 'suspended' }) =>
    database.withTenant(id, (tx) => updateCompany(tx, { ...changes, now }));

  expect(await change({ name: 'Renamed' })).toMatchObject({ name: 'Renamed', status: 'active' });
  expect(await change({ status: 'suspended' })).toMatchObject({ name: 'Renamed', status: 'suspended' });
  expect(await change({ status: 'suspended' })).toMatchObject({ status: 'suspended' });
  expect(await change({ status: 'active' })).toMatchObject({ status: 'active' });
  expect((await eventsOf(id)).map(({ type, payload }) => [type, (payload as { status?: string }).status])).toEqual([
    ['company.created', undefined],
    ['company.updated', 'active'],
    ['company.updated', 'suspended'],
    ['company.updated', 'active'],
  ]);
});

it('keeps both of two changes at once', async () => {
  const { id } = await found('both');
  const change = (changes: { name?: string; status?: 'active' | 'suspended' }) =>
    database.withTenant(id, (tx) => updateCompany(tx, { ...changes, now }));
  await Promise.all([change({ name: 'Renamed' }), change({ status: 'suspended' })]);

  expect(await database.withTenant(id, readCompany)).toMatchObject({ name: 'Renamed', status: 'suspended' });
});
