import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { parse } from 'yaml';

import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import type { WantedService } from '../../domain/deployments/deployment-target-types';
import { renderRelease } from '../kubernetes/render/render-release';
import { createDirectoryTarget } from './create-directory-target';

const settings = {
  image: 'shop/bmms:1.4.0',
  namespacePrefix: 'bmms-',
  temporalAddress: 'temporal:7233',
  temporalNamespace: 'default',
  logLevel: 'info',
};
const billing: WantedService = { service: 'billing-svc', namespace: 'finance', replicas: 1, env: {} };

describe('an export of manifests', () => {
  let folder: string;
  let target: DeploymentTarget;
  const apply = async (services: WantedService[], key: string) =>
    target.apply({ release: await target.render(services), key, approved: await target.describe() });

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-export-'));
    target = createDirectoryTarget({ folder, render: (wanted) => renderRelease(wanted, settings) });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is a folder per revision, by namespace and service, with the newest as latest', async () => {
    expect((await apply([billing], 'model-switch/1')).revision).toBe(1);
    expect((await apply([{ ...billing, replicas: 2 }], 'model-switch/2')).revision).toBe(2);

    expect(readdirSync(folder).sort()).toEqual(['1-model-switch-1', '2-model-switch-2', 'latest']);
    expect(readlinkSync(path.join(folder, 'latest'))).toBe('2-model-switch-2');
    expect(readdirSync(path.join(folder, 'latest/bmms-finance/billing-svc')).sort()).toEqual([
      'configmap.yaml',
      'deployment.yaml',
      'pdb.yaml',
      'service.yaml',
    ]);
    const text = readFileSync(path.join(folder, 'latest/bmms-finance/billing-svc/deployment.yaml'), 'utf8');
    expect(text).toContain('replicas: 2');
  });

  test('holds nothing that a tool which applies the folder would take for a manifest and is none', async () => {
    await apply([billing], 'model-switch/1');
    const latest = path.join(folder, 'latest');
    const files = readdirSync(latest, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(json|ya?ml)$/.test(name),
    );

    expect(files.map((name) => parse(readFileSync(path.join(latest, name), 'utf8')).kind).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
    ]);
  });

  test('written again under its key it is the same revision; another release under it is refused', async () => {
    const first = await apply([billing], 'model-switch/1');

    expect(await apply([billing], 'model-switch/1')).toEqual(first);
    await expect(apply([{ ...billing, replicas: 2 }], 'model-switch/1')).rejects.toMatchObject({
      code: 'target_conflict',
    });
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('tells what differs from the latest', async () => {
    await apply([billing], 'model-switch/1');
    const release = await target.render([{ ...billing, replicas: 2 }]);

    expect((await target.dryRun(release)).map(({ kind, change }) => `${kind} ${change}`)).toEqual([
      'ConfigMap unchanged',
      'Service unchanged',
      'PodDisruptionBudget unchanged',
      'Deployment update',
    ]);
    expect((await target.readState(release))[0]?.drift.map(({ kind }) => kind)).toEqual(['Deployment']);
  });

  test('is taken back whole', async () => {
    await apply([billing], 'model-switch/1');
    await apply([{ ...billing, replicas: 2 }], 'model-switch/2');
    await target.confirm('model-switch/2');
    await target.restore('model-switch/2', 'on second thoughts');

    expect(readlinkSync(path.join(folder, 'latest'))).toBe('1-model-switch-1');
    expect((await target.readRevision(1)).services).toEqual([billing]);
    await expect(target.readRevision(2)).rejects.toMatchObject({ code: 'not_found' });
    expect(await target.restore('model-switch/2', 'again')).toBeNull();
  });

  test('goes to the folder that was approved, and to no other', async () => {
    const other = createDirectoryTarget({ folder: `${folder}-other`, render: target.render });
    const request = { release: await target.render([billing]), key: 'x/1', approved: await other.describe() };

    await expect(async () => target.apply(request)).rejects.toMatchObject({ code: 'target_changed' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder that cannot be written is said so', async () => {
    const unwritable = createDirectoryTarget({ folder: '/dev/null/x', render: target.render });
    const request = { release: await target.render([billing]), key: 'x/1', approved: await unwritable.describe() };

    await expect(async () => unwritable.apply(request)).rejects.toMatchObject({ code: 'target_unknown' });
  });
});
