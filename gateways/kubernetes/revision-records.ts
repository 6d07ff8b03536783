import type { ObjectReference, Release, WantedService } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import type { ClusterConnection } from './cluster-connection';
import { type KubernetesParts, platformNamespace } from './kubernetes-parts';
import { callApi, deleteObject } from './object-store';
import { collectionPath } from './object-path';
import { explainAnswer } from './cluster-failure';
import {
  keyAnnotation,
  nameOf,
  parseRecord,
  revisionOf,
  type RevisionRecord,
  stateLabel,
  writeRecord,
} from './revision-record';
import { sendPatiently } from './send-patiently';

/** Name, state and key of each record, without what it holds. */
interface RecordSummary {
  name: string;
  uid: string;
  revision: number;
  state: string;
  key: string;
}

const keptRevisions = 10;
const listAccept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * The revisions of an installation, kept where it is deployed, as ConfigMaps of its platform namespace: whoever applies to
 * the cluster sees them, whichever database it has. Making the next number is what takes the lock.
 */
export class RevisionRecords {
  private readonly cluster: ClusterConnection;
  private readonly namespace: string;

  constructor({ cluster, settings }: KubernetesParts) {
    this.cluster = cluster;
    this.namespace = platformNamespace(settings);
  }

  /**
   * The record of this key, made when there is none, and anew where it was refused and may try again.
   * @throws AppError `target_busy` while that of another key is pending
   */
  async claim(key: string, release: Release): Promise<RevisionRecord> {
    for (;;) {
      const summaries = await this.list();
      const mine = summaries.find((one) => one.key === key);

      const known = mine === undefined ? null : await this.read(mine.revision);

      if (known !== null && !known.mayTryAgain) {
        return known;
      }
      const pending = summaries.find(({ state }) => state === 'pending');

      if (pending !== undefined) {
        throw new AppError('target_busy', {
          detail: `Revision ${pending.revision} (${pending.key}) is being applied to this cluster.`,
          params: { revision: pending.revision, key: pending.key },
        });
      }
      const last = summaries[0];
      const former = last === undefined ? null : await this.read(last.revision);
      const good = summaries.find(({ state }) => state !== 'failed');
      const base = good === undefined ? null : good === last ? former : await this.read(good.revision);
      const made = await this.create({
        revision: (last?.revision ?? 0) + 1,
        key,
        release,
        wanted: uniteServices(base?.wanted ?? [], release.services),
        inventory: unite(former?.inventory ?? [], release.objects),
      });

      if (made !== null) {
        // However often it is refused, there is one record of it.
        await (mine === undefined ? null : deleteObject(this.cluster, this.reference(mine.name), mine.uid));

        return made;
      }
      // Somebody was faster and has that number: look again.
    }
  }

  async find(key: string): Promise<RevisionRecord | null> {
    const summary = (await this.list()).find((one) => one.key === key);

    return summary === undefined ? null : this.read(summary.revision);
  }

  async latest(): Promise<RevisionRecord | null> {
    const summary = (await this.list())[0];

    return summary === undefined ? null : this.read(summary.revision);
  }

  /** The newest that was not put back, pending or deployed: what should stand there. */
  async latestGood(): Promise<RevisionRecord | null> {
    const summary = (await this.list()).find(({ state }) => state !== 'failed');

    return summary === undefined ? null : this.read(summary.revision);
  }

  /** @throws AppError `not_found` */
  async read(revision: number): Promise<RevisionRecord> {
    const doing = `reading revision ${revision}`;
    const answer = await sendPatiently(this.cluster, { method: 'GET', path: this.path(nameOf(revision)) }, doing);

    if (answer.status === 404) {
      throw new AppError('not_found', { detail: `There is no revision ${revision} any more.` });
    }

    if (answer.status >= 400) {
      throw explainAnswer(answer, doing);
    }

    return parseRecord(answer.body);
  }

  /** @throws AppError `conflict` when somebody else has written it since it was read */
  async update(record: RevisionRecord, changes: Partial<RevisionRecord>): Promise<RevisionRecord> {
    const next = { ...record, ...changes };

    return parseRecord(
      await callApi(
        this.cluster,
        { method: 'PUT', path: this.path(nameOf(record.revision)), body: writeRecord(next, this.namespace) },
        `noting revision ${record.revision}`,
      ),
    );
  }

  /** The former deployed one is superseded; the oldest are forgotten. */
  async supersedeOthers(revision: number): Promise<void> {
    const others = (await this.list()).filter((one) => one.revision !== revision);

    for (const one of others.filter(({ state }) => state === 'deployed')) {
      await this.update(await this.read(one.revision), { state: 'superseded' });
    }

    for (const one of others.filter(({ state }) => state !== 'pending').slice(keptRevisions)) {
      await deleteObject(this.cluster, this.reference(one.name), one.uid);
    }
  }

  /** The newest first. */
  private async list(): Promise<RecordSummary[]> {
    const body = await callApi(
      this.cluster,
      { method: 'GET', path: this.path(), query: { labelSelector: stateLabel }, accept: listAccept },
      'listing revisions',
    );
    const items = (body['items'] ?? []) as unknown as {
      metadata: { name: string; uid: string; labels: Record<string, string>; annotations?: Record<string, string> };
    }[];

    return items
      .map(({ metadata }) => ({
        name: metadata.name,
        uid: metadata.uid,
        revision: revisionOf(metadata.name),
        state: metadata.labels[stateLabel] ?? '',
        key: metadata.annotations?.[keyAnnotation] ?? '',
      }))
      .sort((a, b) => b.revision - a.revision);
  }

  /** @returns null when the number is taken */
  private async create(made: Pick<RevisionRecord, 'revision' | 'key' | 'release' | 'wanted' | 'inventory'>) {
    const record = {
      ...made,
      state: 'pending' as const,
      reason: null,
      mayTryAgain: false,
      before: null,
      changes: [],
      uid: '',
      resourceVersion: '',
    };
    const doing = `noting revision ${record.revision}`;
    const body = writeRecord(record, this.namespace);
    const answer = await sendPatiently(this.cluster, { method: 'POST', path: this.path(), body }, doing);

    if (answer.status === 409) {
      return null;
    }

    if (answer.status >= 400) {
      throw explainAnswer(answer, doing);
    }

    return parseRecord(answer.body);
  }

  private path(name?: string): string {
    const collection = collectionPath('v1', 'configmaps', this.namespace);

    return name === undefined ? collection : `${collection}/${name}`;
  }

  private reference(name: string): ObjectReference {
    return { apiVersion: 'v1', kind: 'ConfigMap', namespace: this.namespace, name };
  }
}

function uniteServices(left: readonly WantedService[], right: readonly WantedService[]): WantedService[] {
  return [...new Map([...left, ...right].map((one) => [one.service, one])).values()];
}

function unite(left: readonly ObjectReference[], right: readonly ObjectReference[]): ObjectReference[] {
  const all = [...left, ...right].map(({ apiVersion, kind, namespace, name }) => ({
    apiVersion,
    kind,
    namespace,
    name,
  }));

  return [...new Map(all.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one])).values()];
}
