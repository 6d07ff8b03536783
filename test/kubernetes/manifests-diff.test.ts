import { addManifestsCommand } from '../../cli/commands/manifests';
import { wantedServices } from '../../cli/manifests/wanted-services';
import type { ObjectChange } from '../../domain/deployments/deployment-target-types';
import { readConfig } from '../../platform/config';
import { services } from '../../workers/services';
import { runCommand } from '../environment/run-command';
import { prepareTestPlace, type TestPlace } from '../environment/test-place';

describe('bmms manifests diff on a cluster', () => {
  let place: TestPlace;
  let variables: Record<string, string>;
  const diff = (...args: string[]) => runCommand(addManifestsCommand, ['manifests', 'diff', ...args], variables);
  const changesOf = (output: string) => JSON.parse(output) as ObjectChange[];

  beforeEach(async () => {
    place = await prepareTestPlace();
    const { image, namespacePrefix, temporalAddress } = place.settings();
    variables = {
      BMMS_IMAGE: image,
      NAMESPACE_PREFIX: namespacePrefix,
      TEMPORAL_ADDRESS: temporalAddress,
      ROLLOUT_DEADLINE_SECONDS: '60',
      KUBECONFIG: place.writeKubeconfig(),
    };
  });
  afterEach(() => place.clear());

  test('ends with 1 and each object that would change, and with 0 when nothing would', async () => {
    const before = await diff('--json');
    expect(before.code).toBe(1);
    expect(before.errors).toContain(`Context place, ${place.admin.server}, cluster `);
    expect(changesOf(before.output).map(({ change }) => change)).toEqual(Array(services.length * 4).fill('create'));

    const target = await place.target({ progressDeadlineSeconds: 60 });
    const release = await target.render(wantedServices(null, readConfig(variables)));
    const applied = await target.apply({ release, key: 'model-switch/1', approved: await target.describe() });
    expect(await target.watchRollout(applied, { timeoutMs: 60_000 })).toEqual({ outcome: 'ready' });
    await target.confirm('model-switch/1');

    expect(await diff()).toMatchObject({ code: 0, output: 'nothing\n' });

    const switched = await diff('--model', 'retail', '--json');
    expect(switched.code).toBe(1);
    expect(
      changesOf(switched.output)
        .map(({ kind, name, change }) => `${change} ${kind} ${name}`)
        .sort(),
    ).toEqual([
      'update ConfigMap billing-svc-environment',
      'update ConfigMap subscription-svc-environment',
      'update Deployment billing-svc',
      'update Deployment subscription-svc',
    ]);
    expect(
      changesOf(switched.output).find(({ service, kind }) => service === 'subscription-svc' && kind === 'Deployment'),
    ).toMatchObject({ fields: expect.arrayContaining(['spec.replicas']) });
    expect((await diff('--model', 'retail')).output).toMatch(
      /^update +Deployment t[0-9a-f]{8}-order\/subscription-svc .*spec\.replicas/m,
    );
  });

  test('ends with 2 where nobody prepared the cluster, and says what does', async () => {
    variables['NAMESPACE_PREFIX'] = `${place.prefix}x-`;
    const { code, output, errors } = await diff();

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain('bmms manifests bootstrap');
  });
});
