import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createCustomer } from '../../../domain/customers/create-customer';
import { viewCustomer } from '../../../domain/customers/customer-view';
import type { NewCustomer } from '../../../domain/customers/insert-customer';
import { listCustomers } from '../../../domain/customers/list-customers';
import { readCustomer } from '../../../domain/customers/read-customer';
import { type CustomerChanges, updateCustomer } from '../../../domain/customers/update-customer';
import type { Database } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');

let testDatabase: TestDatabase;
let database: Database;
let company: TestCompany;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
});

beforeEach(async () => {
  company = await openTestCompany(database);
});

afterAll(() => testDatabase?.drop());

const enter = async (given: Partial<NewCustomer> = {}) => {
  const id = given.id ?? (await reserveId(database, 'customer'));

  return database.withTenant(company.id, (tx) =>
    createCustomer(tx, { name: 'An', email: `c-${id}@example.test`, now, ...given, id }),
  );
};
const change = (id: number, changes: CustomerChanges) =>
  database.withTenant(company.id, (tx) => updateCustomer(tx, { id, changes, now: new Date('2026-03-02T02:00:00Z') }));
const list = (filters: Partial<Parameters<typeof listCustomers>[1]>) =>
  database.withTenant(company.id, (tx) => listCustomers(tx, { before: null, limit: 100, ...filters }));
const eventsOf = (id: bigint | number) =>
  database.withTenant(company.id, (tx) =>
    tx.orm.outboxEvent.findMany({ where: { subject: `customer/${id}` }, orderBy: { id: 'asc' } }),
  );

it('are shown with plain numbers and with times in the zone of their billing account', async () => {
  const row = await enter({ name: 'Ánh', billingAccount: { currency: 'USD', timeZone: 'America/New_York' } });

  expect(viewCustomer(row)).toEqual({
    id: Number(row.id),
    userId: null,
    name: 'Ánh',
    email: row.email,
    phone: null,
    segment: 'standard',
    daysUntilDue: null,
    taxStatus: 'taxable',
    taxExemptReason: null,
    taxCode: null,
    legalName: null,
    billingAddress: null,
    country: null,
    lifecycleStage: 'new',
    totalSpent: 0,
    orderCount: 0,
    testClockId: null,
    billingAccount: { id: expect.any(Number), currency: 'USD', timeZone: 'America/New_York', locale: 'vi-VN' },
    createdAt: '2026-02-28T21:00:00-05:00',
    updatedAt: '2026-02-28T21:00:00-05:00',
  });
});

it('are entered once for one reserved id, with one billing account', async () => {
  const id = await reserveId(database, 'customer');
  const rows = await Promise.all(Array.from({ length: 6 }, () => enter({ id })));

  expect(new Set(rows.map((row) => row.billingAccount?.id)).size).toBe(1);
  expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['customer.created', 'billing_account.created']);
});

it('do not share an address', async () => {
  await enter({ email: 'one@example.test' });

  await expect(enter({ email: 'one@example.test' })).rejects.toMatchObject({
    code: 'already_exists',
    field: '/email',
  });
});

it('are listed newest first, by part of name or address, by address, by segment, page after page', async () => {
  const rows = [
    await enter({ name: 'Bình', email: 'binh@example.test', segment: 'vip' }),
    await enter({ name: 'Chi 100%', email: 'chi@example.test' }),
    await enter({ name: 'Dung', email: 'dung_x@example.test', segment: 'vip' }),
  ];
  const names = async (filters: Parameters<typeof list>[0]) => (await list(filters)).map(({ name }) => name);

  expect(await names({})).toEqual(['Dung', 'Chi 100%', 'Bình']);
  expect(await names({ q: 'BÌNH' })).toEqual(['Bình']);
  expect(await names({ q: 'binh example' })).toEqual(['Bình']);
  expect(await names({ q: 'binh chi' })).toEqual([]);
  expect(await names({ q: 'hi@EX' })).toEqual(['Chi 100%']);
  expect(await names({ q: '%' })).toEqual(['Chi 100%']);
  expect(await names({ q: '_' })).toEqual(['Dung']);
  expect(await names({ q: '\\' })).toEqual([]);
  expect(await names({ email: 'chi@example.test' })).toEqual(['Chi 100%']);
  expect(await names({ segment: 'vip' })).toEqual(['Dung', 'Bình']);
  expect(await names({ segment: 'vip', q: 'b' })).toEqual(['Bình']);
  expect(await names({ limit: 1, before: Number(rows[2]?.id) })).toEqual(['Chi 100%']);
});

it('are found page after page, nobody else among them', async () => {
  for (const name of ['Lan 1', 'Other 1', 'Lan 2', 'Other 2', 'Lan 3']) {
    await enter({ name, phone: name.startsWith('Lan') ? '+84 24 3825 1234' : null });
  }

  // By an index, by a number, and walking back where there is nothing long enough to look for.
  for (const q of ['lan', '3825 1234', 'la']) {
    const found: string[] = [];

    for (let before: number | null = null; ;) {
      const [row] = await list({ q, before, limit: 1 });

      if (row === undefined) {
        break;
      }
      found.push(row.name);
      before = Number(row.id);
    }
    expect([q, found]).toEqual([q, ['Lan 3', 'Lan 2', 'Lan 1']]);
  }
});

it('are found by words of any letters and signs, of this company alone', async () => {
  await enter({ name: "O'Brien (100%_\\n)" });
  const elsewhere = await openTestCompany(database);
  await database.withTenant(elsewhere.id, (tx) =>
    createCustomer(tx, { id: 900_000_001, name: "O'Brien", email: 'ob@example.test', now }),
  );

  for (const q of ["o'brien", "'br", '100%_\\n', '%_\\', 'e%n', "o'brien (1", "o''brien", '%%%', '___']) {
    const wanted = /e%n|''|%%%|___/.test(q) ? [] : ["O'Brien (100%_\\n)"];

    expect([q, (await list({ q })).map(({ name }) => name)]).toEqual([q, wanted]);
  }
});

it('are found newest first, page by page, where more have the words than are named one by one', async () => {
  await queryAsOwner(
    testDatabase.adminUrl,
    `INSERT INTO customer.customers (company_id, name, email, search_text, created_at, updated_at)
     SELECT $1, 'Many ' || n, n || '@many.test', 'many ' || n || ' ' || n || '@many.test', now(), now() FROM generate_series(1, 1002) n`,
    [company.id],
  );
  const names = async (filters: Parameters<typeof list>[0]) => (await list(filters)).map(({ name }) => name);
  const [newest] = await list({ q: 'many', limit: 1 });

  expect(newest?.name).toBe('Many 1002');
  expect(await names({ q: 'many test', limit: 2, before: Number(newest?.id) })).toEqual(['Many 1001', 'Many 1000']);
  expect(await names({ q: 'many 100', limit: 4 })).toEqual(['Many 1002', 'Many 1001', 'Many 1000', 'Many 100']);
});

it('are found by the digits of their telephone number, however it is written', async () => {
  await enter({ name: 'Giang', phone: '+84 24 3825 1234' });
  await enter({ name: 'Hà 024', phone: '0987.654.321' });
  const names = async (q: string) => (await list({ q })).map(({ name }) => name);

  for (const q of [
    '38251234',
    '3825 1234',
    '024 3825 1234',
    '(024) 3825-1234',
    '+84 24 3825 1234',
    '0084 24 38251234',
  ]) {
    expect([q, await names(q)]).toEqual([q, ['Giang']]);
  }
  expect(await names('0987654321')).toEqual(['Hà 024']);
  expect(await names('giang 3825')).toEqual(['Giang']);
  expect(await names('024')).toEqual(['Hà 024']);
  expect(await names('38251235')).toEqual([]);
  expect(await names('...')).toEqual([]);

  const { id } = await enter({ name: 'Khoa' });
  await change(Number(id), { phone: '+1 (555) 010-9999' });
  expect(await names('5550109999')).toEqual(['Khoa']);
});

it('change, and tell what changed; the same values again change and tell nothing', async () => {
  const { id } = await enter();
  const changed = await change(Number(id), { name: 'Ánh', phone: '+84 24 3825 1234', segment: 'vip' });
  await change(Number(id), { name: 'Ánh', segment: 'vip' });
  await change(Number(id), {});
  const events = await eventsOf(id);

  expect(changed).toMatchObject({
    name: 'Ánh',
    phone: '+84 24 3825 1234',
    updatedAt: new Date('2026-03-02T02:00:00Z'),
  });
  expect(events.map(({ type }) => type)).toEqual(['customer.created', 'billing_account.created', 'customer.updated']);
  expect(events[2]?.payload).toEqual({
    customerId: Number(id),
    name: 'Ánh',
    phone: '+84 24 3825 1234',
    segment: 'vip',
  });
});

describe('the tax data of customers', () => {
  it('is judged as it stands after a change, by the field at fault, and changes nothing then', async () => {
    const { id } = await enter({ taxCode: '0100109106', legalName: 'Tập đoàn Viễn Thông' });

    for (const [changes, field] of [
      [{ taxCode: '0100109107' }, '/taxCode'],
      [{ taxCode: 'DE136695976' }, '/taxCode'],
      [{ taxExemptReason: 'A school' }, '/taxExemptReason'],
    ] as const) {
      await expect(change(Number(id), changes)).rejects.toMatchObject({ code: 'validation_failed', field });
    }
    await expect(enter({ taxCode: '0100109107' })).rejects.toMatchObject({ field: '/taxCode' });
    await change(Number(id), { taxCode: 'DE136695976', country: 'DE' });
    await expect(change(Number(id), { country: null })).rejects.toMatchObject({ field: '/taxCode' });

    expect(await change(Number(id), {})).toMatchObject({ taxCode: 'DE136695976', country: 'DE', taxStatus: 'taxable' });
  });

  it('loses the reason with the exemption', async () => {
    const { id } = await enter({ taxStatus: 'exempt', taxExemptReason: 'A school' });

    expect(await change(Number(id), { name: 'School' })).toMatchObject({ taxExemptReason: 'A school' });
    expect(await change(Number(id), { taxStatus: 'reverse_charge' })).toMatchObject({ taxExemptReason: null });
    expect((await eventsOf(id)).at(-1)?.payload).toEqual({
      customerId: Number(id),
      taxStatus: 'reverse_charge',
      taxExemptReason: null,
    });
  });
});

it('who sign in keep one address for both', async () => {
  const shopper = await company.addShopper();
  await change(shopper.customerId, { email: 'moved@example.test' });
  const user = await database.withTenant(company.id, (tx) =>
    tx.orm.user.findUnique({ where: { id: shopper.principal.userId } }),
  );

  expect(user?.email).toBe('moved@example.test');
});

it('do not move to an address that a customer or a user has', async () => {
  const shopper = await company.addShopper();
  await enter({ email: 'one@example.test' });

  for (const email of ['one@example.test', company.staff.email]) {
    await expect(change(shopper.customerId, { email })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/email',
    });
  }
  expect(await database.withTenant(company.id, (tx) => readCustomer(tx, shopper.customerId))).toMatchObject({
    email: shopper.email,
  });
});

it('of another company are not there', async () => {
  const { id } = await enter();
  const other = await openTestCompany(database);
  const elsewhere = <Result>(work: Parameters<typeof database.withTenant<Result>>[1]) =>
    database.withTenant(other.id, work);

  await expect(elsewhere((tx) => readCustomer(tx, Number(id)))).rejects.toMatchObject({ code: 'not_found' });
  await expect(
    elsewhere((tx) => updateCustomer(tx, { id: Number(id), changes: { name: 'Mine' }, now })),
  ).rejects.toMatchObject({ code: 'not_found' });
  expect(await elsewhere((tx) => listCustomers(tx, { before: null, limit: 100 }))).toEqual([]);
});
