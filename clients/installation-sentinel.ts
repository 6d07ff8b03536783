import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** A workflow that nobody runs: it only stands there, with the installation's id in its memo. */
const workflowId = 'bmms-installation';
const taskQueue = 'bmms-installation-nobody-polls';
const memoKey = 'installationId';

/** Which installation this Temporal namespace belongs to; null when no one stamped it yet. */
export async function readSentinel(temporal: Client): Promise<string | null> {
  try {
    const { memo, status } = await temporal.workflow.getHandle(workflowId).describe();

    return status.name === 'RUNNING' ? String(memo?.[memoKey]) : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      return null;
    }
    throw error;
  }
}

/** Stamps the namespace; of two at once the first wins. @returns the id that stands there now. */
export async function stampSentinel(temporal: Client, installationId: string): Promise<string> {
  await temporal.workflow.start('installation', {
    workflowId,
    taskQueue,
    memo: { [memoKey]: installationId },
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Names the installation whose workflows these are',
  });

  return (await readSentinel(temporal)) ?? installationId;
}

export async function removeSentinel(temporal: Client): Promise<void> {
  try {
    await temporal.workflow.getHandle(workflowId).terminate('stamped anew');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }
  }
}
