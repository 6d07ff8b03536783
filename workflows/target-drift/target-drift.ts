import { workflowInfo } from '@temporalio/workflow';

import type { TargetKind } from '../../domain/deployments/deployment-target-types';
import type { DriftMode, DriftReport } from '../../domain/deployments/drift/drift-types';
import { isAsItShouldBe, mendKey } from '../../domain/deployments/drift/drift-rules';
import { driftAtTarget } from '../entity/activity-proxies';
import { showDetails } from '../entity/current-details';

export interface TargetDriftInput {
  kind: TargetKind;
  mode: DriftMode;
}

/**
 * `drift/<target>…` on llm-orchestrator, begun by a Schedule and by whoever asks: one look at a target, and what puts it right
 * where that is asked for. The Schedule starts in any case what a company has come to need.
 */
export async function targetDrift({ kind, mode }: TargetDriftInput): Promise<DriftReport> {
  const found = await driftAtTarget('look for drift').lookForDrift({ kind, isNoted: mode !== 'look' });
  show(found, mode);

  if (isAsItShouldBe(found) || mode === 'look' || (mode === 'warn' && found.needed.length === 0)) {
    return found;
  }
  const key = mendKey(workflowInfo());
  const mended = await driftAtTarget('put it right').mendDrift({ kind, key, isNeededOnly: mode === 'warn' });
  show(mended, mode);

  return mended;
}

function show(report: DriftReport, mode: DriftMode): void {
  const { target, revision, isBusy, outcome, says } = report;
  const stands = isBusy ? 'a deployment is under way' : isAsItShouldBe(report) ? 'as it was deployed' : outcome;
  showDetails([`**${target}**, revision ${revision ?? 'none'}, ${mode}: ${stands}`, ...says]);
}
