import { Client } from 'pg';

import { continueSequences, copyRows } from './copy-rows';
import { customers, events, orders, type Originals, type Scale, subscriptions } from './seeded-rows';

/**
 * Fills the tables of the demo company by copies of what stands there: set-based, without the product's code. All of it is
 * over, orders and subscriptions: what goes on has a workflow, and would be given one.
 */
export async function seed(
  adminUrl: string,
  scale: Scale,
  originals: Originals,
  tell: (text: string) => void,
): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    await client.query('SET session_replication_role = replica');
    const all = [
      ...customers(scale),
      ...orders(scale, originals),
      ...subscriptions(scale, originals),
      ...events(scale),
    ];

    for (const copies of all) {
      const startedAt = performance.now();
      const made = await copyRows(client, copies);
      tell(`${copies.table}: ${made} rows, ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    }
    await continueSequences(
      client,
      [...new Set(all.map(({ table }) => table))].filter((table) => !keyless.has(table)),
    );
    await client.query('VACUUM (ANALYZE)');
    tell('analysed');
  } finally {
    await client.end();
  }
}

/** Without a serial id. */
const keyless = new Set(['platform.event_subjects']);
