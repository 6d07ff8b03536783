import { randomUUID } from 'node:crypto';

import type { Client as TemporalClient } from '@temporalio/client';
import { Client } from 'pg';

import { systemClock } from '../../platform/clock';
import { readSentinel, removeSentinel, stampSentinel } from '../../clients/installation-sentinel';

export interface InstallationParts {
  /** Of the owner: the app's role may only read the row. */
  adminUrl: string;
  temporal: TemporalClient;
  /** Named in messages. */
  temporalAddress: string;
}

/**
 * PostgreSQL and Temporal must belong together (D10): rows of one without the workflows of the other would never move
 * again, or move twice. The first call stamps both.
 * @returns the installation's id
 * @throws Error with a paragraph that says what is wrong and how to mend it
 */
export async function verifyInstallation(parts: InstallationParts): Promise<string> {
  return withOwner(parts.adminUrl, async (client) => {
    const known = await readInstallation(client);
    const stamped = await readSentinel(parts.temporal);

    if (known !== null) {
      if (known !== stamped) {
        throw new Error(describeDisagreement(parts.temporalAddress, known, stamped));
      }

      return known;
    }
    if (stamped !== null) {
      throw new Error(describeDisagreement(parts.temporalAddress, null, stamped));
    }

    return stampBoth(client, parts);
  });
}

/**
 * Makes Temporal's stamp that of PostgreSQL, whatever stood there. Workflows are left as they are: rows whose workflow is
 * lost need `bmms doctor --repair` afterwards.
 * @returns the installation's id
 */
export async function repairInstallation(parts: InstallationParts): Promise<string> {
  return withOwner(parts.adminUrl, async (client) => {
    await removeSentinel(parts.temporal);
    const known = await readInstallation(client);

    if (known === null) {
      return stampBoth(client, parts);
    }
    await stampSentinel(parts.temporal, known);

    return known;
  });
}

/** The row is committed after the stamp is set: a crash between leaves a stamp that the next start reports. */
async function stampBoth(client: Client, parts: InstallationParts): Promise<string> {
  const id = randomUUID();
  await client.query('INSERT INTO platform.installation (id, created_at) VALUES ($1, $2)', [id, systemClock.now()]);
  const stamped = await stampSentinel(parts.temporal, id);

  if (stamped !== id) {
    throw new Error(describeDisagreement(parts.temporalAddress, null, stamped));
  }

  return id;
}

async function readInstallation(client: Client): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM platform.installation');

  return rows[0]?.id ?? null;
}

/** One transaction under a lock, so that two starts at once do not stamp twice. */
async function withOwner<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();

  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE platform.installation IN SHARE ROW EXCLUSIVE MODE');
    const result = await work(client);
    await client.query('COMMIT');

    return result;
  } finally {
    // Without a COMMIT the transaction ends with the connection.
    await client.end();
  }
}

function describeDisagreement(address: string, known: string | null, stamped: string | null): string {
  const what =
    known === null
      ? `The Temporal server at ${address} holds the workflows of installation ${stamped}, but this PostgreSQL database is new or was emptied.`
      : stamped === null
        ? `This PostgreSQL database belongs to installation ${known}, but the Temporal server at ${address} does not know it: its data are new or were lost.`
        : `This PostgreSQL database belongs to installation ${known}, but the Temporal server at ${address} holds the workflows of ${stamped}.`;

  return (
    `${what} Started like this, orders and subscriptions would wait for workflows that are not there, or be moved by ` +
    'those of somebody else, so nothing is started. If an address is wrong, correct DATABASE_URL or TEMPORAL_ADDRESS. If one of ' +
    'the two was lost, restore it from a backup of the same time. If it is meant to begin anew beside the other, run ' +
    '`bmms installation repair --yes`, which makes the two belong together, and then `bmms doctor --repair`, which starts ' +
    'workflows that rows need.'
  );
}
