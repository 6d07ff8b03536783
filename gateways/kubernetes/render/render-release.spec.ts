import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { parse } from 'yaml';

import type { ReleaseObject, WantedService } from '../../../domain/deployments/deployment-target-types';
import { AppError } from '../../../domain/errors';
import { checkManifestSchema } from './check-manifest-schema';
import type { ManifestSettings } from './manifest-values';
import { parseManifest } from './parse-manifest';
import { renderRelease } from './render-release';
import { quoteForYaml, readTemplate, templateNames } from './render-template';

const settings: ManifestSettings = {
  image: 'shop/bmms:1.4.0',
  namespacePrefix: 'bmms-',
  temporalAddress: 'temporal-frontend.temporal:7233',
  temporalNamespace: 'default',
  logLevel: 'info',
};
const wanted = (service: string, namespace: WantedService['namespace'], replicas = 1, env = {}): WantedService => ({
  service,
  namespace,
  replicas,
  env,
});
const textOf = (objects: readonly ReleaseObject[]) => objects.map(({ text }) => text).join('---\n');
const codeOf = async (work: () => Promise<unknown>) =>
  work().then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('rendering a release', () => {
  /** To write them anew after a change that was meant: WRITE_GOLDEN=1 npx jest render-release --selectProjects unit */
  test.each([
    [
      'switch-to-subscription',
      [
        wanted('subscription-svc', 'order'),
        wanted('promotion-svc', 'product'),
        wanted('billing-svc', 'finance', 1, { SUBSCRIPTION_ENABLED: 'true' }),
        wanted('order-svc', 'order', 0),
        wanted('inventory-svc', 'order', 0),
      ],
    ],
    ['api-and-generator', [wanted('api-gateway', 'platform', 2), wanted('k8s-generator', 'platform')]],
  ])('%s: the manifests are those that were looked at and kept', async (name, services) => {
    const file = path.join(__dirname, 'golden', `${name}.yaml`);
    const text = textOf((await renderRelease(services, settings)).objects);

    if (process.env['WRITE_GOLDEN'] === '1') {
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  test('the same services give the same digest in whatever order, and another one gives another', async () => {
    const [a, b] = [wanted('order-svc', 'order', 1, { B: '2', A: '1' }), wanted('billing-svc', 'finance')];
    const digest = async (services: WantedService[]) => (await renderRelease(services, settings)).digest;

    expect(await digest([a, b])).toBe(await digest([b, { ...a, env: { A: '1', B: '2' } }]));
    expect(await digest([a, b])).not.toBe(await digest([a, { ...b, replicas: 2 }]));
  });

  test('what others refer to is applied before them', async () => {
    const { objects } = await renderRelease([wanted('order-svc', 'order'), wanted('billing-svc', 'finance')], settings);

    expect(objects.map(({ kind }) => kind)).toEqual([
      ...Array(2).fill('ConfigMap'),
      ...Array(2).fill('Service'),
      ...Array(2).fill('PodDisruptionBudget'),
      ...Array(2).fill('Deployment'),
    ]);
  });

  test('a change of the environment alone changes the pod template, so that pods are made anew', async () => {
    const checksum = async (env: Record<string, string>) => {
      const { objects } = await renderRelease([wanted('billing-svc', 'finance', 1, env)], settings);
      const deployment = objects.find(({ kind }) => kind === 'Deployment')?.manifest as any;

      return deployment.spec.template.metadata.annotations['bmms.dev/config-checksum'];
    };

    expect(await checksum({})).not.toBe(await checksum({ SUBSCRIPTION_ENABLED: 'true' }));
  });

  test('pods have longer to end than a process takes to drain', async () => {
    const { objects } = await renderRelease([wanted('order-svc', 'order')], settings);
    const deployment = objects.find(({ kind }) => kind === 'Deployment')?.manifest as any;
    const drain = /const deadlineMs = (\d+)_000/.exec(
      readFileSync(path.join(__dirname, '../../../cli/run-until-stopped.ts'), 'utf8'),
    );

    expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(drain?.[1]));
  });
});

describe('values cannot become structure', () => {
  const nasty = [
    'a: b\n  image: evil',
    'x\n---\nkind: ClusterRoleBinding',
    'x"\n  ADMIN: "true',
    '199k # tháng',
    'gói: tháng',
    "it's & <b>",
    '{{yaml image}}',
    '&anchor *alias !!js/function',
    '0123',
    '1e3',
    'null',
    'yes',
    '',
    '\u2028\u2029\u0085\u007f\ufeff',
    '\t\r\n\0',
    '🛒 Đặt hàng',
  ];

  test.each(nasty)('%j comes back whole as the value of a variable', async (value) => {
    const { objects } = await renderRelease([wanted('billing-svc', 'finance', 1, { NOTE: value })], settings);
    const data = objects.find(({ kind }) => kind === 'ConfigMap')?.manifest['data'];

    expect(objects).toHaveLength(4);
    expect(data).toMatchObject({ NOTE: value });
  });

  test('any text is one scalar of YAML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parse(quoteForYaml(text))).toBe(text);
        expect(parse(`key: ${quoteForYaml(text)}\nother: 1\n`)).toEqual({ key: text, other: 1 });
      }),
    );
  });

  test.each(nasty.filter((text) => !/^[a-z]+$/.test(text)))(
    '%j is no name of a service, variable, image or namespace',
    async (name) => {
      const service = wanted('billing-svc', 'finance');

      expect(await codeOf(() => renderRelease([{ ...service, service: name }], settings))).toBe('manifest_invalid');
      expect(await codeOf(() => renderRelease([{ ...service, env: { [name]: '1' } }], settings))).toBe(
        'manifest_invalid',
      );
      expect(await codeOf(() => renderRelease([service], { ...settings, image: name }))).toBe(
        /^\w+$/.test(name) ? null : 'manifest_invalid',
      );
      expect(await codeOf(() => renderRelease([service], { ...settings, namespacePrefix: `${name}-\n` }))).toBe(
        'manifest_invalid',
      );
    },
  );

  test('what the installation sets, a switch does not', async () => {
    const service = wanted('billing-svc', 'finance', 1, { NODE_ENV: 'test' });

    expect(await codeOf(() => renderRelease([service], settings))).toBe('manifest_invalid');
  });

  test('no template has a value that is not quoted', () => {
    for (const name of templateNames) {
      const stashes = readTemplate(name).match(/\{\{.*?\}\}/g) ?? [];
      expect(stashes.filter((one) => !/^\{\{(yaml [\w.]+|#each \w+|\/each)\}\}$/.test(one))).toEqual([]);
    }
  });
});

describe('reading a manifest back', () => {
  const expected = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'bmms-order', name: 'x' };
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: bmms-order }\n';

  test('the object that it was rendered for is read', () => {
    expect(parseManifest(text, expected)).toMatchObject({ kind: 'ConfigMap' });
  });

  test.each([
    ['a second document', `${text}---\n${text}`],
    ['another kind', text.replace('ConfigMap', 'ClusterRoleBinding')],
    ['another namespace', text.replace('bmms-order', 'kube-system')],
    ['a repeated key', `${text}kind: ConfigMap\n`],
    ['an alias', `${text}data: &a { b: "1" }\nbinaryData: *a\n`],
    ['no document', ''],
    ['text that is no YAML', `${text}  - :\n :`],
  ])('%s is refused', (_what, other) => {
    expect(() => parseManifest(other, expected)).toThrow();
  });
});

describe('the schema of the API', () => {
  const deployment = async () => {
    const { objects } = await renderRelease([wanted('order-svc', 'order')], settings);

    return structuredClone(objects.find(({ kind }) => kind === 'Deployment')?.manifest) as any;
  };

  test.each<[string, (manifest: any) => void]>([
    ['spec.replicsa', (manifest) => (manifest.spec.replicsa = 7)],
    ['spec.replicas', (manifest) => (manifest.spec.replicas = '1')],
    [
      'spec.template.spec.containers[0].imagePulPolicy',
      (m) => (m.spec.template.spec.containers[0].imagePulPolicy = 'x'),
    ],
    ['spec.template.spec.containers', (manifest) => (manifest.spec.template.spec.containers = {})],
    ['metadata.labels.a', (manifest) => (manifest.metadata.labels.a = 1)],
  ])('%s: an unknown field, or a value of another type, is named', async (field, spoil) => {
    const manifest = await deployment();
    spoil(manifest);

    await expect(checkManifestSchema(manifest)).rejects.toMatchObject({ code: 'manifest_invalid', field });
  });

  test('a kind that is none of ours is refused', async () => {
    await expect(checkManifestSchema({ apiVersion: 'v1', kind: 'Secret' })).rejects.toMatchObject({
      code: 'manifest_invalid',
    });
  });
});
