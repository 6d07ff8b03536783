import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { Release } from '../../domain/deployments/deployment-target-types';

export interface ExportEntry {
  revision: number;
  /** Of the folder, such as `3-model-switch-8`. */
  name: string;
}

export const releaseFile = 'release.json';

/** The newest first. */
export function listExports(folder: string): ExportEntry[] {
  if (!existsSync(folder)) {
    return [];
  }

  return readdirSync(folder)
    .map((name) => ({ name, revision: Number(/^(\d+)-/.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ name, revision }) => Number.isInteger(revision) && existsSync(path.join(folder, name, releaseFile)))
    .sort((a, b) => b.revision - a.revision);
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
