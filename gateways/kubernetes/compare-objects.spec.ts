import { differingFields } from './compare-objects';

describe('differingFields', () => {
  test('names each field that differs, is missing or is more, by its path', () => {
    const left = { spec: { replicas: 1, list: [{ image: 'a' }, { image: 'b' }], gone: true }, metadata: {} };
    const right = {
      spec: { replicas: 2, list: [{ image: 'a' }, { image: 'c' }, { image: 'd' }], made: null },
      metadata: { labels: { 'app.kubernetes.io/name': 'x' } },
    };

    expect(differingFields(left, right)).toEqual([
      'metadata.labels',
      'spec.gone',
      'spec.list[1].image',
      'spec.list[2]',
      'spec.made',
      'spec.replicas',
    ]);
  });

  test('what the server keeps for itself is no difference', () => {
    const of = (number: number) => ({
      metadata: {
        uid: `${number}`,
        generation: number,
        resourceVersion: `${number}`,
        creationTimestamp: `${number}`,
        managedFields: [{ time: `${number}` }],
        annotations: { 'deployment.kubernetes.io/revision': `${number}` },
      },
      status: { replicas: number },
    });

    expect(differingFields(of(1), of(2))).toEqual([]);
    expect(differingFields({ metadata: {} }, of(2))).toEqual([]);
  });

  test('a name that is no plain word is quoted', () => {
    expect(differingFields({ data: { 'a.b': '1' } }, { data: { 'a.b': '2' } })).toEqual(['data["a.b"]']);
  });
});
