import type { JsonObject } from '../../domain/deployments/deployment-target-types';
import {
  type ManagedFieldsEntry,
  extractFields,
  fieldsAppliedBy,
  mergeFields,
  otherOwners,
} from './managed-fields-rules';

const entries: ManagedFieldsEntry[] = [
  {
    manager: 'bmms',
    operation: 'Apply',
    fieldsV1: {
      'f:spec': {
        'f:template': {
          'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:name': {}, 'f:image': {} } } },
        },
      },
    },
  },
  {
    manager: 'hpa-controller',
    operation: 'Update',
    subresource: 'scale',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  },
  { manager: 'bmms', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': {} } },
];
const live: JsonObject = {
  metadata: { name: 'order-svc', labels: { a: '1', b: '2' }, finalizers: ['x', 'y'] },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          { name: 'sidecar', image: 'other:1' },
          { name: 'app', image: 'bmms:1', imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 3100 }] },
        ],
      },
    },
  },
};

describe('managed fields', () => {
  test('what was applied is taken out of the live object, and nothing else', () => {
    expect(extractFields(live, fieldsAppliedBy('bmms', entries))).toEqual({
      spec: { template: { spec: { containers: [{ name: 'app', image: 'bmms:1' }] } } },
    });
  });

  test('an owner of a field is found by its path', () => {
    expect(otherOwners(['spec', 'replicas'], 'bmms', entries)).toEqual(['hpa-controller']);
    expect(otherOwners(['spec', 'template'], 'bmms', entries)).toEqual([]);
    expect(otherOwners(['spec', 'replicas'], 'hpa-controller', entries)).toEqual([]);
  });

  test('a field without fields below it is taken whole, a field that is gone is left out', () => {
    const fields = mergeFields({ 'f:metadata': { 'f:labels': { 'f:a': {} } } }, { 'f:spec': { 'f:gone': {} } });

    expect(extractFields(live, fields)).toEqual({ metadata: { labels: { a: '1' } } });
    expect(extractFields(live, { 'f:metadata': { 'f:labels': {} } })).toEqual({
      metadata: { labels: { a: '1', b: '2' } },
    });
  });

  test('a value of a set is found by itself', () => {
    expect(extractFields(live, { 'f:metadata': { 'f:finalizers': { 'v:"y"': {} } } })).toEqual({
      metadata: { finalizers: ['y'] },
    });
  });

  test('merged fields name what either names', () => {
    expect(mergeFields({ 'f:a': { 'f:b': {} } }, { 'f:a': { 'f:c': {} }, 'f:d': {} })).toEqual({
      'f:a': { 'f:b': {}, 'f:c': {} },
      'f:d': {},
    });
  });
});
