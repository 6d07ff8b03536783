import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';

const folder = path.resolve(__dirname, '../../histories');
const productionBundle = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };
const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Record<string, string>;
const workflowTypes = [
  'dunning',
  'model-switch',
  'order',
  'payment',
  'price-move',
  'subscription',
  'target-drift',
  'test-clock',
];
const recorded = workflowTypes.flatMap((type) =>
  readdirSync(path.join(folder, type)).map((file) => `${type}/${path.basename(file, '.json')}`),
);

function* histories(): Generator<{ workflowId: string; history: ReturnType<typeof historyFromJSON> }> {
  for (const name of recorded) {
    const history = historyFromJSON(JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')));
    yield { workflowId: name, history };
  }
}

// The incompatible variant is meant to fail, at length.
beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
});

async function replay(workflowBundle: WorkflowBundleOption): Promise<Map<string, string | undefined>> {
  const results = new Map<string, string | undefined>();

  // In this thread and without a limit to a step's time: a busy machine is no incompatible change.
  const options = { workflowBundle, debugMode: true };

  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories())) {
    results.set(workflowId, error?.name);
  }

  return results;
}

it('has a history of every path, and a path for every history', () => {
  expect(recorded.length).toBeGreaterThanOrEqual(66);
  expect(recorded.sort()).toEqual(Object.keys(manifest).sort());
});

const endOf = (name: string) => {
  const { events } = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as {
    events: { eventType: string }[];
  };

  return events.at(-1)?.eventType;
};

it.each([
  'order/waiting-for-payment',
  'order/paid-waiting-to-ship',
  'order/paid-by-notification',
  'subscription/waiting-for-first-payment',
  'subscription/in-trial',
  'subscription/charged-by-saved-card',
  'subscription/card-declined',
  'subscription/free-tier',
  'subscription/chain-3',
  'subscription/started-its-campaign',
  'dunning/waiting-for-its-look',
  'price-move/paused',
  'model-switch/waiting-for-approval',
])('holds a history that is still open: %s', (name) => {
  expect(endOf(name)).toMatch(/^EVENT_TYPE_WORKFLOW_TASK_|^EVENT_TYPE_TIMER_|^EVENT_TYPE_MARKER_|_UPDATE_COMPLETED$/);
});

it('holds a chain of runs, each continued as new by the one before', () => {
  expect(['chain-1', 'chain-2'].map((name) => endOf(`subscription/${name}`))).toEqual([
    'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
    'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  ]);
});

it('names no machine, and no place where code lay', () => {
  const told = recorded.flatMap((name) => [
    ...readFileSync(path.join(folder, `${name}.json`), 'utf8').matchAll(
      /"(?:identity|stackTrace)": *"((?:[^"\\]|\\.)*)"/g,
    ),
  ]);

  expect(told.length).toBeGreaterThan(recorded.length);
  expect([...new Set(told.map(([, value]) => value))].sort()).toEqual(['', 'recorder']);
});

it('replays every history with the bundle that production loads', async () => {
  const results = await replay(productionBundle);

  expect([...results.keys()].sort()).toEqual(recorded.sort());
  expect([...results].filter(([, error]) => error !== undefined)).toEqual([]);
});

it('notices an incompatible change in every history', async () => {
  const bundle = await bundleWorkflowCode({ workflowsPath: path.join(folder, 'incompatible/workflows.ts') });
  const results = await replay(bundle);

  expect([...results].filter(([, error]) => error !== 'DeterminismViolationError')).toEqual([]);
});
