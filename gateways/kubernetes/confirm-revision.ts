import { AppError } from '../../domain/errors';
import type { KubernetesParts } from './kubernetes-parts';
import { RevisionRecords } from './revision-records';

/** @throws AppError `not_found`, or `target_conflict` for a revision that was put back */
export async function confirmRevision(parts: KubernetesParts, key: string): Promise<void> {
  const records = new RevisionRecords(parts);
  const record = await records.find(key);

  if (record === null) {
    throw new AppError('not_found', { detail: `Nothing was applied under ${key}.` });
  }

  if (record.state === 'failed') {
    throw new AppError('target_conflict', { detail: `Revision ${record.revision} (${key}) was put back.` });
  }

  if (record.state === 'pending') {
    // First what was deployed before, so that a crash in between leaves the lock held and the work to be repeated.
    await records.supersedeOthers(record.revision);
    await records.update(record, { state: 'deployed' });
  }
}
