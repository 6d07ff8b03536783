import type { DeploymentRow } from '../domain/deployments/row/deployment-row';
import type { TargetKind } from '../domain/deployments/deployment-target-types';
import { standingOf } from './deployment-standing';

const change = (service: string, action: string) => ({ service, action, replicas: 1, env: {}, namespace: 'order' });

const row = (kind: TargetKind): DeploymentRow =>
  ({
    status: 'verifying',
    target: { kind, targetId: kind, context: null, server: null, clusterId: null },
    plan: {
      from: 'retail',
      to: 'subscription',
      stops: ['order-svc'],
      changeset: {
        services: [change('subscription-svc', 'start'), change('billing-svc', 'update'), change('order-svc', 'update')],
      },
    },
    steps: [],
    retiring: [],
    expiresAt: new Date(0),
    doorClosedAt: null,
    approvedAt: null,
    cancelAskedAt: null,
    committedAt: null,
  }) as unknown as DeploymentRow;

const begun = ['subscription-svc', 'billing-svc'];

it.each([
  ['local', 'answer', begun],
  ['local', 'readiness', begun],
  ['kubernetes', 'answer', begun],
  ['kubernetes', 'readiness', []],
  ['directory', 'answer', []],
] as const)('on %s, SMOKE_CHECK=%s asks %j', (kind, smokeCheck, asked) => {
  expect(standingOf(row(kind), smokeCheck).started).toEqual(asked);
});
