import { repairInstallation, verifyInstallation } from '../../../cli/installation/verify-installation';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { queryAsOwner } from '../../environment/admin';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const databases: TestDatabase[] = [];
const clients: TemporalClient[] = [];
const temporalAddress = testServers().temporalAddress;

async function freshDatabase(): Promise<string> {
  const database = await createTestDatabase();
  databases.push(database);

  return database.adminUrl;
}

async function freshTemporal() {
  const temporal = openTemporal({ address: temporalAddress, namespace: await claimNamespace() });
  clients.push(temporal);

  return temporal.client;
}

afterAll(async () => {
  await Promise.all([...clients.map((one) => one.close()), ...databases.map((one) => one.drop())]);
});

test('the first start stamps both, even when two start at once; later ones agree', async () => {
  const parts = { adminUrl: await freshDatabase(), temporal: await freshTemporal(), temporalAddress };
  const ids = await Promise.all([verifyInstallation(parts), verifyInstallation(parts)]);
  const later = await verifyInstallation(parts);
  const rows = await queryAsOwner<{ id: string }>(parts.adminUrl, 'SELECT id FROM platform.installation');

  expect(new Set([...ids, later]).size).toBe(1);
  expect(rows).toEqual([{ id: later }]);
});

test('a Temporal that lost its data, a new database and a foreign pair are refused, and repair mends it', async () => {
  const adminUrl = await freshDatabase();
  const temporal = await freshTemporal();
  const id = await verifyInstallation({ adminUrl, temporal, temporalAddress });
  const emptyTemporal = await freshTemporal();
  const emptyDatabase = await freshDatabase();

  await expect(verifyInstallation({ adminUrl, temporal: emptyTemporal, temporalAddress })).rejects.toThrow(
    /does not know it.*bmms installation repair --yes/,
  );
  await expect(verifyInstallation({ adminUrl: emptyDatabase, temporal, temporalAddress })).rejects.toThrow(
    /is new or was emptied.*bmms installation repair --yes/,
  );
  expect(await queryAsOwner(emptyDatabase, 'SELECT id FROM platform.installation')).toEqual([]);

  await expect(repairInstallation({ adminUrl, temporal: emptyTemporal, temporalAddress })).resolves.toBe(id);
  await expect(verifyInstallation({ adminUrl, temporal: emptyTemporal, temporalAddress })).resolves.toBe(id);

  const other = await repairInstallation({ adminUrl: emptyDatabase, temporal, temporalAddress });
  await expect(verifyInstallation({ adminUrl, temporal, temporalAddress })).rejects.toThrow(
    new RegExp(`belongs to installation ${id}.*holds the workflows of ${other}`),
  );
});
