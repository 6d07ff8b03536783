import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';

import { type Client, ScheduleNotFoundError, ScheduleOverlapPolicy, WorkflowNotFoundError } from '@temporalio/client';

import type { TargetKind } from '../domain/deployments/deployment-target-types';
import {
  type DriftMode,
  type DriftReport,
  driftSubject,
  type MendingRun,
} from '../domain/deployments/drift/drift-types';
import { AppError } from '../domain/errors';

const type = 'targetDrift';
const taskQueue = 'llm-orchestrator';

/**
 * One look at a target now, and what puts it right where the mode says so.
 * @throws AppError unavailable when it takes longer than `patienceMs`; the look goes on
 */
export async function lookAtTarget(
  temporal: Client,
  { kind, mode, patienceMs }: { kind: TargetKind; mode: DriftMode; patienceMs: number },
): Promise<DriftReport> {
  const handle = await temporal.workflow.start(type, {
    workflowId: `${driftSubject(kind)}/${randomUUID()}`,
    taskQueue,
    args: [{ kind, mode }],
    staticSummary: `look for drift on ${kind}`,
  });
  const patience = new AbortController();

  try {
    const report = await Promise.race([
      handle.result() as Promise<DriftReport>,
      sleep(patienceMs, null, { signal: patience.signal }),
    ]);

    if (report === null) {
      throw new AppError('unavailable', {
        detail: `The target has not answered yet; ${handle.workflowId} goes on asking.`,
      });
    }

    return report;
  } finally {
    patience.abort();
  }
}

/** Whether the workflow that puts a target right is still at it: it may have been terminated in the middle. */
export async function isStillMending(temporal: Client, { workflowId, runId }: MendingRun): Promise<boolean> {
  const id = workflowId ?? (await workflowOf(temporal, runId));

  if (id === null) {
    return false;
  }

  try {
    return (await temporal.workflow.getHandle(id, runId).describe()).status.name === 'RUNNING';
  } catch (error) {
    // Forgotten by its retention time.
    if (error instanceof WorkflowNotFoundError) {
      return false;
    }
    throw error;
  }
}

async function workflowOf({ workflow }: Client, runId: string): Promise<string | null> {
  for await (const { workflowId } of workflow.list({ query: `RunId = '${runId}'` })) {
    return workflowId;
  }

  return null;
}

/** Has a target looked at again and again, or no more. Any number of processes may ask for the same. */
export async function keepLookingForDrift(
  temporal: Client,
  wish: { kind: TargetKind; mode: DriftMode | 'off'; everySeconds: number },
): Promise<void> {
  const { kind, mode, everySeconds } = wish;
  const handle = temporal.schedule.getHandle(driftSubject(kind));
  const schedule = {
    spec: { intervals: [{ every: everySeconds * 1_000 }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 60_000 },
    action: {
      type: 'startWorkflow' as const,
      workflowType: type,
      workflowId: driftSubject(kind),
      taskQueue,
      args: [{ kind, mode }],
    },
  };

  try {
    await (mode === 'off' ? handle.delete() : handle.update((current) => ({ ...current, ...schedule })));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) {
      throw error;
    }

    if (mode !== 'off') {
      await createUnlessThere(temporal, { scheduleId: driftSubject(kind), ...schedule });
    }
  }
}

async function createUnlessThere(
  { schedule }: Client,
  options: Parameters<Client['schedule']['create']>[0],
): Promise<void> {
  try {
    await schedule.create(options);
  } catch (error) {
    // Another host was faster, with the same configuration.
    if (!(error instanceof Error && error.name === 'ScheduleAlreadyRunning')) {
      throw error;
    }
  }
}
