import { randomBytes } from 'node:crypto';

import { Connection } from '@temporalio/client';

import { asOwner } from './admin';
import { testServers } from './servers';

/**
 * A Temporal namespace that no other test file uses, so that ids such as order/1 never meet. The servers come with some;
 * when those are used up (they were kept running) a new one is made, which takes some seconds.
 */
export async function claimNamespace(): Promise<string> {
  const { postgresAdminUrl, temporalNamespaces } = testServers();
  const claimed = await asOwner(postgresAdminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(7302118023)');
    await client.query('CREATE TABLE IF NOT EXISTS public.claimed_namespaces (name text PRIMARY KEY)');
    const { rows } = await client.query<{ name: string }>(
      `INSERT INTO public.claimed_namespaces (name)
       SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS free (name, nth)
        WHERE NOT EXISTS (SELECT FROM public.claimed_namespaces c WHERE c.name = free.name) ORDER BY nth LIMIT 1
       RETURNING name`,
      [temporalNamespaces],
    );

    return rows[0]?.name;
  });

  return claimed ?? makeNamespace(temporalNamespaces[0] ?? 'default');
}

/** @param like namespace whose search attributes the new one gets */
async function makeNamespace(like: string): Promise<string> {
  const connection = await Connection.connect({ address: testServers().temporalAddress });
  const namespace = `test-${randomBytes(5).toString('hex')}`;

  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as unknown as Long },
    });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: like });
    await untilItSucceeds(() =>
      connection.operatorService.addSearchAttributes({ namespace, searchAttributes: customAttributes ?? {} }),
    );
    await untilItSucceeds(() => connection.workflowService.countWorkflowExecutions({ namespace }));
  } finally {
    await connection.close();
  }

  return namespace;
}

type Long = NonNullable<
  NonNullable<
    Parameters<Connection['workflowService']['registerNamespace']>[0]['workflowExecutionRetentionPeriod']
  >['seconds']
>;

/** The server reads its list of namespaces anew every few seconds. */
async function untilItSucceeds(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await attempt();

      return;
    } catch (error) {
      if (tries === 100) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
