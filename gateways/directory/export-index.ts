import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Release } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';

export interface ExportEntry {
  revision: number;
  /** Of the folder, such as `3-model-switch-8`. */
  name: string;
}

/** Without an extension: `kubectl apply -R` takes whatever ends in .json or .yaml for a manifest. */
export const releaseFile = 'release';

/** The newest first. @throws AppError `target_unknown` when the folder is there and cannot be read */
export function listExports(folder: string): ExportEntry[] {
  return namesIn(folder)
    .map((name) => ({ name, revision: Number(/^(\d+)-/.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ name, revision }) => Number.isInteger(revision) && existsSync(path.join(folder, name, releaseFile)))
    .sort((a, b) => b.revision - a.revision);
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) {
    return [];
  }

  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new AppError('target_unknown', { detail: `${folder} cannot be read as a folder.`, cause });
  }
}

export function readExport(folder: string, { name }: ExportEntry): { key: string; release: Release } {
  return JSON.parse(readFileSync(path.join(folder, name, releaseFile), 'utf8')) as { key: string; release: Release };
}

export function findExport(folder: string, key: string): (ExportEntry & { release: Release }) | null {
  for (const entry of listExports(folder)) {
    const found = readExport(folder, entry);

    if (found.key === key) {
      return { ...entry, release: found.release };
    }
  }

  return null;
}
