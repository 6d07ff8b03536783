import { setTimeout as sleep } from 'node:timers/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { WorkflowNotFoundError } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

import { openTemporal } from '../../../platform/temporal/client';
import { queryAsOwner } from '../../environment/admin';
import { type ApiClient, createApiClient } from '../../environment/api-client';
import { endProcesses } from '../../environment/child-process';
import { startSystem } from '../../environment/start-system';

/** An intent as POST /model/switch takes it. */
export const intentOf = (fields: Record<string, unknown>) => ({
  businessModel: null,
  plans: [],
  addons: [],
  promotions: [],
  taxRate: null,
  source: 'rules',
  confidence: 1,
  questions: [],
  ...fields,
});
export const plan199 = {
  name: null,
  price: 199_000,
  currency: 'VND',
  billingCycle: 'monthly',
  trialDays: null,
  unit: null,
};

export type SwitchWorld = Awaited<ReturnType<typeof openSwitchWorld>>;

/**
 * An installation of its own with one company, so that its services stop for real.
 * @param env what differs from the usual, such as another target
 */
export async function openSwitchWorld(env: Record<string, string> = {}) {
  const system = await startSystem(env);
  const { url, temporalAddress, temporalNamespace, adminUrl } = system.description;
  const temporal = openTemporal({ address: temporalAddress, namespace: temporalNamespace });
  const visitor = createApiClient(url);
  const { body } = await visitor.post('/auth/login', { email: 'admin@demo.test', password: 'demo-password-1' });
  const api = visitor.with({ token: body.accessToken });
  const productId = (await api.post('/products', { sku: 'SWITCHED', name: 'Switched', price: 50_000 })).body.id;
  await api.put(`/inventory/${productId}`, { quantity: 10_000, reorderLevel: 0 });
  const query = (sql: string, values: unknown[] = []) => queryAsOwner<any>(adminUrl, sql, values);
  const read = async (id: number, by: ApiClient = api) => (await by.get(`/model/deployments/${id}`)).body;
  const over = (id: number, by: ApiClient = api, ms = 120_000) =>
    until(
      `switch ${id} is over`,
      async () => {
        const row = await read(id, by);

        return row.endedAt === null ? false : row;
      },
      ms,
    );
  const reaches = (id: number, statuses: string[], by: ApiClient = api) =>
    until(`switch ${id} is ${statuses.join(' or ')}`, async () => {
      const row = await read(id, by);

      return statuses.includes(row.status) ? row : false;
    });
  /** Asks, and waits until it may be approved. */
  const ask = async (fields: Record<string, unknown>, more: Record<string, unknown> = {}, by: ApiClient = api) => {
    const asked = await by.post('/model/switch', { intent: intentOf(fields), ...more });
    expect(asked).toMatchObject({ status: 201 });

    return reaches(asked.body.id, ['awaiting_approval'], by);
  };
  const approve = ({ id, planHash }: { id: number; planHash: string }, by: ApiClient = api) =>
    by.post(`/model/deployments/${id}/approve`, { planHash });

  /** Writes the history of a workflow, of its last run or of another, into the replay corpus, where RECORD_HISTORIES=1 asks for it. */
  const keepHistory = async (name: string, workflowId = '', runId?: string): Promise<void> => {
    if (process.env['RECORD_HISTORIES'] === undefined) {
      return;
    }
    const file = path.resolve(__dirname, '../../histories', `${name}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    const json = historyToJSON(await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory())
      .replace(/"identity": *"(?:[^"\\]|\\.)*"/g, '"identity": "recorder"')
      .replace(/"stackTrace": *"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');
    writeFileSync(file, `${json}\n`);
  };

  return {
    system,
    temporal,
    api,
    query,
    over,
    reaches,
    read,
    ask,
    approve,
    order: () =>
      api.post('/orders', {
        customerId: 1,
        items: [{ productId, quantity: 1 }],
        shippingAddress: '12 Tràng Tiền, Hà Nội',
        paymentMethod: 'cod',
      }),
    stateOf: async (service: string) =>
      (await query('SELECT state FROM platform.service_state WHERE service = $1', [service]))[0]?.state,
    /** Asks, approves what was shown, and waits for the end. */
    async switchTo(fields: Record<string, unknown>, more: Record<string, unknown> = {}) {
      const asked = await ask(fields, more);
      const saidYes = performance.now();
      expect((await approve(asked)).status).toBe(200);
      const ended = await over(asked.id);

      return { ...ended, tookMs: Math.round(performance.now() - saidYes) };
    },
    /** Writes the history of a switch into the replay corpus, where RECORD_HISTORIES=1 asks for it. */
    keep: (name: string, id: number) => keepHistory(`model-switch/${name}`, `model-switch/${id}`),
    keepHistory,
    /** A test has changed its row by hand: its workflow looks at it now, unless it has looked by itself and is over. */
    async lookAgain(id: number): Promise<void> {
      await temporal.client.workflow
        .getHandle(`model-switch/${id}`)
        .signal('lookAgain')
        .catch((error: unknown) => {
          expect(error).toBeInstanceOf(WorkflowNotFoundError);
        });
    },
    async close(pids: readonly number[] = system.description.pids) {
      await temporal.close();
      await endProcesses(pids);
      await system.testDatabase.drop();
    },
  };
}

/** @throws Error when it takes longer than so many milliseconds */
export async function until<Value>(what: string, look: () => Promise<Value | false>, ms = 120_000): Promise<Value> {
  const end = performance.now() + ms;

  do {
    const value = await look();

    if (value !== false) {
      return value;
    }
    await sleep(100);
  } while (performance.now() < end);
  throw new Error(`It took too long until ${what}.`);
}
