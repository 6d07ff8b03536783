import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

import { deploymentSubject } from '../domain/deployments/row/deployment-status-rules';
import type { ClientParts, OfCompany } from './client-parts';
import { signalWithStart, startUnlessRunning, type WorkflowStart } from './workflow-start';

const modelSwitchStart = ({ companyId, id }: OfCompany): WorkflowStart => ({
  type: 'modelSwitch',
  workflowId: deploymentSubject(id),
  taskQueue: 'llm-orchestrator',
  input: { companyId, deploymentId: id },
  companyId,
  urgency: 'asked',
  summary: `switch ${id} of the business model of company ${companyId}`,
});

/** A switch that is not over goes on where its row is. @returns whether it had to be started */
export const restartModelSwitch = ({ temporal }: Pick<ClientParts, 'temporal'>, of: OfCompany): Promise<boolean> =>
  startUnlessRunning(temporal, modelSwitchStart(of));

/**
 * The row of a switch has changed: its workflow looks at it, and is started where it was lost. Where it has looked by itself
 * before it was told, and ended, there is nothing left to do: only a row that is over ends it.
 */
export async function tellModelSwitch({ temporal }: Pick<ClientParts, 'temporal'>, of: OfCompany): Promise<void> {
  try {
    await signalWithStart(temporal, modelSwitchStart(of), { name: 'lookAgain', reuse: 'ALLOW_DUPLICATE_FAILED_ONLY' });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }
  }
}
