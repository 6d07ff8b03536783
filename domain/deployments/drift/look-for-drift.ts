import { AppError } from '../../errors';
import type { DeploymentTarget, Watching } from '../deployment-target';
import type { ObjectChange, Release, RolloutOutcome } from '../deployment-target-types';
import { isAsItShouldBe, tellDrift, wantedToday } from './drift-rules';
import type { DriftReport } from './drift-types';

/**
 * How a target differs from what its last revision wants, as the installation would render that today. Reads only.
 * @param needed services that active companies need
 * @throws AppError `target_*`
 */
export async function lookForDrift(target: DeploymentTarget, needed: ReadonlySet<string>): Promise<DriftReport> {
  return (await compare(target, needed)).report;
}

async function compare(
  target: DeploymentTarget,
  needed: ReadonlySet<string>,
): Promise<{ report: DriftReport; release: Release | null }> {
  const found = await target.readWanted();
  const report: DriftReport = {
    target: target.kind,
    revision: found?.revision ?? null,
    isBusy: found?.isPending ?? false,
    changes: [],
    superfluous: [],
    needed: [],
    outcome: 'found',
    says: [],
  };

  if (found === null || found.isPending) {
    return { report, release: null };
  }
  const { services, woken } = wantedToday(found.services, needed);
  const release = await target.render(services);
  const conditions = await target.readState(release);
  const drift = {
    changes: conditions.flatMap((condition) => condition.drift),
    superfluous: await target.prune(release, { isDryRun: true }),
  };

  return { report: { ...report, ...drift, needed: woken, says: tellDrift(drift) }, release };
}

/**
 * Puts a target right: as a revision of its own, watched as any other and put back when it does not come up; then what no
 * revision names is deleted. May be begun again under its key after a crash.
 * @param input.key of the revision
 * @param input.isNeededOnly nothing but the services that a company has come to need
 * @throws AppError `target_*`; target_busy while something else is brought there
 */
export async function mendDrift(
  target: DeploymentTarget,
  input: { key: string; needed: ReadonlySet<string>; isNeededOnly: boolean; watching: Watching },
): Promise<DriftReport> {
  const { key, needed, isNeededOnly, watching } = input;
  const latest = await target.readWanted();
  const { report, release: whole } = await compare(target, needed);

  if (latest?.key === key && !latest.isPending) {
    return { ...report, outcome: 'mended', superfluous: await pruneUnless(isNeededOnly, target, whole) };
  }
  const release =
    latest?.key === key
      ? await target.readRevision(latest.revision)
      : await releaseFor(target, isNeededOnly, report, whole);

  if (release === null) {
    return report;
  }
  const wait = { ...watching, timeoutMs: target.rolloutMs };
  const approved = await target.describe();
  const { applied, outcome } = await giveUpWhenRefused(target, key, async () => {
    const brought = await target.apply({ release, key, approved });

    return { applied: brought, outcome: await target.watchRollout(brought, wait) };
  });

  if (outcome.outcome !== 'ready') {
    return { ...report, outcome: 'not_mended', says: [...report.says, ...(await putBack(target, key, outcome, wait))] };
  }
  await target.confirm(key);
  await pruneUnless(isNeededOnly, target, whole);

  return { ...report, isBusy: false, revision: applied.revision, outcome: 'mended' };
}

/** What is refused for good is not tried again: its revision must not keep others from the target. */
async function giveUpWhenRefused<Value>(
  target: DeploymentTarget,
  key: string,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.status < 500 && error.code !== 'target_busy') {
      await target.restore(key, error.message);
    }
    throw error;
  }
}

/** @returns null when there is nothing to put right, or something else is being brought there */
async function releaseFor(
  target: DeploymentTarget,
  isNeededOnly: boolean,
  report: DriftReport,
  whole: Release | null,
): Promise<Release | null> {
  if (whole === null || isAsItShouldBe(report)) {
    return null;
  }

  return isNeededOnly ? target.render(whole.services.filter(({ service }) => report.needed.includes(service))) : whole;
}

async function pruneUnless(
  isNeededOnly: boolean,
  target: DeploymentTarget,
  whole: Release | null,
): Promise<ObjectChange[]> {
  return isNeededOnly || whole === null ? [] : target.prune(whole);
}

async function putBack(
  target: DeploymentTarget,
  key: string,
  { reasons }: Exclude<RolloutOutcome, { outcome: 'ready' }>,
  wait: Watching & { timeoutMs: number },
): Promise<string[]> {
  const says = reasons.map((one) => `${one.service}: ${one.says}`);
  const restored = await target.restore(key, says.join('; '));

  if (restored !== null) {
    await target.watchRollout(restored, wait);
  }

  return says;
}
