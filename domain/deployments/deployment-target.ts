import type {
  AppliedRevision,
  ObjectChange,
  Release,
  RolloutOutcome,
  RolloutProgress,
  ServiceCondition,
  TargetDescription,
  TargetKind,
  TargetStanding,
  WantedService,
} from './deployment-target-types';

/** How long something may take, and who hears of it meanwhile. */
export interface Watching {
  /** Ends the wait; what was applied stays applied. */
  signal?: AbortSignal | undefined;
  /** Called at least every few seconds while something is waited for: the place of an activity's heartbeat. */
  onProgress?: ((progress: RolloutProgress) => void) | undefined;
}

export interface ApplyRequest {
  release: Release;
  /** Who applies, such as `model-switch/8`. Applying again under the same key goes on with the same revision. */
  key: string;
  /** The target that was approved; `apply` refuses another one (D31). */
  approved: Pick<TargetDescription, 'targetId' | 'clusterId'>;
  /** Only the objects of these services, of the same revision: what ends is scaled down after the rest is ready. */
  only?: readonly string[] | undefined;
}

/**
 * Where services run, or are written to (D31): the embedded system, a Kubernetes cluster, a folder. Every method may be
 * called again after a crash and then goes on where it was.
 *
 * A revision is what one `apply` key brought to the target. It is `pending` until `confirm` or `restore`; while one is
 * pending, no other key may apply to the target (`target_busy`).
 *
 * Failures: an AppError of the catalogue is final (`target_*`, `manifest_invalid`); anything else may pass, and is worth
 * another try.
 */
export interface DeploymentTarget {
  readonly kind: TargetKind;
  /** An export is complete once it is applied: there is nothing to watch, drain or smoke-check. */
  readonly isExportOnly: boolean;
  /** How long a rollout may take in all. Milliseconds. */
  readonly rolloutMs: number;

  /** What a person approves: where exactly it goes. */
  describe(): Promise<TargetDescription>;

  /** How these services stand there now, to plan from; null where rows of the database say it. */
  readStandings(services: readonly Pick<WantedService, 'service' | 'namespace'>[]): Promise<TargetStanding[] | null>;

  /** The objects for these services, validated. The same wanted services give the same digest. */
  render(wanted: readonly WantedService[]): Promise<Release>;

  /** What `apply` would do, object by object; changes nothing. @throws AppError when it would be refused */
  dryRun(release: Release): Promise<ObjectChange[]>;

  /** Notes what stands there, then applies. @throws AppError `target_busy` while another revision is pending */
  apply(request: ApplyRequest): Promise<AppliedRevision>;

  /** Waits until what was applied serves, fails, or somebody else has written over it. */
  watchRollout(applied: AppliedRevision, watching: Watching & { timeoutMs: number }): Promise<RolloutOutcome>;

  /** The revision is good: it becomes the deployed one, and the target is free for the next. */
  confirm(key: string): Promise<void>;

  /**
   * Puts back what stood there before the revision of this key, and deletes what it created; the target is free then.
   * @param options.mayTryAgain the key may apply once more, as a new revision; without it, it never may
   * @returns what to watch until the former version serves again; null when nothing was applied under the key, or it was confirmed
   */
  restore(key: string, reason: string, options?: { mayTryAgain?: boolean }): Promise<AppliedRevision | null>;

  /**
   * Deletes what we have applied at any time and is not in `keep`, which has to be the whole of what should stand there.
   * @param options.isDryRun only tells what would be deleted
   * @throws AppError `target_refused` for a release without objects
   */
  prune(keep: Release, options?: { isDryRun?: boolean }): Promise<ObjectChange[]>;

  /**
   * All services as the last revision that was not put back wants them; null where nothing was brought, or where what runs
   * follows what is wanted by itself.
   */
  readWanted(): Promise<{ revision: number; key: string; isPending: boolean; services: WantedService[] } | null>;

  /** What a revision applied, to apply it once more as a new one. @throws AppError `not_found` */
  readRevision(revision: number): Promise<Release>;

  /** How the services of the release stand now, with what differs from it (drift). Reads only. */
  readState(release: Release): Promise<ServiceCondition[]>;
}
