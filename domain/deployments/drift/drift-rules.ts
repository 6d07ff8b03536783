import type { ObjectChange, WantedService } from '../deployment-target-types';
import type { DriftReport, MendingRun } from './drift-types';

/**
 * Services as they should be: as the last revision wants them, but for those that stand still though a company that began
 * since needs them.
 * @param needed by active companies
 */
export function wantedToday(
  wanted: readonly WantedService[],
  needed: ReadonlySet<string>,
): { services: WantedService[]; woken: string[] } {
  const isWoken = ({ service, replicas }: WantedService): boolean => replicas === 0 && needed.has(service);

  return {
    services: wanted.map((one) => (isWoken(one) ? { ...one, replicas: 1 } : one)),
    woken: wanted.filter(isWoken).map(({ service }) => service),
  };
}

/** Under which key a workflow puts a target right. */
export const mendKey = ({ workflowId, runId }: MendingRun): string => `mend/${workflowId}/${runId}`;

/** The workflow that brings something under this key; null where it is no mend. */
export function mendingRun(key: string): MendingRun | null {
  const [, workflowId, runId] = /^mend\/(?:(.+)\/)?([^/]+)$/.exec(key) ?? [];

  return runId === undefined ? null : { workflowId: workflowId ?? null, runId };
}

/** Whether nothing differs. */
export const isAsItShouldBe = ({ changes, superfluous }: Pick<DriftReport, 'changes' | 'superfluous'>): boolean =>
  changes.length + superfluous.length === 0;

/** What is told when a target is found so, after it was found otherwise: drift once for each change of what differs. */
export function eventOfDrift(
  before: readonly string[],
  now: readonly string[],
): 'k8s.drift.found' | 'k8s.drift.mended' | null {
  const isSame = [...before].sort().join('\n') === [...now].sort().join('\n');

  return isSame ? null : now.length === 0 ? 'k8s.drift.mended' : 'k8s.drift.found';
}

/** Drift as a person reads it, a line for each object. */
export function tellDrift({ changes, superfluous }: Pick<DriftReport, 'changes' | 'superfluous'>): string[] {
  return [
    ...changes.map((change) => `${nameOf(change)} ${change.change === 'create' ? 'is missing' : differs(change)}`),
    ...superfluous.map((change) => `${nameOf(change)} is named by no revision`),
  ];
}

function differs({ fields, takenFrom }: ObjectChange): string {
  const whose = takenFrom.map(({ manager, field }) => `${field} by ${manager}`);

  return `differs: ${(whose.length > 0 ? whose : fields).join(', ')}`;
}

const nameOf = ({ kind, namespace, name }: ObjectChange): string => `${kind} ${namespace}/${name}`;
