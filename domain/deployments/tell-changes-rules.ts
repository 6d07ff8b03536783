import type { ObjectChange } from './deployment-target-types';

/** What a person has to know of what is applied, a line each: fields that somebody else had set, or goes on to set. */
export function tellChanges(changes: readonly ObjectChange[]): string[] {
  return changes.flatMap(({ kind, namespace, name, takenFrom, leftTo }) => [
    ...takenFrom.map(({ manager, field }) => `${field} of ${kind} ${namespace}/${name} is taken back from ${manager}`),
    ...leftTo.map(({ manager, field }) => `${field} of ${kind} ${namespace}/${name} is left to ${manager}`),
  ]);
}
