import type { ServiceChange } from './changeset-types';

export const targetKinds = ['local', 'kubernetes', 'directory'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** Plain JSON, as manifests are. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

/** What a person is shown before saying yes, and what `apply` compares with. */
export interface TargetDescription {
  kind: TargetKind;
  /** One per place that is deployed to; at most one switch at a time applies to it (D28). */
  targetId: string;
  /** Name in the kubeconfig; null where there is none. */
  context: string | null;
  /** Address of the API server, or the folder of an export; null for the embedded system. */
  server: string | null;
  /** Changes when the cluster behind an address does; null where there is no cluster. */
  clusterId: string | null;
}

/** One service as it should be. */
export type WantedService = Pick<ServiceChange, 'service' | 'namespace' | 'replicas' | 'env'>;

/** A service as it is wanted on a target now, whoever wanted it. `missing`: the target has never had it. */
export interface TargetStanding {
  service: string;
  state: 'running' | 'stopped' | 'missing';
  replicas: number;
  /** Without what the installation itself sets. */
  env: Readonly<Record<string, string>>;
}

export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

export interface ReleaseObject extends ObjectReference {
  /** The service it belongs to. */
  service: string;
  manifest: JsonObject;
  /** The same as text for people: YAML. */
  text: string;
}

/** What is to be applied to a target. */
export interface Release {
  /** SHA-256 of all that would be applied, in hex: part of what an approval is tied to. */
  digest: string;
  services: WantedService[];
  /** In the order of applying; empty on a target without objects. */
  objects: ReleaseObject[];
}

export interface ObjectChange extends ObjectReference {
  service: string;
  change: 'create' | 'update' | 'unchanged' | 'delete';
  /** Paths that differ, such as `spec.replicas`; for `update` only. */
  fields: string[];
  /** Fields of ours that another manager has set to something else, and that are taken back. */
  takenFrom: { manager: string; field: string }[];
  /** Fields left to whoever owns them: the replicas that an autoscaler sets. */
  leftTo: { manager: string; field: string }[];
}

/** An object as the target has it after applying. */
export interface AppliedObject extends ObjectReference {
  service: string;
  uid: string;
  /** A rollout is that of this generation and no other. */
  generation: number;
}

export interface AppliedRevision {
  /** Counts up per target. */
  revision: number;
  key: string;
  objects: AppliedObject[];
  /** What its dry run said of each object of the release, where the target has one. */
  changes?: ObjectChange[];
}

export interface RolloutProgress {
  /** One line per service that is not ready yet. */
  waitingFor: { service: string; says: string }[];
  ready: number;
  total: number;
}

export type RolloutOutcome =
  | { outcome: 'ready' }
  /** It will not become ready: pods that never get ready, a quota, an image. */
  | { outcome: 'failed'; reasons: { service: string; says: string }[] }
  /** Somebody else wrote, or deleted, what was being rolled out: nothing is claimed of it. */
  | { outcome: 'superseded'; reasons: { service: string; says: string }[] }
  | { outcome: 'timed_out'; reasons: { service: string; says: string }[] };

/** A service as it stands on the target. */
export interface ServiceCondition {
  service: string;
  namespace: string;
  state: 'missing' | 'stopped' | 'ready' | 'not_ready';
  wantedReplicas: number;
  readyReplicas: number;
  /** In one sentence, when it is not ready. */
  says: string | null;
  /** Fields that are not as the release has them, and objects that are gone. */
  drift: ObjectChange[];
}
