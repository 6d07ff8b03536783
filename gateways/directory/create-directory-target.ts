import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';

import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import type {
  ObjectChange,
  Release,
  ReleaseObject,
  TargetDescription,
  TargetStanding,
  WantedService,
} from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import { removeExport, writeExport } from './export-files';
import { findExport, listExports, readExport } from './export-index';

/**
 * A folder that manifests are written to (D31), for whoever applies them by other means. An export is one folder per
 * revision, there as a whole or not at all, with `latest` beside it; nothing runs there, so nothing is watched.
 * @param render makes manifests as they are made for a cluster
 */
export function createDirectoryTarget(options: {
  folder: string;
  render: DeploymentTarget['render'];
}): DeploymentTarget {
  const folder = path.resolve(options.folder);
  const description: TargetDescription = {
    kind: 'directory',
    targetId: `directory/${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`,
    context: null,
    server: folder,
    clusterId: null,
  };

  return {
    kind: 'directory',
    isExportOnly: true,
    rolloutMs: 0,
    describe: () => Promise.resolve(description),
    readStandings: (services) => Promise.resolve(readWritten(folder, services)),
    render: options.render,
    dryRun: (release) => Promise.resolve(compareWithLatest(folder, release)),
    apply({ release, key, approved, only }) {
      if (approved.targetId !== description.targetId) {
        throw new AppError('target_changed', { detail: `${folder} is not the folder that was approved.` });
      }
      const { revision } = writeExport(folder, key, release);
      const objects = release.objects
        .filter(({ service }) => only?.includes(service) ?? true)
        .map(({ manifest: _manifest, text: _text, ...object }) => ({ ...object, uid: '', generation: revision }));

      return Promise.resolve({ revision, key, objects });
    },
    watchRollout: () => Promise.resolve({ outcome: 'ready' }),
    confirm(key) {
      if (findExport(folder, key) === null) {
        throw new AppError('not_found', { detail: `Nothing was written under ${key}.` });
      }

      return Promise.resolve();
    },
    restore: (key) => Promise.resolve(removeExport(folder, key)),
    // Each export is complete in itself: what a later one does not have is not in it.
    prune: () => Promise.resolve([]),
    readWanted: () => Promise.resolve(null),
    async readRevision(revision) {
      const found = listExports(folder).find((one) => one.revision === revision);

      if (found === undefined) {
        throw new AppError('not_found', { detail: `There is no revision ${revision} in ${folder}.` });
      }

      return readExport(folder, found).release;
    },
    readState: (release) =>
      Promise.resolve(
        release.services.map(({ service, namespace, replicas }) => ({
          service,
          namespace,
          state: existsSync(folder) ? 'not_ready' : 'missing',
          wantedReplicas: replicas,
          readyReplicas: 0,
          says: 'it is only written to a folder: nobody here knows whether it runs',
          drift: compareWithLatest(folder, release).filter(
            (one) => one.service === service && one.change !== 'unchanged',
          ),
        })),
      ),
  };
}

/** As the newest export has them: it is what whoever applies them has in hand. */
function readWritten(folder: string, services: readonly Pick<WantedService, 'service'>[]): TargetStanding[] {
  const latest = listExports(folder)[0];
  const written = latest === undefined ? [] : readExport(folder, latest).release.services;

  return services.map(({ service }) => {
    const found = written.find((one) => one.service === service);

    return found === undefined
      ? { service, state: 'missing', replicas: 0, env: {} }
      : { service, state: found.replicas === 0 ? 'stopped' : 'running', replicas: found.replicas, env: found.env };
  });
}

function compareWithLatest(folder: string, release: Release): ObjectChange[] {
  const latest = listExports(folder)[0];
  const former = latest === undefined ? [] : readExport(folder, latest).release.objects;
  const textOf = ({ kind, namespace, name }: ReleaseObject) =>
    former.find((one) => one.kind === kind && one.namespace === namespace && one.name === name)?.text;

  return release.objects.map((object) => {
    const { apiVersion, kind, namespace, name, service, text } = object;
    const before = textOf(object);
    const change = before === undefined ? 'create' : before === text ? 'unchanged' : 'update';

    return { apiVersion, kind, namespace, name, service, change, fields: [], takenFrom: [], leftTo: [] };
  });
}
