import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { AppliedRevision, Release, ReleaseObject } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import { type ExportEntry, findExport, listExports, releaseFile } from './export-index';

const fileNames: Record<string, string> = {
  ConfigMap: 'configmap.yaml',
  Service: 'service.yaml',
  PodDisruptionBudget: 'pdb.yaml',
  Deployment: 'deployment.yaml',
};

/**
 * Writes a release as the folder `<revision>-<key>`, all at once, or finds the one that was written under the key.
 * @throws AppError `target_conflict` when another release was written under the key; `target_unknown` when the folder
 *   cannot be written
 */
export function writeExport(folder: string, key: string, release: Release): ExportEntry {
  const found = findExport(folder, key);

  if (found !== null && found.release.digest !== release.digest) {
    throw new AppError('target_conflict', {
      detail: `${key} has written another release, as revision ${found.revision}.`,
    });
  }
  const entry = found ?? create(folder, key, release);
  pointToLatest(folder);

  return entry;
}

/** Removes what was written under the key; `latest` shows the one before. */
export function removeExport(folder: string, key: string): AppliedRevision | null {
  const found = findExport(folder, key);

  if (found === null) {
    return null;
  }
  rmSync(path.join(folder, found.name), { recursive: true, force: true });
  pointToLatest(folder);

  return { revision: found.revision, key, objects: [] };
}

function create(folder: string, key: string, release: Release): ExportEntry {
  const draft = path.join(folder, `.new-${randomUUID()}`);

  try {
    for (const object of release.objects) {
      writeObject(draft, object);
    }
    mkdirSync(draft, { recursive: true });
    writeFileSync(path.join(draft, releaseFile), `${JSON.stringify({ key, release }, null, 2)}\n`);

    return moveIntoPlace(folder, draft, key);
  } catch (cause) {
    discard(draft);
    throw cause instanceof AppError
      ? cause
      : new AppError('target_unknown', { detail: `The folder ${folder} cannot be written to.`, cause });
  }
}

function discard(draft: string): void {
  try {
    rmSync(draft, { recursive: true, force: true });
  } catch {
    // Where nothing can be written, nothing has to be removed.
  }
}

/** Switches to one target come one after the other (D28), so that nobody else takes the number meanwhile. */
function moveIntoPlace(folder: string, draft: string, key: string): ExportEntry {
  const revision = (listExports(folder)[0]?.revision ?? 0) + 1;
  const name = `${revision}-${key.replace(/[^a-zA-Z0-9]+/g, '-')}`;
  renameSync(draft, path.join(folder, name));

  return { revision, name };
}

function writeObject(draft: string, { namespace, service, kind, name, text }: ReleaseObject): void {
  const place = path.join(draft, namespace, service);
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, fileNames[kind] ?? `${kind.toLowerCase()}-${name}.yaml`), text);
}

function pointToLatest(folder: string): void {
  const latest = path.join(folder, 'latest');
  const newest = listExports(folder)[0];

  if (newest === undefined) {
    rmSync(latest, { force: true });

    return;
  }
  const draft = path.join(folder, `.latest-${randomUUID()}`);
  symlinkSync(newest.name, draft);
  renameSync(draft, latest);
}
