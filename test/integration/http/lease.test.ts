import { randomUUID } from 'node:crypto';

import { claimKey, type KeyHold, leaseMs, releaseKey, renewLease } from '../../../api/http/idempotency/idempotency';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let testDatabase: TestDatabase;
let company: TestCompany;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  company = await openTestCompany(testDatabase.database);
});
afterAll(() => testDatabase?.drop());

const start = new Date('2026-03-01T08:00:00Z').getTime();
const at = (milliseconds: number): Date => new Date(start + milliseconds);
const claim = (key: string, milliseconds: number) =>
  claimKey(testDatabase.database, {
    companyId: company.id,
    principal: 'user/1',
    route: 'POST /things',
    key,
    requestHash: 'hash',
    reserves: 'order',
    now: at(milliseconds),
  });
const hold = async (key: string, milliseconds: number): Promise<KeyHold> => {
  const claimed = await claim(key, milliseconds);

  return (claimed as Extract<typeof claimed, { kind: 'run' }>).hold;
};
const renew = (current: KeyHold, milliseconds: number): Promise<KeyHold> =>
  renewLease(testDatabase.database, company.id, current, at(milliseconds));

test('a request that lives keeps its key beyond the first lease', async () => {
  const key = randomUUID();
  const renewed = await renew(await hold(key, 0), leaseMs - 1);

  await expect(claim(key, leaseMs + 1)).rejects.toMatchObject({ code: 'idempotency_in_progress' });
  expect(renewed.leasedUntil).toEqual(at(2 * leaseMs - 1));
});

test('one that stopped living loses its key when the last lease ends, and the next run gets the same id', async () => {
  const key = randomUUID();
  const first = await hold(key, 0);
  await renew(first, 1_000);
  const second = await hold(key, leaseMs + 1_000);

  expect(second.reservedId).toBe(first.reservedId);
});

test('a renewal that comes late leaves the key to who has it now', async () => {
  const key = randomUUID();
  const first = await hold(key, 0);
  const second = await hold(key, leaseMs);

  expect(await renew(first, leaseMs + 500)).toEqual(first);
  await releaseKey(testDatabase.database, company.id, first, at(leaseMs + 600));
  await expect(claim(key, leaseMs + 700)).rejects.toMatchObject({ code: 'idempotency_in_progress' });
  await releaseKey(testDatabase.database, company.id, second, at(leaseMs + 800));
  expect((await hold(key, leaseMs + 900)).id).toBe(first.id);
});
