import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

/** A row whose workflow Temporal lost gets one that goes on where the row is; one that runs is left alone. */
export async function startAgain(
  client: Client,
  workflow: { type: string; workflowId: string; taskQueue: string; input: unknown },
): Promise<boolean> {
  try {
    await client.workflow.start(workflow.type, {
      workflowId: workflow.workflowId,
      taskQueue: workflow.taskQueue,
      args: [workflow.input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${workflow.workflowId}, started again`,
    });

    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }

    return false;
  }
}
