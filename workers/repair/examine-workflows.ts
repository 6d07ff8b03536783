import type { ClientParts } from '../../clients/client-parts';
import { listCompanies } from '../../domain/companies/list-companies';
import { countBehind } from '../../domain/subscriptions/row/count-behind';
import type { FailingStep } from '../failing-steps';
import { pagesOf } from './pages-of';
import { repairs } from './repair-workflows';

export interface Finding {
  isWell: boolean;
  text: string;
}

/** What is due is done within seconds, once its turn has come; after so long something holds it up. Milliseconds. */
const behindAfter = 300_000;

/**
 * How the workflows do, for `bmms doctor`. Changes nothing.
 * @param options.failingStepsUrl of the worker host
 * @param options.renewalsPerSecond how many subscriptions of one instant it wakes in a second
 */
export async function examineWorkflows(
  parts: ClientParts,
  { failingStepsUrl, ...options }: { failingStepsUrl: string; renewalsPerSecond: number; now: Date },
): Promise<Finding[]> {
  const findings: Finding[] = [];

  for (const [what, look] of Object.entries(repairs)) {
    const { wanted, lost } = await look(parts, { isMending: false });
    findings.push({
      isWell: lost === 0,
      text: `${what}: ${wanted}, ${lost === 0 ? 'each with its workflow' : `${lost} without a workflow; the worker host looks for them every 45 s and starts them a few at a time, bmms doctor --repair at once`}`,
    });
  }
  findings.push(await examineDeadlines(parts, options));

  return [...findings, ...(await examineSteps(failingStepsUrl))];
}

async function examineDeadlines(
  { database }: ClientParts,
  { now, renewalsPerSecond: perSecond }: { now: Date; renewalsPerSecond: number },
): Promise<Finding> {
  const before = new Date(now.getTime() - behindAfter);
  let behind = 0;

  for await (const { id } of pagesOf((after) => listCompanies(database.system, { after, limit: 500 }))) {
    behind += await database.withTenantSql(id, (tx) => countBehind(tx, { before, perSecond }));
  }

  return {
    isWell: behind === 0,
    text:
      behind === 0
        ? 'Deadlines of subscriptions: none is behind'
        : `Deadlines of subscriptions: ${behind} have passed and are not done; the details of their workflows say why`,
  };
}

async function examineSteps(url: string): Promise<Finding[]> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);

  if (answer?.ok !== true) {
    return [{ isWell: true, text: `Steps that keep failing: not known, no worker host answers on ${url}` }];
  }
  const steps = (await answer.json()) as FailingStep[];

  return steps.length === 0
    ? [{ isWell: true, text: 'Steps that keep failing: none' }]
    : steps.map(({ workflowId, step, tries, since, reason }) => ({
        isWell: false,
        text: `${workflowId}: ${step} keeps failing (tries: ${tries}, since ${since}): ${reason}`,
      }));
}
