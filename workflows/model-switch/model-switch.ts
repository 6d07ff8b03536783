import { CancellationScope, condition, continueAsNew, isCancellation, patched, setHandler } from '@temporalio/workflow';

import type { ApplyAnswer } from '../../activities/deployment-activities';
import type { DeploymentStanding } from '../../activities/deployment-standing';
import { untilNextLook } from '../../domain/deployments/steps/drain-wait-rules';
import { deploymentSteps, deploymentTarget, smokeCheck } from '../entity/activity-proxies';
import { showDetails } from '../entity/current-details';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { reasonOf } from '../entity/postponed-work';
import { timeUntil } from '../entity/soonest';
import {
  approveSignal,
  cancelSignal,
  deploymentChangedSignal,
  type ModelSwitchInput,
  modelSwitchStatusQuery,
} from './model-switch-messages';

type Command = { kind: 'approve'; planHash: string | null } | { kind: 'cancel' };

const defaultLooksPerRun = 200;

/** Between two looks at what retires: quick at first, then seldom. */
const soonMs = 500;
const seldomMs = 300_000;
/** What failed for good is tried again after so long. */
const afterFailureMs = 60_000;

/**
 * `model-switch/<id>` on llm-orchestrator: carries a switch of a company's business model out. What it does next is decided by
 * the row, in one transaction each, so that a run that is lost goes on where the row is. Before the commit point everything
 * that fails is put back, whoever cancels meanwhile; after it, it only waits until what retires can be stopped.
 */
export function modelSwitch(input: ModelSwitchInput): Promise<DeploymentStanding | null> {
  return withOwnCancellation((onCancelRequest) => runSwitch(input, onCancelRequest));
}

async function runSwitch(
  input: ModelSwitchInput,
  onCancelRequest: (take: () => void) => void,
): Promise<DeploymentStanding | null> {
  const { companyId, deploymentId, looksPerRun = defaultLooksPerRun } = input;
  const of = { companyId, deploymentId };
  const commands: Command[] = [];
  const refused: string[] = [];
  let standing: DeploymentStanding | null = null;
  let isAsked = false;
  let looks = 0;
  let drainLooks = 0;
  let failures = 0;

  setHandler(modelSwitchStatusQuery, () => standing, { description: 'Where the switch stands, and what happened.' });
  setHandler(
    deploymentChangedSignal,
    () => {
      isAsked = true;
    },
    { description: 'Its row was changed: look at it.' },
  );
  setHandler(approveSignal, (message) => void commands.push({ kind: 'approve', planHash: hashIn(message) }), {
    description: 'Says yes. Member: planHash, of the plan that was shown; without it, the plan in the details.',
  });
  setHandler(cancelSignal, () => void commands.push({ kind: 'cancel' }), {
    description: 'Calls it off; what was applied is put back. No members.',
  });
  noteUnknownSignals([approveSignal.name, cancelSignal.name, deploymentChangedSignal.name], (message, reason) => {
    refused.push(`refused ${message}: ${reason}`);
    isAsked = true;
  });
  onCancelRequest(() => void commands.push({ kind: 'cancel' }));

  for (;;) {
    isAsked = false;
    let wait: { ms: number | null; summary: string } | null;

    try {
      await carryOutCommands();
      standing = await deploymentSteps('look what is next').advanceDeployment(of);
      show();
      wait = await goOn(standing);
    } catch (error) {
      refused.push(`failed: ${reasonOf(error)}; it is tried again`);
      failures += 1;
      wait = { ms: afterFailureMs, summary: 'a failed step is tried again' };
    }
    show();

    if (wait === null) {
      continue;
    }

    if (isOver() && commands.length === 0) {
      return standing;
    }

    if (isRunLong() && commands.length === 0) {
      await continueAsNew<typeof modelSwitch>(input);
    }
    const isAwake = () => isAsked || commands.length > 0;
    await (wait.ms === null ? condition(isAwake) : condition(isAwake, wait.ms, { summary: wait.summary }));
  }

  /** What fails for days is tried in many runs too, so that its history stays short. */
  function isRunLong(): boolean {
    const counted = failures > 0 && patched('failures-count-towards-a-run') ? failures : 0;

    return looks + drainLooks + counted >= looksPerRun;
  }

  function isOver(): boolean {
    return standing !== null && isFinal(standing) && standing.retiring.length === 0;
  }

  /** @returns what to wait for; null: there is a next step at once */
  async function goOn(now: DeploymentStanding): Promise<{ ms: number | null; summary: string } | null> {
    switch (now.status) {
      case 'planned':
        return null;
      case 'awaiting_approval':
        drainLooks = 0;

        return now.isApproved ? null : { ms: timeUntil(now.expiresAt), summary: 'the time to approve it ends' };
      case 'draining':
        drainLooks += 1;

        // The door has just been closed: what is open is counted at once.

        return drainLooks === 1
          ? null
          : {
              ms: untilNextLook(drainLooks, timeUntil(now.drainEndsAt ?? null)),
              summary: 'open work is over, or the target is free',
            };
      case 'applying':
        return apply();
      case 'verifying':
        return now.isCommitted ? finish() : verify(now);
      case 'rolling_back':
        return putBack(now);
      case 'succeeded':
        return now.retiring.length > 0 ? finish() : { ms: 0, summary: 'it is over' };
      default:
        return { ms: 0, summary: 'it is over' };
    }
  }

  async function apply(): Promise<null> {
    const answer = await untilCancelled(() => deploymentTarget('bring it to the target').applyDeployment(of));
    await (answer.kind === 'ready'
      ? deploymentSteps('every service is ready').noteApplied({
          ...of,
          revision: answer.revision,
          told: answer.told ?? [],
        })
      : fail(answer));

    return null;
  }

  async function verify({ started }: DeploymentStanding): Promise<null> {
    try {
      await Promise.all(started.map((service) => smokeCheck(service).ping()));
    } catch (error) {
      await fail({ kind: 'failed', code: 'smoke_failed', says: `a service does not answer: ${reasonOf(error)}` });

      return null;
    }
    await deploymentSteps('the business is another one from here').commitSwitch(of);

    return null;
  }

  /** After the commit point: what was applied is confirmed, what ends is stopped as soon as nothing of it is open. */
  async function finish(): Promise<{ ms: number | null; summary: string } | null> {
    await deploymentTarget('confirm the revision').confirmDeployment(of);
    const isFirst = standing?.status === 'verifying';
    const { left, isSoon } = await deploymentTarget('stop what nothing is open of').retireServices(of);
    looks += 1;

    // A service that is idle is stopped before the switch has succeeded; what is busy goes on beside it.
    if (isFirst && isSoon && looks <= 8) {
      return { ms: soonMs, summary: 'every API process has noticed that the door is closed' };
    }
    standing = await deploymentSteps('note what is stopped').noteRetired({ ...of, left });

    return left.length === 0
      ? { ms: 0, summary: 'it is over' }
      : { ms: Math.min(seldomMs, soonMs * 2 ** Math.min(looks, 9)), summary: `what is open of ${left.join(', ')}` };
  }

  /** In any case: nothing that anybody asks for interrupts it. */
  async function putBack({ says }: DeploymentStanding): Promise<null> {
    await deploymentTarget('put back what stood there').restoreDeployment({ ...of, reason: says });
    await deploymentSteps('open the door again').noteRestored(of);

    return null;
  }

  async function fail({ code, says }: Extract<ApplyAnswer, { kind: 'failed' }>): Promise<void> {
    await deploymentSteps(`put it back: ${says}`).failSwitch({ ...of, code, says });
  }

  /** Work at the target that a cancellation ends. Commands that come meanwhile are taken in at once. */
  async function untilCancelled(work: () => Promise<ApplyAnswer>): Promise<ApplyAnswer> {
    const scope = new CancellationScope();
    let answer: ApplyAnswer | null = null;
    let failure: unknown = null;
    const running = scope
      .run(work)
      .then((value) => {
        answer = value;
      })
      .catch((error: unknown) => {
        failure = error;
      });
    const isDone = () => answer !== null || failure !== null;

    while (!isDone()) {
      await condition(() => isDone() || isAsked || commands.length > 0);

      if (!isDone() && (isAsked || commands.length > 0)) {
        isAsked = false;
        await carryOutCommands();
        standing = await deploymentSteps('look whether it is cancelled').advanceDeployment(of);
        show();

        if (standing.isCancelAsked) {
          scope.cancel();
          break;
        }
      }
    }
    await running;

    if (failure !== null) {
      return {
        kind: 'failed',
        code: isCancellation(failure) ? 'cancelled' : 'internal',
        says: isCancellation(failure) ? 'cancelled' : reasonOf(failure),
      };
    }

    return answer ?? { kind: 'failed', code: 'internal', says: 'no answer' };
  }

  /** What people signal, in its order; what the switch refuses is shown. */
  async function carryOutCommands(): Promise<void> {
    for (let command = commands.shift(); command !== undefined; command = commands.shift()) {
      try {
        standing =
          command.kind === 'cancel'
            ? await deploymentSteps('cancel it').cancelDeployment(of)
            : await deploymentSteps('approve it').approveDeployment({ ...of, planHash: command.planHash });
      } catch (error) {
        refused.push(`refused ${command.kind}: ${reasonOf(error)}`);
      }
    }
  }

  function show(): void {
    if (standing === null) {
      return;
    }
    const { status, from, to, target, planHash, isApproved, story } = standing;
    showDetails([
      `**${status}**: ${from} → ${to} on ${target}`,
      status === 'awaiting_approval' && !isApproved
        ? `approve it: \`temporal workflow signal --workflow-id model-switch/${deploymentId} --name approve --input '{"planHash":"${planHash}"}'\``
        : '',
      ...story,
      ...refused.slice(-20),
    ]);
  }
}

const isFinal = ({ status }: DeploymentStanding): boolean =>
  ['succeeded', 'rolled_back', 'failed', 'cancelled', 'expired'].includes(status);

/** A signal cannot be refused, so what makes no sense names no plan that there is. */
function hashIn(message: unknown): string | null {
  if (message === undefined || message === null) {
    return null;
  }
  const hash = typeof message === 'object' ? (message as { planHash?: unknown }).planHash : message;

  return hash === undefined ? null : String(hash).slice(0, 100);
}
