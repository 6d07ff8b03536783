import { type ObservedDeployment, readRollout } from './rollout-rules';

const condition = (type: string, status: string, reason: string, message = '') => ({ type, status, reason, message });
const available = [
  condition('Available', 'True', 'MinimumReplicasAvailable'),
  condition('Progressing', 'True', 'NewReplicaSetAvailable'),
];
const ready: ObservedDeployment = {
  generation: 4,
  deletionTimestamp: null,
  wantedReplicas: 2,
  isPaused: false,
  observedGeneration: 4,
  replicas: 2,
  updatedReplicas: 2,
  availableReplicas: 2,
  conditions: available,
};
const stateOf = (changes: Partial<ObservedDeployment>, generation = 4) =>
  readRollout({ ...ready, ...changes }, generation).state;

describe('readRollout', () => {
  test('is ready when all pods are of the new version and available, and the controller says so', () => {
    expect(readRollout(ready, 4)).toEqual({ state: 'ready', says: '2 of 2 pods are ready' });
  });

  test('reads no condition before the controller has seen the write: what stands there is of an earlier one', () => {
    const conditions = [condition('Progressing', 'False', 'ProgressDeadlineExceeded')];

    expect(stateOf({ generation: 4, observedGeneration: 3, conditions })).toBe('waiting');
    expect(stateOf({ generation: 4, observedGeneration: 4, conditions })).toBe('failed');
  });

  test('claims nothing once somebody else has written or deleted', () => {
    expect(stateOf({ generation: 5, observedGeneration: 5 })).toBe('superseded');
    expect(stateOf({ deletionTimestamp: '2026-11-29T00:00:00Z' })).toBe('superseded');
    expect(readRollout(null, 4).state).toBe('superseded');
  });

  test.each<[string, Partial<ObservedDeployment>]>([
    ['not all pods are of the new version', { updatedReplicas: 1 }],
    ['pods of the old version are still there', { replicas: 3 }],
    ['not all are available', { availableReplicas: 1 }],
    ['the controller has not said that it is done', { conditions: available.slice(0, 1) }],
    ['the controller has not said that it is available', { conditions: available.slice(1) }],
  ])('waits while %s', (_why, changes) => {
    expect(stateOf(changes)).toBe('waiting');
  });

  test('a quota that lets no pod be made is told with its name', () => {
    const conditions = [...available, condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota: small')];

    expect(readRollout({ ...ready, conditions }, 4)).toEqual({ state: 'refused', says: 'exceeded quota: small' });
  });

  test('a paused rollout never ends by itself', () => {
    expect(stateOf({ isPaused: true })).toBe('failed');
  });

  test('stopped means that no pod is left, and asks for nothing else', () => {
    const none = { wantedReplicas: 0, updatedReplicas: 0, availableReplicas: 0, conditions: [] };

    expect(stateOf({ ...none, replicas: 1 })).toBe('waiting');
    expect(stateOf({ ...none, replicas: 0 })).toBe('ready');
  });

  test('replicas that nobody has set are one', () => {
    const one = { wantedReplicas: null, replicas: 1, updatedReplicas: 1 };

    expect(stateOf({ ...one, availableReplicas: 1 })).toBe('ready');
    expect(stateOf({ ...one, availableReplicas: 0 })).toBe('waiting');
  });
});
