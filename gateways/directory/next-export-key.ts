import type { Release } from '../../domain/deployments/deployment-target-types';
import { listExports, readExport } from './export-index';

/**
 * The key to write a release under, for who has none: that of the newest export when it is of the same release, so that
 * nothing is written twice; else a new one, so that going back to an older release is a revision of its own.
 */
export function nextExportKey(folder: string, release: Release): string {
  const [newest] = listExports(folder);

  if (newest === undefined) {
    return 'render/1';
  }
  const former = readExport(folder, newest);

  return former.release.digest === release.digest ? former.key : `render/${newest.revision + 1}`;
}
