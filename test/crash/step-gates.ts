import { setTimeout as delay } from 'node:timers/promises';

import { Client } from 'pg';

/** A place in what a process writes, at which it is held until the gate opens. */
export interface Gate {
  table: string;
  when: 'INSERT' | 'UPDATE';
  /** Of OLD and NEW, as in the WHEN of a trigger. */
  condition: string;
}

export interface Gates {
  /** Settles when somebody stands before it. */
  reached(name: string): Promise<void>;
  /** Whoever stands there goes on, and whoever comes later. */
  open(name: string): Promise<void>;
  close(): Promise<void>;
}

const arrivesWithinMs = 120_000;
const firstKey = 7_302_119_000;

/**
 * Holds processes at exactly the writes that a test names: a trigger of the test's own waits there for an advisory lock, which
 * the test holds. Who is killed before a gate has written nothing yet; a statement that is a transaction of its own is carried
 * out all the same once the gate opens, and its answer is lost.
 */
export async function placeGates(adminUrl: string, gates: Readonly<Record<string, Gate>>): Promise<Gates> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  const keys = new Map(Object.keys(gates).map((name, nth) => [name, firstKey + nth]));
  const keyOf = (name: string): number => keys.get(name) ?? 0;
  await client.query(`CREATE OR REPLACE FUNCTION public.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_catalog.pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint);
      RETURN NEW;
    END $$`);

  for (const [name, { table, when, condition }] of Object.entries(gates)) {
    await client.query('SELECT pg_advisory_lock($1)', [keyOf(name)]);
    // Names of triggers are in the order of their firing: before any of the product's.
    await client.query(
      `CREATE TRIGGER "0_gate_${name}" BEFORE ${when} ON ${table} FOR EACH ROW WHEN (${condition})
       EXECUTE FUNCTION public.wait_at_gate('${keyOf(name)}')`,
    );
  }

  return {
    async reached(name) {
      for (const until = performance.now() + arrivesWithinMs; performance.now() < until; await delay(20)) {
        const { rows } = await client.query(
          `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND ((classid::bigint << 32) | objid::bigint) = $1
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          [keyOf(name)],
        );

        if (rows.length > 0) {
          return;
        }
      }
      throw new Error(`Nobody came to the gate ${name}.`);
    },
    async open(name) {
      await client.query('SELECT pg_advisory_unlock($1)', [keyOf(name)]);
    },
    async close() {
      // All are open before the first is taken away, which waits for whoever stands at another one.
      await client.query('SELECT pg_advisory_unlock_all()');

      for (const [name, { table }] of Object.entries(gates)) {
        await client.query(`DROP TRIGGER "0_gate_${name}" ON ${table}`);
      }
      await client.end();
    },
  };
}
