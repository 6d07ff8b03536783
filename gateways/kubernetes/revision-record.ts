import type {
  JsonObject,
  ObjectChange,
  ObjectReference,
  Release,
  WantedService,
} from '../../domain/deployments/deployment-target-types';
import { parseLive } from './object-store';

export type RevisionState = 'pending' | 'deployed' | 'superseded' | 'failed';

/** What was, or is being, brought to the cluster under one key. */
export interface RevisionRecord {
  revision: number;
  key: string;
  state: RevisionState;
  /** Why it failed; null otherwise. */
  reason: string | null;
  /** It failed because it was refused, nothing of it stands there, and nobody has put it back: its key may try again. */
  mayTryAgain: boolean;
  release: Release;
  /** All services as they are wanted by this revision: those of its release, and of the ones before it what it leaves alone. */
  wanted: WantedService[];
  /** How each object stood before; null until that is known, and nothing is applied before it is. */
  before: FormerObject[] | null;
  /** What the dry run said of each object, since `before` is known. */
  changes: ObjectChange[];
  /** All that we have applied and not deleted since, this revision's included. */
  inventory: ObjectReference[];
  uid: string;
  resourceVersion: string;
}

export interface FormerObject extends ObjectReference {
  service: string;
  /** null: there was none. */
  manifest: JsonObject | null;
}

export const stateLabel = 'bmms.dev/revision-state';
export const keyAnnotation = 'bmms.dev/revision-key';
const prefix = 'bmms-revision-';

/** A record as the ConfigMap that keeps it. */
export function writeRecord(record: RevisionRecord, namespace: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: nameOf(record.revision),
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'bmms', [stateLabel]: record.state },
      annotations: { [keyAnnotation]: record.key },
      ...(record.resourceVersion === '' ? {} : { resourceVersion: record.resourceVersion }),
    },
    data: {
      reason: JSON.stringify(record.reason),
      mayTryAgain: JSON.stringify(record.mayTryAgain),
      release: JSON.stringify(record.release),
      wanted: JSON.stringify(record.wanted),
      before: JSON.stringify(record.before),
      changes: JSON.stringify(record.changes),
      inventory: JSON.stringify(record.inventory),
    },
  };
}

/** The record that a ConfigMap keeps. */
export function parseRecord(content: JsonObject): RevisionRecord {
  const live = parseLive(content);
  const data = content['data'] as Record<string, string>;
  const metadata = content['metadata'] as { name: string; annotations?: Record<string, string> };
  const parse = <Value>(name: string): Value => JSON.parse(data[name] ?? 'null') as Value;

  return {
    revision: revisionOf(metadata.name),
    key: metadata.annotations?.[keyAnnotation] ?? '',
    state: (live.labels[stateLabel] ?? 'failed') as RevisionState,
    reason: parse<string | null>('reason'),
    mayTryAgain: parse<boolean | null>('mayTryAgain') ?? false,
    release: parse<Release>('release'),
    // A record of an older version has its release alone.
    wanted: parse<WantedService[] | null>('wanted') ?? parse<Release>('release').services,
    before: parse<FormerObject[] | null>('before'),
    changes: parse<ObjectChange[] | null>('changes') ?? [],
    inventory: parse<ObjectReference[]>('inventory'),
    uid: live.uid,
    resourceVersion: live.resourceVersion,
  };
}

export function nameOf(revision: number): string {
  return `${prefix}${revision}`;
}

export const revisionOf = (name: string): number => Number(name.replace(prefix, ''));
