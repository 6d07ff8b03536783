import { readStoredSettings } from '../../../domain/companies/read-stored-settings';
import { defaultSettings, readSettings } from '../../../domain/companies/setting-catalogue';
import { type SettingChanges, updateSettings } from '../../../domain/companies/update-settings';
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

const change = (changes: SettingChanges) =>
  database.withTenant(company.id, (tx) => updateSettings(tx, { changes, now }));
const stored = () => database.withTenant(company.id, readStoredSettings);
const settings = () => database.withTenant(company.id, readSettings);

it('are the defaults at first, and only what a company sets is stored', async () => {
  expect(await settings()).toEqual(defaultSettings);
  await change({ taxRatePpm: 80_000, dunning: { mode: 'gaps', days: [8, 8, 8] } });

  expect(await stored()).toEqual({ taxRatePpm: 80_000, dunning: { mode: 'gaps', days: [8, 8, 8] } });
  expect(await settings()).toEqual({
    ...defaultSettings,
    taxRatePpm: 80_000,
    dunning: { mode: 'gaps', days: [8, 8, 8] },
  });
});

it('go back to the default with null, also where the default may change one day', async () => {
  await change({ taxRatePpm: 100_000, invoiceDueDays: 14 });
  expect(await stored()).toEqual({ taxRatePpm: 100_000, invoiceDueDays: 14 });
  await change({ taxRatePpm: null });

  expect(await stored()).toEqual({ invoiceDueDays: 14 });
});

it('keep what many administrators change at once', async () => {
  await Promise.all([
    change({ taxRatePpm: 80_000 }),
    change({ invoiceDueDays: 14 }),
    change({ sellerName: 'Hanoi Tea' }),
    change({ renewalLeadDays: 5 }),
    change({ dunningEndAction: 'cancel' }),
  ]);

  expect(await stored()).toEqual({
    taxRatePpm: 80_000,
    invoiceDueDays: 14,
    sellerName: 'Hanoi Tea',
    renewalLeadDays: 5,
    dunningEndAction: 'cancel',
  });
});

it('must fit together, and nothing changes when they do not', async () => {
  await change({ orderPaymentWindowMinutes: 2 });

  await expect(change({ orderPaymentWindowMinutes: 1 })).rejects.toMatchObject({ field: '/orderPaymentWindowMinutes' });
  await expect(change({ paymentExpiryMarginSeconds: 120, taxRatePpm: 0 })).rejects.toMatchObject({
    code: 'validation_failed',
    field: '/paymentExpiryMarginSeconds',
  });
  expect(await stored()).toEqual({ orderPaymentWindowMinutes: 2 });
});

it('tell what was changed, and nothing where nothing was sent', async () => {
  await change({ taxRatePpm: 80_000, invoiceDueDays: null });
  await change({});
  const events = await database.withTenant(company.id, (tx) =>
    tx.orm.outboxEvent.findMany({ where: { type: 'company.updated' } }),
  );

  expect(events.map(({ payload }) => payload)).toEqual([
    { companyId: company.id, settings: { taxRatePpm: 80_000, invoiceDueDays: null } },
  ]);
});

it('can be set for a company that has no row yet', async () => {
  await queryAsOwner(testDatabase.adminUrl, 'DELETE FROM platform.company_settings WHERE company_id = $1', [
    company.id,
  ]);
  expect(await settings()).toEqual(defaultSettings);
  await change({ taxRatePpm: 80_000 });

  expect(await stored()).toEqual({ taxRatePpm: 80_000 });
});
