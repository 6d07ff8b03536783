import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import { bootstrapObjects } from '../../gateways/kubernetes/bootstrap/bootstrap-objects';
import { runCommand } from '../../test/environment/run-command';
import { services } from '../../workers/services';
import { addManifestsCommand } from './manifests';

const environment = { BMMS_IMAGE: 'shop/bmms:1.4.0', TEMPORAL_ADDRESS: 'temporal:7233' };
const bmms = (args: string[], variables: Record<string, string> = environment) =>
  runCommand(addManifestsCommand, ['manifests', ...args], variables);

const documentsOf = (text: string): any[] =>
  parseAllDocuments(text).map((document) => {
    if ('errors' in document && document.errors.length > 0) {
      throw document.errors[0]!;
    }

    return document.toJS();
  });
const deploymentsOf = (text: string): Record<string, any> =>
  Object.fromEntries(
    documentsOf(text)
      .filter(({ kind }) => kind === 'Deployment')
      .map((deployment) => [deployment.metadata.name, deployment]),
  );
const environmentOf = (text: string, service: string) =>
  documentsOf(text).find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === `${service}-environment`)
    ?.data;

describe('bmms manifests bootstrap', () => {
  test('prints what an administrator applies, object by object, and how the secrets are made', async () => {
    const { code, output, errors } = await bmms(['bootstrap'], { ...environment, NAMESPACE_PREFIX: 'shop-' });

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(documentsOf(output)).toEqual(
      bootstrapObjects({
        image: 'shop/bmms:1.4.0',
        namespacePrefix: 'shop-',
        temporalAddress: 'temporal:7233',
        temporalNamespace: 'default',
        logLevel: 'info',
      }),
    );
    expect(output.match(/^# {3}kubectl create secret generic bmms-runtime --namespace (\S+) /gm)).toHaveLength(6);
    expect(documentsOf(output).filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('has the namespaces without a prefix where none is wanted, and asks for no address of Temporal', async () => {
    const { output } = await bmms(['bootstrap'], { BMMS_IMAGE: 'shop/bmms:1.4.0', NAMESPACE_PREFIX: '-' });

    expect(
      documentsOf(output)
        .filter(({ kind }) => kind === 'Namespace')
        .map(({ metadata }) => metadata.name),
    ).toEqual(['customer', 'product', 'order', 'finance', 'platform', 'migration']);
  });

  test.each([
    [{}, /^BMMS_IMAGE names the image of the services/],
    [{ BMMS_IMAGE: 'shop/bmms\nkind: evil' }, /^BMMS_IMAGE is not the name of an image, such as shop\/bmms:1\.4\.0\.$/],
    [{ BMMS_IMAGE: 'shop/bmms', NAMESPACE_PREFIX: 'Shop' }, /NAMESPACE_PREFIX: takes lower-case letters and digits/],
    [{ BMMS_IMAGE: 'shop/bmms', ROLLOUT_DEADLINE_SECONDS: '0' }, /ROLLOUT_DEADLINE_SECONDS/],
  ])('%j: prints nothing, and names the variable at fault', async (variables, says) => {
    const { code, output, errors } = await bmms(['bootstrap'], variables);

    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(says);
  });
});

describe('bmms manifests render', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-manifests-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('prints four manifests for each service, all of which run', async () => {
    const { code, output, errors } = await bmms(['render']);
    const documents = documentsOf(output);
    const deployments = deploymentsOf(output);

    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(documents).toHaveLength(services.length * 4);
    expect(Object.keys(deployments).sort()).toEqual(services.map(({ name }) => name).sort());

    for (const { name, namespace } of services) {
      expect(deployments[name].metadata.namespace).toBe(`bmms-${namespace}`);
      expect(deployments[name].spec.replicas).toBe(1);
      expect(deployments[name].spec.template.spec.containers[0].image).toBe('shop/bmms:1.4.0');
    }
    expect(environmentOf(output, 'order-svc')).toMatchObject({ TEMPORAL_ADDRESS: 'temporal:7233', LOG_LEVEL: 'info' });
  });

  test('takes the environment of the services from the configuration', async () => {
    const { output } = await bmms(['render'], { ...environment, BILLING_MODE: 'recurring', TAX_RATE: '0.08' });

    expect(environmentOf(output, 'billing-svc')).toMatchObject({ BILLING_MODE: 'recurring', TAX_RATE: '0.08' });
    expect(environmentOf(output, 'subscription-svc')).toMatchObject({ ADDON_ENABLED: 'true', FREE_TIER: 'true' });
    expect(environmentOf((await bmms(['render'])).output, 'billing-svc')).not.toHaveProperty('BILLING_MODE');
  });

  test.each([
    ['retail', ['subscription-svc'], { BILLING_MODE: 'onetime', SUBSCRIPTION_ENABLED: 'false' }],
    ['subscription', ['inventory-svc', 'order-svc'], { BILLING_MODE: 'recurring', SUBSCRIPTION_ENABLED: 'true' }],
    ['freemium', ['inventory-svc', 'order-svc'], { BILLING_MODE: 'freemium', SUBSCRIPTION_ENABLED: 'true' }],
    ['multi', [], { SUBSCRIPTION_ENABLED: 'true' }],
  ])('for %s stops %j, and nothing else', async (model, stopped, billing) => {
    const { output } = await bmms(['render', '--model', model]);
    const resting = Object.entries(deploymentsOf(output)).filter(([, { spec }]) => spec.replicas === 0);

    expect(resting.map(([name]) => name).sort()).toEqual(stopped);
    expect(environmentOf(output, 'billing-svc')).toMatchObject(billing);
  });

  test('writes them to a folder, each once, and goes back to an older release as a revision of its own', async () => {
    const write = (model: string) => bmms(['render', '--model', model, '--out', folder]);
    const told = [await write('retail'), await write('retail'), await write('subscription'), await write('retail')].map(
      ({ output }) => output,
    );

    expect(told).toEqual(
      [1, 1, 2, 3].map((revision) => `Revision ${revision}: ${services.length * 4} manifests in ${folder}/latest/\n`),
    );
    expect(readdirSync(folder).sort()).toEqual(['1-render-1', '2-render-2', '3-render-3', 'latest']);
    expect(readlinkSync(path.join(folder, 'latest'))).toBe('3-render-3');
    const file = path.join(folder, 'latest/bmms-order/subscription-svc/deployment.yaml');
    const printed = deploymentsOf((await bmms(['render', '--model', 'retail'])).output);
    expect(parse(readFileSync(file, 'utf8'))).toEqual(printed['subscription-svc']);
  });

  test('names no file where a folder should be, and leaves it as it is', async () => {
    const file = path.join(folder, 'notes');
    writeFileSync(file, 'mine');

    expect(await bmms(['render', '--out', file])).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringContaining(`${file} cannot be read as a folder.`),
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each([
    [['--model', 'shop'], environment, /Models: retail, subscription, freemium, multi\./],
    [
      [],
      { BMMS_IMAGE: 'shop/bmms:1.4.0' },
      /^TEMPORAL_ADDRESS is 127\.0\.0\.1:7233, which in a pod is the pod itself\.$/,
    ],
    [[], { TEMPORAL_ADDRESS: 'temporal:7233' }, /^BMMS_IMAGE names the image of the services/],
    [[], { ...environment, TAX_RATE: '2' }, /TAX_RATE/],
  ])('%j with %j: writes nothing, and says what is wrong', async (args, variables, says) => {
    const out = path.join(folder, 'out');
    const { code, output, errors } = await bmms(['render', ...args, '--out', out], variables);

    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(says);
    expect(existsSync(out)).toBe(false);
  });
});

describe('bmms manifests diff', () => {
  test.each([
    ['without a cluster that is named', [], environment, /^No cluster is named: set KUBECONFIG/],
    [
      'without a file of that name',
      [],
      { ...environment, KUBECONFIG: '/dev/null/x' },
      /^The kubeconfig cannot be read/,
    ],
    ['without an image', [], { KUBECONFIG: '/dev/null/x', TEMPORAL_ADDRESS: 'temporal:7233' }, /^BMMS_IMAGE names/],
    ['for a model that there is not', ['--model', 'shop'], environment, /Models: retail/],
    ['with an option that there is not', ['--modell', 'retail'], environment, /unknown option/],
  ])('%s it ends with 2, which is not the answer that something differs', async (_case, args, variables, says) => {
    const { code, output, errors } = await bmms(['diff', ...args], variables);

    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(says);
  });
});
