import path from 'node:path';

import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { updateWithStart } from '../../../../clients/workflow-start';
import { openTemporal, type TemporalClient } from '../../../../platform/temporal/client';
import { claimNamespace } from '../../../environment/claim-namespace';
import { testServers } from '../../../environment/servers';

const { temporalAddress: address } = testServers();
const taskQueue = 'closing';
let temporal: TemporalClient;
let stopWorker: () => Promise<void>;
/** What happens while a workflow is in its one step, which answers and ends it. */
let meanwhile: () => Promise<void>;

beforeAll(async () => {
  const quiet = new DefaultLogger('ERROR', () => undefined);
  Runtime.install({ logger: quiet, telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  const namespace = await claimNamespace();
  temporal = openTemporal({ address, namespace });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities: { step: () => meanwhile() },
    workflowBundle: await bundleWorkflowCode({ workflowsPath: path.join(__dirname, 'asked.ts'), logger: quiet }),
  });
  const running = worker.run();
  stopWorker = async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
});

afterAll(async () => {
  await stopWorker();
  await temporal.close();
});

const startAndAsk = (workflowId: string, endsOnNews: boolean) =>
  updateWithStart<string>(
    temporal.client,
    {
      ...{ type: 'asked', workflowId, taskQueue, input: { endsOnNews } },
      ...{ companyId: 1, urgency: 'asked', summary: 'asked' },
    },
    { name: 'ask', args: [], updateId: 'ask', reuse: 'ALLOW_DUPLICATE' },
  );
const ways = {
  'an update that starts its workflow': (workflowId: string) => startAndAsk(workflowId, false),
  'an update of one that runs': async (workflowId: string) => {
    const handle = await temporal.client.workflow.start('asked', {
      workflowId,
      taskQueue,
      args: [{ endsOnNews: false }],
    });

    return handle.executeUpdate<string, []>('ask');
  },
};

// Temporal does not take the end of a workflow that it has news for. The task fails, and the update with it (FAILED_PRECONDITION).
test.each(Object.entries(ways))('%s is answered, also when news comes in just as it ends', async (name, ask) => {
  const workflowId = `asked/${name}`;
  const handle = temporal.client.workflow.getHandle(workflowId);
  let steps = 0;
  meanwhile = async () => {
    steps += 1;

    if (steps === 1) {
      await handle.signal('news');
    }
  };

  expect(await temporal.connection.withDeadline(Date.now() + 60_000, () => ask(workflowId))).toBe('answered');
  const { events } = await handle.fetchHistory();
  expect((events ?? []).filter((event) => event.workflowTaskFailedEventAttributes != null)).toHaveLength(1);
});

// The task that fails takes the update with it, and the news alone ends the run: repeats of the same request find it over.
test('an update whose start was carried out, and whose run is over without it, starts another', async () => {
  const workflowId = 'asked/over';
  const handle = temporal.client.workflow.getHandle(workflowId);
  const runs = new Set<string>();
  meanwhile = async () => {
    const { runId } = await handle.describe();

    if (runs.size === 0) {
      await handle.signal('news');
    }
    runs.add(runId);
  };

  const answer = await temporal.connection.withDeadline(Date.now() + 60_000, () => startAndAsk(workflowId, true));
  expect(answer).toBe('answered');
  expect(runs.size).toBe(2);
});
