import type { ObjectChange, WantedService } from '../deployment-target-types';
import { eventOfDrift, isAsItShouldBe, mendingRun, mendKey, tellDrift, wantedToday } from './drift-rules';

const wanted = (service: string, replicas: number): WantedService => ({
  service,
  namespace: 'order',
  replicas,
  env: {},
});
const change = (changes: Partial<ObjectChange>): ObjectChange => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'bmms-order',
  name: 'order-svc',
  service: 'order-svc',
  change: 'update',
  fields: [],
  takenFrom: [],
  leftTo: [],
  ...changes,
});

it('wants what the last revision wants, and awake what a company has come to need', () => {
  const services = [wanted('order-svc', 0), wanted('subscription-svc', 0), wanted('billing-svc', 2)];

  expect(wantedToday(services, new Set(['order-svc', 'billing-svc']))).toEqual({
    services: [wanted('order-svc', 1), wanted('subscription-svc', 0), wanted('billing-svc', 2)],
    woken: ['order-svc'],
  });
});

it('tells what is gone, what was changed by whom, and what nobody names', () => {
  const found = {
    changes: [
      change({ change: 'create' }),
      change({ fields: ['spec.replicas'] }),
      change({ fields: ['spec.replicas'], takenFrom: [{ manager: 'kubectl-edit', field: 'spec.replicas' }] }),
    ],
    superfluous: [change({ kind: 'Service', name: 'old-svc', change: 'delete' })],
  };

  expect(tellDrift(found)).toEqual([
    'Deployment bmms-order/order-svc is missing',
    'Deployment bmms-order/order-svc differs: spec.replicas',
    'Deployment bmms-order/order-svc differs: spec.replicas by kubectl-edit',
    'Service bmms-order/old-svc is named by no revision',
  ]);
  expect(isAsItShouldBe(found)).toBe(false);
  expect(isAsItShouldBe({ changes: [], superfluous: [] })).toBe(true);
});

it.each([
  [[], [], null],
  [[], ['a'], 'k8s.drift.found'],
  [['a', 'b'], ['b', 'a'], null],
  [['a', 'b'], ['b'], 'k8s.drift.found'],
  [['a'], ['b'], 'k8s.drift.found'],
  [['a', 'b'], [], 'k8s.drift.mended'],
])('after %j, %j is told as %s', (before, now, event) => {
  expect(eventOfDrift(before, now)).toBe(event);
});

it.each([
  [
    mendKey({ workflowId: 'drift/kubernetes/a-b', runId: '01-ab' }),
    { workflowId: 'drift/kubernetes/a-b', runId: '01-ab' },
  ],
  ['mend/01-ab', { workflowId: null, runId: '01-ab' }],
  ['model-switch/8', null],
  ['model-switch/8/stop/order-svc', null],
])('the key %s is of the mend %j', (key, run) => {
  expect(mendingRun(key)).toEqual(run);
});
